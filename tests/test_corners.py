"What a person hardly ever meets, and what must be right all the same"
import os,shutil,subprocess,sys
from pathlib import Path
import pytest
from fastdebug.cli import main, run_fastnbs
from fastdebug.config import cache_folder
from fastdebug.reader import find_servers
from fastdebug.render import Limits
from fastdebug.utils import expandcell, fastnbs, fastnotes

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

def test_pages_are_made_when_stale_and_said_to_be_fresh_else(clone, tmp_path, monkeypatch, capsys):
    shutil.copytree(clone, tmp_path/'clone')
    monkeypatch.chdir(tmp_path/'clone')
    def made():
        with pytest.raises(SystemExit) as e: main(['mds'])
        assert e.value.code==0
        return capsys.readouterr().out.strip()
    made()
    assert made()=='Everything is up to date.'
    Path('mds/00_core.md').write_text('stale')
    assert made()=='mds/00_core.md'

def test_without_a_wish_the_index_lives_in_the_users_cache(tmp_path, monkeypatch):
    monkeypatch.delenv('FASTDEBUG_CACHE')
    for o in ('HOME', 'XDG_CACHE_HOME', 'LOCALAPPDATA'): monkeypatch.setenv(o, str(tmp_path/'home'))
    assert tmp_path/'home' in cache_folder().parents or cache_folder().is_relative_to(tmp_path/'home')
    assert fastnbs('quokka', roots='.') and cache_folder().is_dir()

def test_without_jupyter_there_is_no_server(monkeypatch):
    monkeypatch.setitem(sys.modules, 'jupyter_core.paths', None)
    assert find_servers()==[] and fastnbs('quokka', roots='.')[0].links[0].url=='a.md#Quokka'

def test_expandcell_widens_the_cells(monkeypatch):
    shown = []
    monkeypatch.setattr('IPython.display.display', shown.append)
    expandcell()
    assert 'width:100%' in shown[0].data

def test_notes_stop_at_the_limit_of_the_whole_and_say_so(notes):
    for i in range(4): (notes/f'{i}.md').write_text(f'# Note {i}\n\nquokka '+'smile '*100)
    text = fastnotes('quokka', roots='.', limits=Limits(total=1500))._repr_markdown_()
    assert len(text)<2500 and 'left out (limit 1,500 characters)' in text

def test_a_gitignore_that_cannot_be_read_ignores_nothing(notes):
    (notes/'.gitignore').mkdir()
    assert fastnbs('quokka', roots='.')

def test_an_ignored_root_is_searched_when_named(notes):
    (notes/'.git').mkdir()
    (notes/'.gitignore').write_text('build\n*.tmp.md\n')
    (notes/'build').mkdir()
    (notes/'build/b.md').write_text('# Quokka in build\n')
    (notes/'b.tmp.md').write_text('# Quokka for a while\n')
    assert [h.section.heading for h in fastnbs('quokka', roots='.')]==['Quokka']
    assert [h.section.heading for h in fastnbs('quokka', roots='build')]==['Quokka in build']

def test_a_named_folder_follows_the_rules_of_the_repository_around_it(notes):
    (notes/'.git').mkdir()
    (notes/'.gitignore').write_text('*.tmp.md\n')
    (notes/'deep/er').mkdir(parents=True)
    for o in ('a.md', 'b.tmp.md'): (notes/'deep/er'/o).write_text(f'# Quokka {o}\n')
    assert [h.section.heading for h in fastnbs('quokka', roots='deep/er')]==['Quokka a.md']
