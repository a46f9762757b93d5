"""A kernel may die at any moment, and the disk may fill up: the next answer is right, nothing of yours is touched, nothing stays behind.

A process that builds, updates, merges, and rebuilds the index is killed by SIGKILL, in three ways: after a while, at the n-th thing
that happens in the cache folder as the kernel reports it (inotify; so tantivy's own files count), and at the n-th call by which
Python itself opens, renames or removes something there (an audit hook, so exactly between two calls). Some sixty kills here;
HYPOTHESIS_PROFILE=fuzz makes it six hundred."""
import ctypes,json,os,random,select,shutil,signal,stat,struct,subprocess,sys,time
from pathlib import Path
import pytest
from fastdebug.config import find_config
from fastdebug.engine import FORMAT
from fastdebug.folder import MARK, index_folder
from fastdebug.search import Searcher
from children import unmeasured
from notebooks import md, write, write_notes

pytestmark = pytest.mark.skipif(sys.platform!='linux', reason='SIGKILL, inotify, RLIMIT_FSIZE')
KILLS = 200 if os.environ.get('HYPOTHESIS_PROFILE')=='fuzz' else 20
WORDS = 'momentum dropout softmax embedding gradient batch'.split()

@pytest.fixture
def notes(tmp_path):
    "Twenty notebooks of yours, and a folder that a kernel works in"
    folder = write_notes(tmp_path/'notes', WORDS, n=20, parts=5)
    (folder/'mine').mkdir()
    return folder

def answers(searcher): return {q: [(h.section.file, h.section.number, h.section.text, round(h.score, 9)) for h in searcher.search(q, k=100).hits] for q in WORDS}
def right_answers(notes): return answers(Searcher(find_config(str(notes)), memory=True))
def state(notes): return {p.name: (p.stat().st_mtime_ns, p.stat().st_mode, p.read_bytes()) for p in notes.glob('*.ipynb')}

# One process imports everything and then forks for each run, so that a run costs no start. What the forked one does with the index
# depends on `seed` only: saves of its own, each a commit, so that every eighth merges; a touch of all; now and then a new start.
SERVER = '''
import json,os,random,signal,sys
from fastdebug.config import find_config
from fastdebug.search import Searcher
notes, cache, words = sys.argv[1], sys.argv[2]+os.sep, sys.argv[3].split()

def die_at(n):
    count = 0
    def hook(event, args):
        nonlocal count
        if event not in ('open','os.rename','os.remove','os.mkdir','os.rmdir','os.listdir','os.scandir','shutil.copyfile') or not str(args[0]).startswith(cache): return
        count += 1
        if count==n: os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)

def work(seed):
    rng = random.Random(seed)
    s = Searcher(find_config(notes))
    while True:
        s.search(rng.choice(words))
        for _ in range(rng.randrange(4, 20)):
            name = f'{notes}/mine/{rng.randrange(12)}.md'
            with open(name+'.part', 'w') as f: f.write(f'# {rng.choice(words)}\\n\\n{rng.choice(words)} {rng.random()}\\n')
            os.replace(name+'.part', name)
            s.search(rng.choice(words))
        todo = rng.randrange(3)
        if todo==0: s.library.discard()
        elif todo==1: s = Searcher(find_config(notes))
        else:
            for o in os.scandir(notes+'/mine'): os.remove(o.path)

print('ready', flush=True)
for line in sys.stdin:
    seed, calls = map(int, line.split())
    pid = os.fork()
    if not pid:
        if calls: die_at(calls)
        try: work(seed)
        finally: os._exit(1) # an error of ours: only a kill ends the work
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
'''

class Server:
    "Starts processes that work until they are killed"
    def __init__(self, notes, cache):
        command = [sys.executable, '-c', SERVER, str(notes), str(cache), ' '.join(WORDS)]
        self.p = subprocess.Popen(command, env=unmeasured(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.p.stdout.readline()=='ready\n'
    def start(self, seed, calls=0):
        self.p.stdin.write(f'{seed} {calls}\n')
        self.p.stdin.flush()
        return int(self.p.stdout.readline())
    def ended(self): return int(self.p.stdout.readline())
    def close(self):
        self.p.stdin.close()
        assert self.p.wait(timeout=60)==0

class Watch:
    "What happens in the folders of the index, as the operating system tells it"
    CREATE,FROM,TO,MODIFY,DELETE,CLOSED,ISDIR = 0x100,0x40,0x80,0x2,0x200,0x8,0x40000000
    def __init__(self, folder):
        self.libc, self.folders, self.left, self.pending = ctypes.CDLL(None, use_errno=True), {}, 0, []
        self.fd = self.libc.inotify_init1(os.O_NONBLOCK)
        self.add(folder)
    def add(self, folder):
        wd = self.libc.inotify_add_watch(self.fd, os.fsencode(folder), self.CREATE|self.FROM|self.TO|self.MODIFY|self.DELETE|self.CLOSED)
        if wd<0: return
        self.folders[wd] = folder
        for o in os.scandir(folder):
            if o.is_dir(): self.add(o.path)
    def count(self, timeout):
        "How many things happened since the last call"
        if not select.select([self.fd], [], [], timeout)[0]: return 0
        data, n = os.read(self.fd, 1<<16), 0
        while data:
            wd,mask,_,size = struct.unpack('iIII', data[:16])
            name, data, n = data[16:16+size].rstrip(b'\0'), data[16+size:], n+1
            if mask & self.ISDIR and mask & (self.CREATE|self.TO) and wd in self.folders: self.add(os.path.join(self.folders[wd], os.fsdecode(name)))
        return n
    def wait(self, n, seconds=30):
        "Return when `n` things have happened"
        end = time.monotonic()+seconds
        while n>0 and time.monotonic()<end: n -= self.count(1)
        return n<=0
    def close(self): os.close(self.fd)

def kill_after(server, rng, cache):
    pid = server.start(rng.randrange(10**6))
    time.sleep(rng.random()**2*.6)
    os.kill(pid, signal.SIGKILL)

def kill_at_event(server, rng, cache):
    watch = Watch(str(cache/f'index-{FORMAT}'))
    pid = server.start(rng.randrange(10**6))
    happened = watch.wait(rng.randrange(1, 400))
    os.kill(pid, signal.SIGKILL)
    watch.close()
    assert happened

def kill_at_call(server, rng, cache): server.start(rng.randrange(10**6), rng.randrange(1, 80))

WAYS = dict(after_a_while=kill_after, at_an_event=kill_at_event, at_a_call=kill_at_call)
SLOW = ('after_a_while', 'at_a_call') # the third shows the same

def age(cache, seconds=60):
    "Let time pass for what lies in the cache"
    for o in cache.rglob('*'): os.utime(o, (time.time()-seconds,)*2)

@pytest.mark.parametrize('way', [pytest.param(f, id=o, marks=pytest.mark.slow if o in SLOW else ()) for o,f in WAYS.items()])
def test_after_a_kill_the_next_answer_is_right(notes, fresh_cache, way):
    before, rng, server = state(notes), random.Random(way.__name__), Server(notes, fresh_cache)
    Searcher(find_config(str(notes))).search('momentum')
    home = Path(index_folder(find_config(str(notes)), FORMAT))
    for i in range(KILLS):
        way(server, rng, fresh_cache)
        assert server.ended()==-signal.SIGKILL, f'run {i} ended by itself'
        s = Searcher(find_config(str(notes)))
        s.library.wait = 0 # a lock that stayed behind would make this one read the files for itself, and say so
        assert answers(s)==right_answers(notes), f'after kill {i}'
        (notes/'mine/mark.md').write_text(f'# {rng.random()}')
        assert s.snapshot().notes==() and len(s.snapshot().layers)==1 and s.library.folder, f'after kill {i}'
        assert state(notes)==before
        if i%10==9: assert_swept(home, notes)
    server.close()
    assert {o.name for o in (notes/'mine').iterdir()} <= {'mark.md', *(f'{i}.md' for i in range(12)), *(f'{i}.md.part' for i in range(12))}

def assert_swept(home, notes):
    "What is left behind now is gone with the next save, once it has aged"
    left = left_behind(home)
    age(home.parent)
    (notes/'mine/mark.md').write_text('# aged')
    fresh = Searcher(find_config(str(notes)))
    assert fresh.snapshot().notes==() and not {*left} & {*left_behind(home)}

def left_behind(home):
    "Names in and beside the folder of the index that the last commit doesn't need"
    segments = json.loads((home/'meta.json').read_text())['segments']
    ids = {o['segment_id'].replace('-','') for o in segments}
    rest = [o for o in os.listdir(home) if o.partition('.')[0] not in ids and o not in ('meta.json', '.managed.json', '.tantivy-writer.lock', '.tantivy-meta.lock',
        MARK, 'progress')]
    beside = [o for o in os.listdir(home.parent) if o!=home.name]
    return sorted([*beside, *(o for o in rest if not o.startswith('manifest-')), *[o for o in rest if o.startswith('manifest-')][1:]])

# ---- what grows with every save

def test_the_index_of_many_saves_is_no_larger_than_that_of_one(notes, fresh_cache):
    "Segments were never merged, for the writer went away before: after 120 saves there were 112"
    kernels = [Searcher(find_config(str(notes))) for _ in range(2)]
    for i in range(60):
        (notes/f'mine/{i%30}.md').write_text(f'# momentum {i}')
        kernels[i%2].search('momentum')
    home = Path(index_folder(find_config(str(notes)), FORMAT))
    assert_swept(home, notes)
    assert len(json.loads((home/'meta.json').read_text())['segments'])<=10
    manifest = next(home.glob('manifest-*.json')).read_text()
    assert manifest.count('\n')<=3*60

def test_a_manifest_does_not_grow_with_every_save(tmp_path, fresh_cache):
    "A commit of one file among many appends to the manifest: not for ever"
    for i in range(40): (tmp_path/f'{i}.md').write_text(f'# note {i}')
    s = Searcher(find_config([str(tmp_path/f'{i}.md') for i in range(40)]))
    for i in range(60):
        (tmp_path/'5.md').write_text(f'# again {i}')
        s.search('again')
    assert next(Path(s.library.folder).glob('manifest-*.json')).read_text().count('\n')<=110

# ---- the disk is full

SMALL = '''
import json,os,resource,signal,sys
from fastdebug.config import find_config
from fastdebug.search import Searcher
notes, limit, words = sys.argv[1], int(sys.argv[2]), sys.argv[3].split()
def ask(): return {q: [[h.section.file, h.section.number, h.section.text, round(h.score, 9)] for h in s.search(q, k=100).hits] for q in words}
if limit>=0:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    with open(os.environ['FASTDEBUG_CACHE']+'/try', 'wb') as f: f.write(bytes(max(limit, 2_000_000)+1))
except OSError: pass
else: sys.exit('the disk is not full, so this shows nothing')
finally: os.path.exists(o := os.environ['FASTDEBUG_CACHE']+'/try') and os.remove(o)
s = Searcher(find_config(notes))
first = ask()
open(notes+'/mine/new.md', 'w').write('')
print(json.dumps([first, ask(), list(s.snapshot().notes)]))
'''

def ask_on_a_full_disk(notes, limit, prefix=()):
    "Answers of a process that can write only so much, twice, and what it says"
    command = [*prefix, sys.executable, '-c', SMALL, str(notes), str(limit), ' '.join(WORDS)]
    res = subprocess.run(command, env=unmeasured(), capture_output=True, text=True, timeout=120)
    assert res.returncode==0, res.stderr[-3000:]
    return json.loads(res.stdout.splitlines()[-1])

def as_json(o): return json.loads(json.dumps(o))

@pytest.mark.parametrize('built', [False, True], ids=['nothing there', 'index there'])
@pytest.mark.parametrize('limit', [0, 200, 3_000, 8_000])
def test_files_may_not_grow(notes, fresh_cache, limit, built):
    fresh_cache.mkdir()
    before, right = state(notes), as_json(right_answers(notes))
    if built:
        answers(Searcher(find_config(str(notes))))
        write(notes/'mine/late.ipynb', md('# momentum\n\n' + ' '.join(f'word{i}' for i in range(9000))))
        right = as_json(right_answers(notes))
    first, again, said = ask_on_a_full_disk(notes, limit)
    assert first==again==right and 'kept in memory' in said[0]
    s = Searcher(find_config(str(notes)))
    assert as_json(answers(s))==right and s.snapshot().notes==() and state(notes)==before

def can_mount():
    "The way to a disk of our own, without which a file-size limit must do"
    return subprocess.run(['unshare', '-m', 'true'], capture_output=True).returncode==0 if shutil.which('unshare') else False

@pytest.mark.parametrize('size', [16, 32, 48])
def test_a_full_disk(notes, fresh_cache, size, record_property):
    fresh_cache.mkdir()
    right = as_json(right_answers(notes))
    script = f'mount -t tmpfs -o size={size}k tmpfs "$0" && exec "$@"'
    mounts = can_mount()
    record_property('full disk', 'tmpfs' if mounts else 'RLIMIT_FSIZE, for mounting is not allowed here')
    prefix, limit = (['unshare', '-m', 'sh', '-c', script, str(fresh_cache)], -1) if mounts else ([], size*1000//10)
    first, again, said = ask_on_a_full_disk(notes, limit, prefix)
    assert first==again==right and 'kept in memory' in said[0]

# ---- the cache folder is not as we left it

def test_a_cache_removed_while_it_is_used(notes, fresh_cache):
    server, rng = Server(notes, fresh_cache), random.Random(1)
    pid = server.start(1)
    for i in range(KILLS):
        time.sleep(rng.random()*.2)
        shutil.rmtree(fresh_cache, ignore_errors=True)
    os.kill(pid, signal.SIGKILL)
    assert server.ended()==-signal.SIGKILL
    server.close()
    s = Searcher(find_config(str(notes)))
    assert answers(s)==right_answers(notes) and s.snapshot().notes==()

def test_a_cache_made_anew_is_private_too(notes, fresh_cache):
    "The folders above the index were made with the usual permissions"
    old = os.umask(0o022)
    try:
        s = Searcher(find_config(str(notes)))
        right = answers(s)
        shutil.rmtree(fresh_cache)
        assert answers(s)==right
    finally: os.umask(old)
    assert {stat.S_IMODE(o.stat().st_mode) for o in (fresh_cache, *fresh_cache.rglob('*')) if o.is_dir()}=={0o700}

def other_version(home):
    "An index that a program with other fields made"
    import tantivy
    shutil.rmtree(home)
    home.mkdir()
    b = tantivy.SchemaBuilder()
    b.add_text_field('something', stored=True)
    w = tantivy.Index(b.build(), path=str(home)).writer(15_000_000, 1)
    w.add_document(tantivy.Document(something='else'))
    w.commit()
    w.wait_merging_threads()

def other_format(home):
    meta = json.loads((home/'meta.json').read_text())
    (home/'meta.json').write_text(json.dumps({**meta, 'index_format':99, 'segments':'none'}))

def cut_manifest(home):
    "Some whole lines are missing, as after a loss of power"
    m = next(home.glob('manifest-*.json'))
    m.write_text(''.join(m.read_text().splitlines(True)[:5]))

def changed_manifest(home):
    "A stamp that is not what was written"
    m = next(home.glob('manifest-*.json'))
    m.write_text(m.read_text().replace(', 5, [', ', 4, [', 1))

def no_row(home):
    m = next(home.glob('manifest-*.json'))
    m.write_text('[false, "abc"]')

@pytest.mark.parametrize('change', [other_version, other_format, cut_manifest, changed_manifest, no_row])
def test_an_index_of_somebody_else(notes, fresh_cache, change):
    s = Searcher(find_config(str(notes)))
    right = answers(s)
    home = Path(s.library.folder)
    before = sorted((o.name, o.read_bytes()) for o in home.iterdir())
    change(home)
    assert sorted((o.name, o.read_bytes()) for o in home.iterdir())!=before
    for searcher in (s, Searcher(find_config(str(notes)))):
        assert answers(searcher)==right and searcher.snapshot().notes==()

def test_the_index_of_another_version_is_left_alone(notes, fresh_cache, monkeypatch):
    answers(Searcher(find_config(str(notes))))
    monkeypatch.setattr('fastdebug.search.FORMAT', 'of-tomorrow')
    tomorrow = answers(Searcher(find_config(str(notes))))
    theirs = lambda: {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in (fresh_cache/'index-of-tomorrow').rglob('*') if p.is_file()}
    before = theirs()
    monkeypatch.undo()
    monkeypatch.setenv('FASTDEBUG_CACHE', str(fresh_cache))
    (notes/'mine/new.md').write_text('# momentum')
    assert answers(Searcher(find_config(str(notes))))==right_answers(notes)!=tomorrow and before and theirs()==before

def test_what_an_earlier_version_left_goes_after_a_month(notes, fresh_cache, monkeypatch):
    monkeypatch.setattr('fastdebug.search.FORMAT', '1-v0.1.0')
    theirs = Path(Searcher(find_config(str(notes))).snapshot().layers[0][0].folder)
    monkeypatch.undo()
    monkeypatch.setenv('FASTDEBUG_CACHE', str(fresh_cache))
    foreign = [fresh_cache/o for o in ('index-1-v0.1.0/thesis', 'index-cards/'+'0'*24)]
    for o in foreign: o.mkdir(parents=True)
    s = Searcher(find_config(str(notes)))
    right, ours = answers(s), Path(s.library.folder)
    age(fresh_cache, 29*24*3600)
    Searcher(find_config(str(notes)))
    assert theirs.exists()
    age(fresh_cache, 31*24*3600)
    assert answers(Searcher(find_config(str(notes))))==right
    assert ours.exists() and not theirs.exists() and all(o.exists() for o in foreign)
