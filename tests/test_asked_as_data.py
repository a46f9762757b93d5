"Every command answers as data, too: one schema, ids that find their section again, nothing a terminal would obey"
import json, os, subprocess, sys
from pathlib import Path
import pytest
from fastdebug.config import find_config
from fastdebug.records import ANSWER_KEYS, HIT_KEYS, record_table
from fastdebug.search import Searcher, find_section, section_id
from notebooks import code, md, write

BIN = Path(sys.executable).parent
FOUND, NOTHING, WRONG = 0, 1, 2

@pytest.fixture
def notes(tmp_path, reader):
    "A few notes whose headings repeat, share a cell, or hold what a terminal obeys"
    top = tmp_path/'notes'
    write(top/'quokkas.ipynb', md('Before.\n# Quokkas\n## Food\nGrass.\n## Food\nLeaves.'), code('feed(quokka)'), md('## Food\nRoots.'))
    (top/'marsupials.md').write_text('Before.\n\n# Marsupials\n\n## Food\n\nGrass.\n\n### At night\n\nA quokka.\n\n## Food\n\nBark.\n', encoding='utf-8')
    (top/'hostile\x1b[31m.md').write_text('# A quokka \x1b]0;owned\x07\n\n\x1b[2J\u202e\n', encoding='utf-8')
    return top

def command(*argv, cwd='.'):
    "(exit code, what was printed) of a real process whose output goes through a pipe"
    p = subprocess.run([BIN/argv[0], *argv[1:]], capture_output=True, text=True, cwd=cwd, encoding='utf-8')
    return p.returncode, p.stdout, p.stderr

def is_of_schema(told):
    assert [*told]==[o.name for o in ANSWER_KEYS]
    for hit in told['hits']: assert [*hit]==[o.name for o in HIT_KEYS]
    return True

@pytest.mark.parametrize('argv, count', [(('fastnbs','quokka','-k','4'), 4), (('fastnotes','quokka','-n','0'), 4), (('fastlistnbs',), 9), (('fastlistnbs','food'), 5)])
def test_a_command_answers_as_data(notes, argv, count):
    done, out, err = command(*argv, '--json', '--roots', str(notes))
    told = json.loads(out)
    assert (done, err)==(FOUND, '') and is_of_schema(told) and len(told['hits'])==count
    assert not [c for c in out if c!='\n' and not ' '<=c<='~']
    assert 'Searched 3 notebooks and notes' in told['message'] and told['weak'] is False
    for hit in told['hits']:
        assert os.path.isabs(hit['file']) and os.path.exists(hit['file']) and hit['heading'] in hit['text'] and hit['links'][0]['url']
        assert (hit['score'] is None)==(argv[0]=='fastlistnbs') and bool(hit['lines'])==(argv[0]=='fastnotes')

def test_headings_above_are_told(notes):
    hits = json.loads(command('fastlistnbs', '--json', '--roots', str(notes/'marsupials.md'))[1])['hits']
    assert [(o['heading'], o['path']) for o in hits]==[('Marsupials', []), ('Food', ['Marsupials']), ('At night', ['Marsupials', 'Food']), ('Food', ['Marsupials'])]

@pytest.mark.parametrize('argv', [('info',), ('notes',), ('clear',)])
def test_what_looks_after_the_index_tells_as_data(notes, argv, fresh_cache):
    roots = () if argv[0]=='notes' else ('--roots', str(notes))
    done, out, err = command('fastdebug', *argv, '--json', *roots)
    told = json.loads(out)
    assert isinstance(told.pop('data', None), dict)==(argv[0]!='clear')
    assert (done, err)==(FOUND, '') and is_of_schema(told) and told['message']

def test_exit_codes_are_as_without(notes):
    done, out, _ = command('fastnbs', 'zzqqy', '--json', '--roots', str(notes))
    assert done==NOTHING and json.loads(out)['hits']==[] and 'Nothing found' in json.loads(out)['message']
    done, out, err = command('fastnbs', 'x', '--json', '--roots', str(notes/'gone'))
    assert (done, out)==(WRONG, '') and 'gone' in err

def test_a_pipe_may_read_it(notes):
    "As `fastnbs ... --json | jq`"
    read = [sys.executable, '-c', 'import json,sys; print(json.load(sys.stdin)["hits"][0]["id"])']
    with subprocess.Popen([BIN/'fastnbs', 'bark', '--json', '--roots', str(notes)], stdout=subprocess.PIPE) as asked:
        out = subprocess.run(read, stdin=asked.stdout, capture_output=True, text=True, check=True).stdout
    assert out.strip()=='marsupials.md#Food-2'

def test_each_section_has_an_id_that_finds_it_again(notes):
    found = Searcher(find_config(notes), memory=True)
    look  = found.look()
    every = [s for p in look.snapshot.manifest.searched for s in look.snapshot.sections(p)]
    ids   = [section_id(look, s) for s in every]
    assert len({*ids})==len(ids)>8
    again = Searcher(find_config(notes), memory=True).look()
    assert [(s.file, s.number) for s in every]==[(s.file, s.number) for s in (find_section(again, o) for o in ids)]

def test_ids_of_two_roots_differ(tmp_path, reader):
    for o in ('a','b'):
        (tmp_path/o).mkdir()
        (tmp_path/o/'x.md').write_text(f'# Quokka {o}\n', encoding='utf-8')
    (tmp_path/'b/x.md').write_text('# Quokka a\n\nAnother.\n', encoding='utf-8')
    look = Searcher(find_config([tmp_path/'a', tmp_path/'b']), memory=True).look()
    ids  = [section_id(look, s) for p in sorted(look.snapshot.manifest.searched) for s in look.snapshot.sections(p)]
    assert len({*ids})==2 and [find_section(look, o).text for o in ids]==['# Quokka a\n', '# Quokka a\n\nAnother.\n']

def test_an_id_leads_nowhere_else(notes, tmp_path):
    (tmp_path/'secret.md').write_text('# Secret\n', encoding='utf-8')
    look = Searcher(find_config(notes), memory=True).look()
    for o in ('../secret.md#Secret', f'{tmp_path}/secret.md#Secret', 'sub/../../secret.md#Secret', '1:../secret.md#Secret', '\0#', '#'*10_000):
        assert find_section(look, o) is None

def test_open_runs_the_readers_editor_alone(notes, tmp_path, monkeypatch):
    "A note that names an editor, or a file whose name looks like an option, says nothing"
    editor = tmp_path/'edit'
    editor.write_text(f'#!{sys.executable}\nimport sys; open({str(tmp_path/"seen")!r}, "w").write("\\n".join(sys.argv[1:]))\n', encoding='utf-8')
    editor.chmod(0o755)
    (notes/'-c.md').write_text('# Wombat\n\nEDITOR=rm\n', encoding='utf-8')
    monkeypatch.delenv('VISUAL', raising=False)
    monkeypatch.setenv('EDITOR', str(editor))
    assert command('fastnbs', 'wombat', '--open', '1', '--roots', '.', cwd=notes)[:2]==(FOUND, '')
    assert (tmp_path/'seen').read_text(encoding='utf-8')==str(notes/'-c.md')
    assert command('fastnbs', 'wombat', '--open', '0', '--roots', '.', cwd=notes)[0]==WRONG

def test_the_schema_is_documented(root): assert record_table() in (root/'README.md').read_text(encoding='utf-8')
