"One test for each fault of the index and its freshness that the state machine, the kills, the full disks and the eight kernels found, or that reading the code for them did"
import os,time
from pathlib import Path
import pytest
from fastdebug.config import find_config
from fastdebug.folder import mark
from fastdebug.library import Library
from fastdebug.engine import Index, IndexUnusable, open_writer
from fastdebug.search import Searcher
from fastdebug.sources import Walker
from notebooks import md, write
from unprivileged import open_folder, run_as_nobody

HEADS = 'Why', 'How', 'When', 'Who', 'Where'

@pytest.fixture
def notes(tmp_path):
    (tmp_path/'notes').mkdir()
    return tmp_path/'notes'

def book(path, heads=HEADS): return write(path, *(md(f'# {h}\n\nquokka {i}') for i,h in enumerate(heads)))

def copy(path, heads=HEADS, source=''):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((f'---\nsource: {source}\n---\n\n' if source else '') + '\n\n'.join(f'# {h}\n\nquokka {i}' for i,h in enumerate(heads)))

def twins(library): return {os.path.basename(p) for p in library.snapshot().manifest.twins}
def found(searcher, question): return [h.section.heading for h in searcher.search(question).hits]

@pytest.fixture
def library(notes, fresh_cache): return Library((str(notes),), str(fresh_cache))

# ---- twins

def test_a_copy_is_searched_once_its_notebook_is_gone(notes, library):
    path = book(notes/'a.ipynb')
    copy(notes/'a.md')
    copy(notes/'b.md', source='a.ipynb')
    assert twins(library)=={'a.md', 'b.md'} and library.snapshot().manifest.sections==5
    path.unlink()
    assert twins(library)==set() and library.snapshot().manifest.sections==5+5

def test_a_copy_is_searched_once_its_notebook_has_another_name(notes, library):
    book(notes/'a.ipynb').rename(notes/'a.ipynb')
    copy(notes/'a.md')
    assert twins(library)=={'a.md'}
    (notes/'a.ipynb').rename(notes/'z.ipynb')
    assert twins(library)==set()

def test_a_copy_that_names_a_lost_notebook_follows_the_one_with_its_own_name(notes, library):
    book(notes/'a.ipynb')
    copy(notes/'a.md', source='lost.ipynb')
    assert twins(library)=={'a.md'}
    book(notes/'a.ipynb', ['Other', 'headings', 'now'])
    assert twins(library)==set()
    book(notes/'a.ipynb')
    assert twins(library)=={'a.md'}

def test_a_copy_that_no_longer_names_its_notebook_is_compared_with_the_one_of_its_name(notes, library):
    book(notes/'a.ipynb')
    book(notes/'b.ipynb', ['Other'])
    copy(notes/'a.md', source='b.ipynb')
    assert twins(library)=={'a.md'}
    book(notes/'b.ipynb', ['Another'])
    copy(notes/'a.md', source='nothing.ipynb')
    assert twins(library)=={'a.md'}

def test_a_copy_of_a_notebook_that_cannot_be_read_is_searched(notes, library):
    (notes/'broken.ipynb').write_text('{')
    copy(notes/'a.md', source='broken.ipynb')
    assert twins(library)==set() and library.snapshot().manifest.sections==5
    book(notes/'broken.ipynb')
    assert twins(library)=={'a.md'}

def test_a_copy_is_searched_at_once_also_while_another_process_writes(notes, library, fresh_cache):
    path = book(notes/'a.ipynb')
    copy(notes/'b.md', source='a.ipynb')
    library.snapshot()
    library.wait = 0
    path.unlink()
    with open_writer(Index(str(fresh_cache))):
        view = library.snapshot()
        assert len(view.layers)==2 and view.df('quokka')==5 and not view.manifest.twins

# ---- spelling

def test_a_typo_is_not_corrected_to_a_word_that_was_deleted(notes, fresh_cache):
    "It was, and then nothing was found though a word as near was there"
    s = Searcher(find_config(str(notes)))
    (notes/'a.md').write_text('# About\n\nzuvox\n')
    (notes/'b.md').write_text('# Other\n\nzuvax\n')
    assert found(s, 'zuvix')==['Other']
    (notes/'b.md').unlink()
    answer = s.search('zuvix')
    assert [(w.text, w.typed) for w in answer.query.words]==[('zuvox', 'zuvix')] and [h.section.heading for h in answer.hits]==['About']

# ---- what is on disk

def test_a_gitignore_rewritten_within_one_tick_of_the_clock_is_obeyed(notes, monkeypatch):
    at = time.time_ns()
    monkeypatch.setattr('fastdebug.sources._stamp', lambda st: (4, at, at, 1)) # a disk whose clock stands still
    for o in 'ab': (notes/f'{o}.md').write_text('# x')
    walker = Walker((str(notes),))
    for o,other in ('ab', 'ba', 'ab'):
        (notes/'.gitignore').write_text(f'{o}.md')
        assert [os.path.basename(p) for p in walker.scan().files]==[f'{other}.md']

def test_rules_that_have_aged_are_not_read_again(notes, monkeypatch):
    (notes/'.gitignore').write_text('a.md')
    walker, read = Walker((str(notes),)), []
    monkeypatch.setattr('fastdebug.sources._rules_text', lambda folder: (read.append(folder), ''))
    monkeypatch.setattr('fastdebug.sources._RACY', 0)
    for _ in range(3): walker.scan()
    assert len(read)==1

@pytest.mark.skipif(os.name=='nt', reason='POSIX permissions')
def test_a_folder_that_may_be_listed_but_not_entered_is_named(open_folder):
    headings,last = run_as_nobody(open_folder, '''
os.makedirs('mine/closed')
open('mine/open.md', 'w').write('# Momentum')
open('mine/closed/a.md', 'w').write('# Momentum too')
os.chmod('mine/closed', 0o444)
try: os.stat('mine/closed/a.md')
except PermissionError: pass
else: sys.exit('the folder can be entered, so this shows nothing')
answer = fastnbs('momentum', roots='mine')
print(json.dumps([[h.section.heading for h in answer], repr(answer).splitlines()[-1]]))
''')
    assert headings==['Momentum'] and 'closed/a.md: permission denied' in last

def test_a_folder_deleted_during_the_walk_is_not_called_skipped(notes, monkeypatch):
    (notes/'sub').mkdir()
    scandir = os.scandir
    def late(path):
        if str(path).endswith('sub'): os.rmdir(path)
        return scandir(path)
    monkeypatch.setattr(os, 'scandir', late)
    assert Walker((str(notes),)).scan().skipped=={}

# ---- several kernels

@pytest.fixture
def home(notes, fresh_cache):
    "The folder of an index of a few notes"
    for i in range(3): (notes/f'{i}.md').write_text(f'# Note {i}\n\nquokka\n')
    s = Searcher(find_config(str(notes)))
    s.search('quokka')
    (Path(s.library.folder)/'marker.lock').touch()
    return Path(s.library.folder)

def is_untouched(home): return (home/'marker.lock').exists() # a name that no sweep takes

def test_a_commit_between_two_looks_of_a_reader_is_no_damage(notes, home, monkeypatch):
    "The reader knew the old commit, its manifest was gone, and the whole index was thrown away, under the writer's feet"
    reader, writer = (Searcher(find_config(str(notes))) for _ in range(2))
    reader.search('quokka')
    writer.search('quokka')
    (notes/'new.md').write_text('# New\n\nquokka\n')
    writer.search('quokka')
    plain, late = Index._load_manifest, [True]
    def read(self):
        if self is reader.library.index and late:
            late.clear()
            (notes/'newer.md').write_text('# Newer\n\nquokka\n')
            writer.search('quokka')
        plain(self)
    monkeypatch.setattr(Index, '_load_manifest', read)
    assert len(reader.search('quokka').hits)==4 and not late # of the files that were there when it began
    assert is_untouched(home) and len(reader.search('quokka').hits)==5

def test_an_index_that_another_kernel_made_anew_is_not_thrown_away(notes, home, monkeypatch):
    doubts, s = [True], Searcher(find_config(str(notes)))
    s.snapshot()
    plain = Index.reload
    def reload(self):
        if doubts: raise IndexUnusable(str(doubts.pop()))
        plain(self)
    monkeypatch.setattr(Index, 'reload', reload)
    assert found(s, 'quokka')==['Note 0', 'Note 1', 'Note 2'] and s.snapshot().reads.parsed==0
    assert is_untouched(home)

def test_an_index_that_fails_whenever_it_is_read_is_kept_in_memory(notes, home, monkeypatch):
    "The second failure was an error on the screen"
    from fastdebug import library
    plain = library.find_candidates
    def fail(index, *args):
        if index.folder: raise IndexUnusable('a bad disk')
        return plain(index, *args)
    monkeypatch.setattr(library, 'find_candidates', fail)
    answer = Searcher(find_config(str(notes))).search('quokka')
    assert len(answer.hits)==3 and 'kept in memory' in answer.scope.notes[0] and 'a bad disk' in answer.scope.notes[0]

def test_a_lock_is_free_again_though_the_error_is_kept(notes, home):
    "As IPython keeps the last traceback, and with it every variable in it"
    index = Index(str(home))
    def fail(): raise KeyboardInterrupt
    index.reload = fail
    with pytest.raises(KeyboardInterrupt) as kept:
        with open_writer(index, 0): pass
    with open_writer(Index(str(home)), 0): assert kept.tb

# ---- what is left behind

def test_what_a_killed_writer_left_is_swept(notes, home):
    left = [home/'.tmpAbC123', home/f'{"0"*32}.store', home/f'{"0"*32}.5.del', home/'manifest-0-0.json']
    for o in left: o.write_text('x')
    beside = home.parent/f'{home.name}.{"01"*16}.old'
    beside.mkdir()
    mark(beside)
    for o in home.iterdir(): os.utime(o, (1, 1))
    (notes/'new.md').write_text('# New\n\nquokka\n')
    assert len(Searcher(find_config(str(notes))).search('quokka').hits)==4
    assert not [o for o in left if o.exists()] and [o.name for o in home.parent.iterdir()]==[home.name]

def test_what_a_writer_is_just_writing_is_not_swept(notes, home):
    new = home/'.tmpAbC123'
    new.write_text('x')
    os.utime(home/'meta.json', (1, 1))
    (notes/'new.md').write_text('# New')
    Searcher(find_config(str(notes))).search('quokka')
    assert new.exists()
