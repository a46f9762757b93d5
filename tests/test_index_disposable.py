"The index can be lost, damaged or forbidden at any time; an answer is the same, and the user's files are never written"
import os,shutil,stat
import pytest
from fastdebug.config import cache_folder, find_config
from fastdebug.engine import FORMAT
from fastdebug.search import Searcher
from fastdebug.utils import fastnbs
from notebooks import md, write
from unprivileged import NOBODY, open_folder, run_as_nobody

@pytest.fixture
def notes(tmp_path):
    for i,word in enumerate(('momentum', 'dropout', 'softmax')): write(tmp_path/f'notes/{i}.ipynb', md(f'# About {word}\n\n{word} and momentum.'))
    return tmp_path/'notes'

def ranking(roots, memory=False):
    answer = Searcher(find_config(str(roots)), memory=memory).search('momentum')
    return [(h.section, h.score) for h in answer.hits], answer.scope.notes

def index_of(cache): return next(o.parent for o in cache.rglob('meta.json'))

def damage_truncated(folder):
    for o in folder.iterdir(): o.write_bytes(o.read_bytes()[:10])
def damage_garbage(folder):
    for o in folder.iterdir(): o.write_bytes(b'\xff'*max(20, o.stat().st_size))
def damage_store(folder):
    for o in some(folder, '*.store'): o.write_bytes(b'\0'*o.stat().st_size)
def damage_terms(folder):
    for o in some(folder, '*.term'): o.unlink()
def damage_manifest(folder):
    for o in some(folder, 'manifest-*.json'): o.write_text('[false, [[]]')
def damage_meta(folder): (folder/'meta.json').write_text('{')
def damage_lost(folder): shutil.rmtree(folder)
def damage_file(folder):
    shutil.rmtree(folder)
    folder.write_text('in the way')

def some(folder, pattern):
    found = list(folder.glob(pattern))
    assert found, f'the index holds no {pattern}, so this damages nothing'
    return found

DAMAGE = {k[7:]:v for k,v in list(globals().items()) if k.startswith('damage_')}

@pytest.mark.parametrize('damage', DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_index_changes_no_answer(notes, fresh_cache, damage):
    right,_ = ranking(notes, memory=True)
    assert len(right)==3 and ranking(notes)==(right, ())
    damage(index_of(fresh_cache))
    assert ranking(notes)[0]==right

@pytest.mark.parametrize('damage', [v for k,v in DAMAGE.items() if k!='file'], ids=[o for o in DAMAGE if o!='file'])
def test_a_damaged_index_is_made_anew(notes, fresh_cache, damage):
    ranking(notes)
    damage(index_of(fresh_cache))
    ranking(notes)
    assert Searcher(find_config(str(notes))).snapshot().reads.parsed==0 and index_of(fresh_cache)

def test_an_index_lost_between_two_questions_of_one_kernel(notes, fresh_cache):
    s = Searcher(find_config(str(notes)))
    before = s.search('momentum').hits
    for damage in (damage_lost, damage_manifest, damage_lost, damage_file):
        damage(index_of(fresh_cache))
        assert s.search('momentum').hits==before, damage.__name__

def test_other_versions_have_other_folders(notes, fresh_cache):
    ranking(notes)
    assert index_of(fresh_cache).parent.name==f'index-{FORMAT}'

@pytest.mark.skipif(os.name=='nt', reason='POSIX permissions')
def test_the_index_is_for_its_owner_only(notes, fresh_cache):
    ranking(notes)
    folders = [fresh_cache, *(o for o in fresh_cache.rglob('*') if o.is_dir())]
    assert len(folders)>2 and {stat.S_IMODE(o.stat().st_mode) for o in folders}=={0o700}

def state(folder): return {p: (p.stat().st_mtime_ns, p.stat().st_mode, p.read_bytes() if p.is_file() else None) for p in (folder, *folder.rglob('*'))}

def test_the_users_files_are_never_written(notes, fresh_cache):
    (notes/'broken.ipynb').write_text('{')
    before = state(notes)
    ranking(notes)
    damage_garbage(index_of(fresh_cache))
    ranking(notes)
    assert state(notes)==before

READ_ONLY = '''
from fastdebug.config import find_config
from fastdebug.search import Searcher
try: open('cache/x', 'w')
except OSError: pass
else: sys.exit('the cache folder can be written, so this shows nothing')
for _ in range(2): answer = fastnbs('momentum', roots='warm')
print(json.dumps([[h.section.heading for h in answer], repr(answer).splitlines()[-1]]))
'''

@pytest.mark.skipif(os.name=='nt', reason='POSIX permissions')
@pytest.mark.parametrize('owner', ['root', 'nobody'])
def test_where_nothing_can_be_written_the_index_lives_in_memory(open_folder, owner):
    (open_folder/'cache').mkdir()
    if not os.geteuid() and owner=='nobody': os.chown(open_folder/'cache', NOBODY, NOBODY)
    os.chmod(open_folder/'cache', 0o555)
    headings,last = run_as_nobody(open_folder, READ_ONLY)
    assert headings==['Momentum'] and 'kept in memory' in last
    assert not list((open_folder/'cache').iterdir())

@pytest.mark.skipif(os.name=='nt', reason='POSIX permissions')
def test_an_index_that_became_read_only_answers_and_stays_fresh(open_folder):
    headings,last = run_as_nobody(open_folder, '''
os.mkdir('mine')
open('mine/note.md', 'w').write('# Dropout and momentum')
first = fastnbs('momentum', roots='mine')
for d,_,fs in os.walk('cache', topdown=False):
    for f in fs: os.chmod(os.path.join(d, f), 0o444)
    os.chmod(d, 0o555)
open('mine/note.md', 'w').write('# Dropout without it')
again = fastnbs('dropout', roots='mine')
print(json.dumps([[h.section.heading for h in (*first, *again, *fastnbs('momentum', roots='mine'))], repr(again).splitlines()[-1]]))
''')
    assert headings==['Dropout and momentum', 'Dropout without it'] and 'memory' in last

def test_without_a_wish_the_index_lives_in_the_users_cache(tmp_path, monkeypatch):
    monkeypatch.delenv('FASTDEBUG_CACHE')
    for o in ('HOME', 'XDG_CACHE_HOME', 'LOCALAPPDATA'): monkeypatch.setenv(o, str(tmp_path/'home'))
    (tmp_path/'a.md').write_text('# Quokka')
    assert cache_folder().is_relative_to(tmp_path/'home')
    assert fastnbs('quokka', roots=tmp_path/'a.md') and cache_folder().is_dir()
