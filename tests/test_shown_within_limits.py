"What is printed has an end: a limit that says what it left out, and a reader who has seen enough"
import os,subprocess,sys
from pathlib import Path
import pytest
from fastdebug.cli import run_fastnbs
from fastdebug.render import Limits
from fastdebug.utils import fastnbs, fastnotes

@pytest.fixture(autouse=True)
def notes(tmp_path, monkeypatch):
    top = tmp_path/'notes'
    top.mkdir()
    (top/'a.md').write_text('# Quokka\n\nIt smiles.\n')
    monkeypatch.chdir(top)
    return top

def test_a_reader_who_closes_the_pipe_sees_no_traceback(notes):
    "`fastnbs x | head -0`"
    (notes/'a.md').write_text('# Quokka\n\n'+'It smiles.\n'*100_000)
    child = subprocess.Popen([Path(sys.executable).parent/'fastnbs', 'quokka'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    child.stdout.close()
    assert b'Traceback' not in child.stderr.read() and child.wait(60)==0
    child.stderr.close()

def test_the_same_in_this_process(monkeypatch):
    def closed(*args, **kw): raise BrokenPipeError
    read,write = os.pipe()
    monkeypatch.setattr('fastdebug.cli._print', closed)
    with os.fdopen(write, 'w') as out:
        os.close(read)
        monkeypatch.setattr(sys, 'stdout', out)
        with pytest.raises(SystemExit) as e: run_fastnbs(['quokka'])
    assert e.value.code==0

def test_notes_stop_at_the_limit_of_the_whole_and_say_so(notes):
    for i in range(4): (notes/f'{i}.md').write_text(f'# Note {i}\n\nquokka '+'smile '*100)
    text = fastnotes('quokka', roots='.', limits=Limits(total=1500))._repr_markdown_()
    assert len(text)<2500 and 'left out (limit 1,500 characters)' in text
