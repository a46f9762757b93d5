"What can't be read is skipped and named with its reason; all the rest is searched"
import json,os,socket
import pytest
from fastdebug.config import find_config
from fastdebug.search import Searcher
from fastdebug.utils import fastlistnbs, fastnbs
from notebooks import code, md, write
from unprivileged import open_folder, run_as_nobody

pytestmark = pytest.mark.skipif(os.name=='nt', reason='FIFOs, links and permissions as POSIX has them')

def good_files(top):
    "Notebooks and notes of every kind that can be read; each has one section about the quokka"
    write(top/'four.ipynb', md('# Four\n\nquokka'))
    (top/'lists.ipynb').write_text(json.dumps({'nbformat':4, 'nbformat_minor':2, 'metadata':{}, 'cells':[
        {'cell_type':'markdown', 'metadata':{}, 'source':['# Lists\n', '\n', 'quokka']}]}))
    (top/'three.ipynb').write_text(json.dumps({'nbformat':3, 'nbformat_minor':0, 'metadata':{'name':''}, 'worksheets':[{'metadata':{}, 'cells':[
        {'cell_type':'heading', 'level':1, 'metadata':{}, 'source':'Three'}, {'cell_type':'code', 'input':'quokka = 3', 'outputs':[], 'language':'python'}]}]}))
    (top/'note.md').write_text('Note\n====\n\nquokka\n')
    (top/'quarto.qmd').write_text('---\ntitle: Q\n---\n\n# Quarto\n\nquokka\n')
    (top/'percent.py').write_text('# %% [markdown]\n# # Percent\n\n# %%\nquokka = 1\n')
    return {'Four', 'Lists', 'Three', 'Note', 'Quarto', 'Percent'}

def bad_files(top):
    "Files that can't be read, and what must be said of each"
    (top/'truncated.ipynb').write_text('{"cells": [{"cell_type": "markdown", "source": "# quokka')
    (top/'empty.ipynb').touch()
    (top/'empty.md').touch()
    (top/'latin.md').write_bytes('# Déjà vu\n\nquokka\n'.encode('latin-1'))
    (top/'latin.ipynb').write_bytes(json.dumps({'cells':[{'cell_type':'markdown', 'source':'# é quokka'}]}, ensure_ascii=False).encode('latin-1'))
    (top/'list.ipynb').write_text('["quokka"]')
    (top/'nocells.ipynb').write_text('{"quokka": 1}')
    (top/'deep.ipynb').write_text('['*100_000)
    (top/'binary.md').write_bytes(b'\x89PNG\0\xff\xfe quokka')
    (top/'folder.ipynb').mkdir()
    os.mkfifo(top/'pipe.ipynb')
    (top/'gone.ipynb').symlink_to('nowhere')
    (top/'round.ipynb').symlink_to('round.ipynb')
    (top/'sub').mkdir()
    (top/'sub/up').symlink_to('..')
    with socket.socket(socket.AF_UNIX) as s:
        here = os.getcwd()
        os.chdir(top) # the path of a socket must be short
        try: s.bind('socket.ipynb')
        finally: os.chdir(here)
    with open(top/'huge.ipynb', 'wb') as f: f.truncate(50_000_001)
    return {'truncated.ipynb':'not valid JSON', 'empty.ipynb':'empty file', 'empty.md':'empty file', 'latin.md':'not UTF-8 (looks like Latin-1)',
        'latin.ipynb':'not UTF-8 (looks like Latin-1)', 'list.ipynb':'not a notebook', 'nocells.ipynb':'not a notebook', 'deep.ipynb':'nested too deeply',
        'binary.md':'not UTF-8 (looks like binary data)', 'folder.ipynb':'a directory', 'pipe.ipynb':'not a regular file', 'gone.ipynb':'broken link',
        'round.ipynb':'links in a circle', 'sub/up':'links in a circle', 'socket.ipynb':'not a regular file', 'huge.ipynb':'larger than 50 MB'}

@pytest.fixture
def mixed(tmp_path):
    top = tmp_path/'mixed'
    top.mkdir()
    return top, good_files(top), bad_files(top)

def reasons(answer, top): return {os.path.relpath(p, top): why for p,why in answer.scope.skipped}

def test_every_good_file_is_searched_among_bad_ones(mixed):
    top,good,_ = mixed
    assert {h.section.heading for h in fastnbs('quokka', k=50, roots=top)}==good
    assert {h.text for o in fastlistnbs(roots=top) for h in o.headings}==good

def test_every_bad_file_is_named_with_its_reason(mixed):
    top,_,bad = mixed
    for _ in range(2): # read anew, and known from the index
        said = reasons(fastnbs('quokka', roots=top), top)
        assert said.keys()==bad.keys()
        for p in bad: assert said[p].startswith(bad[p]), (p, said[p])

def test_the_answer_names_bad_files(mixed):
    top,_,bad = mixed
    for p in [p for p in bad if p not in ('pipe.ipynb', 'latin.md')]:
        if (top/p).is_dir() and not (top/p).is_symlink(): (top/p).rmdir()
        else: (top/p).unlink()
    answer = fastnbs('quokka', roots=top)
    for text in (repr(answer), answer._repr_markdown_()):
        last = text.split('\n')[-1]
        assert 'Skipped 2 files' in last and 'pipe.ipynb: not a regular file' in last and 'latin.md: not UTF-8 (looks like Latin-1)' in last

def test_a_mended_file_is_found(mixed):
    top,good,bad = mixed
    assert 'truncated.ipynb' in reasons(fastnbs('quokka', roots=top), top)
    write(top/'truncated.ipynb', md('# Whole again\n\nquokka'))
    answer = fastnbs('quokka', k=50, roots=top)
    assert {h.section.heading for h in answer}=={*good, 'Whole again'} and 'truncated.ipynb' not in reasons(answer, top)

def test_a_broken_file_gives_nothing_of_what_it_held(mixed):
    top,good,_ = mixed
    assert fastnbs('quokka', k=50, roots=top)
    (top/'four.ipynb').write_text((top/'four.ipynb').read_text()[:40])
    answer = fastnbs('quokka', k=50, roots=top)
    assert {h.section.heading for h in answer}==good-{'Four'} and 'four.ipynb' in reasons(answer, top)

def test_unreadable_files_and_folders_are_skipped_and_named(open_folder):
    top = open_folder/'mixed'
    top.mkdir()
    good = good_files(top)
    (top/'locked.ipynb').write_text((top/'four.ipynb').read_text())
    (top/'closed').mkdir()
    (top/'closed/four.md').write_text('# Closed\n\nquokka\n')
    for o in ('locked.ipynb', 'closed'): os.chmod(top/o, 0)
    got = run_as_nobody(open_folder, '''
for o in ('locked.ipynb', 'closed/four.md'):
    try: open(f'mixed/{o}')
    except PermissionError: pass
    else: sys.exit(f'{o} can be opened, so this shows nothing')
answer = fastnbs('quokka', k=50, roots='mixed')
print(json.dumps([[h.section.heading for h in answer], answer.scope.skipped, repr(answer).splitlines()[-1]]))
''')
    os.chmod(top/'closed', 0o755)
    headings,skipped,last = got
    assert set(headings)==good
    assert dict(skipped)=={str(top/'locked.ipynb'):'permission denied', str(top/'closed'):'permission denied'}
    assert 'locked.ipynb: permission denied' in last and 'closed: permission denied' in last

def test_what_is_too_long_to_be_read_to_its_end_is_said(tmp_path, fresh_cache):
    "Words beyond the first million characters can't be found, and every answer says so, also one from an index made earlier"
    top = tmp_path/'notes'
    top.mkdir()
    (top/'long.md').write_text('# Log\n\n'+'momentum '*150_000+'quokka\n')
    (top/'short.md').write_text('# Notes\n\nwombat\n')
    config = find_config(str(top))
    for answer in (Searcher(config).search('quokka'), Searcher(config).search('wombat')):
        assert [o for o in answer.scope.notes if 'million' in o and 'long.md' in o and 'short.md' not in o]
    (top/'long.md').write_text('# Log\n\nquokka\n')
    answer = Searcher(config).search('quokka')
    assert answer.hits and not answer.scope.notes
