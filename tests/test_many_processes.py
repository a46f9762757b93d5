"Several kernels ask at once, and any of them may be killed while it writes"
import json,os,signal,subprocess,sys,time
import pytest
from fastdebug.config import find_config
from fastdebug.search import Searcher
from notebooks import md, write, write_notes

WORDS = 'momentum dropout softmax embedding gradient batch epoch kernel'.split()

@pytest.fixture
def notes(tmp_path): return write_notes(tmp_path/'notes', WORDS, n=60, parts=10)

def ranking(answer): return [[h.section.file, h.section.number, round(h.score, 9)] for h in answer.hits]

def right_answers(notes):
    s = Searcher(find_config(str(notes)), memory=True)
    return {q: ranking(s.search(q)) for q in WORDS}

START = '''
import json,os,signal,sys,time
signal.signal(signal.SIGINT, signal.default_int_handler) # a shell that starts the tests in its background has it ignored
from fastdebug.config import find_config
from fastdebug.search import Searcher
notes,me = sys.argv[1:]
def ranking(answer): return [[h.section.file, h.section.number, round(h.score, 9)] for h in answer.hits]
print('ready', flush=True)
sys.stdin.readline()
'''

class Kernel:
    "A process that has imported everything and waits for `go`"
    def __init__(self, notes, code, name='0'):
        self.p = subprocess.Popen([sys.executable, '-c', START+code, str(notes), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    def ready(self): return self.p.stdout.readline()
    def go(self):
        self.p.stdin.write('go\n')
        self.p.stdin.flush()
    def answer(self, timeout=60):
        out,err = self.p.communicate(timeout=timeout)
        assert self.p.returncode==0, err[-3000:]
        return json.loads(out.splitlines()[-1])

def together(notes, code, n, timeout=60):
    "What `n` processes that run `code` at once print last"
    kernels = [Kernel(notes, code, str(i)) for i in range(n)]
    for k in kernels: assert k.ready()=='ready\n'
    for k in kernels: k.go()
    return [k.answer(timeout) for k in kernels]

def test_processes_that_index_and_search_at_once_agree(notes, fresh_cache):
    asked = f'''
s = Searcher(find_config(notes))
print(json.dumps({{q: ranking(s.search(q)) for q in {WORDS}}}))
'''
    assert together(notes, asked, 3)==[right_answers(notes)]*3

def test_each_sees_its_own_change_at_once_while_others_write(notes, fresh_cache):
    changing = '''
from hashlib import sha256
def new_word(i): return ''.join(chr(97+b%26) for b in sha256(f'{me}-{i}'.encode()).digest()[:14]) # like no other, so that no correction finds another
s, seen = Searcher(find_config(notes)), []
for i in range(6):
    word, path = new_word(i), f'{notes}/mine_{me}_{i}.md'
    open(path, 'w').write(f'# {word}\\n')
    seen.append([h.section.heading for h in s.search(word).hits]==[word])
    os.remove(path)
    seen.append(not s.search(word).hits)
print(json.dumps(seen))
'''
    assert together(notes, changing, 3)==[[True]*12]*3
    s = Searcher(find_config(str(notes)))
    assert {q: ranking(s.search(q)) for q in WORDS}==right_answers(notes)

# ---- eight kernels, for a while

SECONDS = 75 if os.environ.get('HYPOTHESIS_PROFILE')=='fuzz' else 12
FIXED = 'quokka wombat possum'.split() # each in forty sections that nobody changes

@pytest.fixture
def shared_notes(tmp_path):
    "Twenty-four notebooks that stay as they are, and room for more"
    for i in range(24):
        write(tmp_path/f'shared/{i:02}.ipynb', *(md(f'## Part {j} of {i}\n\n{FIXED[(i+j)%3]} ' + f'gradient {i} '*j) for j in range(5)))
    return tmp_path/'shared'

BUSY = """
import random
from hashlib import sha256
rng, s, until, n, count = random.Random(me), Searcher(find_config(notes)), time.monotonic()+SECONDS, 0, dict(searches=0, saves=0, overlays=0)
fixed = {w: {(f'{notes}/{i:02}.ipynb', j) for i in range(24) for j in range(5) if FIXED[(i+j)%3]==w} for w in FIXED}

def new_word(i): return ''.join(chr(97+b%26) for b in sha256(f'{me}-{i}'.encode()).digest()[:14])

def ask(question):
    answer = s.search(question, k=100)
    count['searches'] += 1
    count['overlays'] += any('another process' in o for o in answer.scope.notes)
    assert not [o for o in answer.scope.notes if 'another process' not in o], answer.scope.notes
    found = [(h.section.file, h.section.number) for h in answer.hits]
    assert len(found)==len(set(found)), ('twice', question, found)
    return found

def save(path, word, careful):
    "As an editor does it: beside the old file and then over it, or into it"
    count['saves'] += 1
    to = path+'.part' if careful else path
    with open(to, 'w') as f: f.write(f'# {word}\\n\\n{rng.choice(FIXED)}\\n')
    if careful: os.replace(to, path)

path, word = f'{notes}/mine_{me}_0.md', None
while time.monotonic()<until:
    n += 1
    old, word = word, new_word(n)
    save(path, word, n%2)
    assert ask(word)==[(path, 0)], ('not found after a save', word)
    assert not old or ask(old)==[], ('stale after a save', old)
    for w in FIXED:
        found = ask(w)
        lost = fixed[w]-set(found)
        assert not lost, ('missing', w, lost)
        extra = {f for f,_ in set(found)-fixed[w] if 'mine_' not in f}
        assert not extra, ('what is not there', w, extra)
    what = rng.randrange(6)
    if what==0:
        os.remove(path)
        assert ask(word)==[], ('found after it was deleted', word)
    if what==1:
        os.rename(path, path := f'{notes}/mine_{me}_{n}.md')
        assert ask(word)==[(path, 0)], ('not found where it was moved', word)
    if what==2: os.utime(f'{notes}/{rng.randrange(24):02}.ipynb')
    if what==3: s = Searcher(find_config(notes))
print(json.dumps(count))
"""

def test_eight_kernels_ask_and_save_at_once(shared_notes, fresh_cache, record_property):
    "None fails, misses a section, shows one twice, or answers from before a save; HYPOTHESIS_PROFILE=fuzz goes on for more than a minute"
    counts = together(shared_notes, f'SECONDS, FIXED = {SECONDS}, {FIXED}' + BUSY, 8, timeout=SECONDS+120)
    total = {k:sum(c[k] for c in counts) for k in counts[0]}
    record_property('eight kernels', f'{SECONDS} s, {total}')
    print(SECONDS, 'seconds', total)
    assert all(c['saves'] for c in counts)
    disk, memory = (Searcher(find_config(str(shared_notes)), memory=o) for o in (False, True))
    for q in (*FIXED, 'gradient'): assert ranking(disk.search(q, k=100))==ranking(memory.search(q, k=100))
    assert disk.snapshot().notes==() and disk.snapshot().reads.parsed==0

REBUILD = '''
s = Searcher(find_config(notes))
while True:
    for name in sorted(os.listdir(notes))[::7]: os.utime(os.path.join(notes, name))
    s.search('momentum')
    s.library.discard()
    s.search('momentum')
'''

@pytest.mark.skipif(os.name=='nt', reason='POSIX signals')
def test_after_a_kill_while_indexing_the_next_answer_is_right(notes, fresh_cache):
    right = right_answers(notes)
    for wait in (.02, .05, .1, .17, .26, .4):
        k = Kernel(notes, REBUILD)
        assert k.ready()=='ready\n'
        k.go()
        time.sleep(wait)
        k.p.kill()
        k.p.communicate()
        assert k.p.returncode==-signal.SIGKILL
        s = Searcher(find_config(str(notes)))
        assert {q: ranking(s.search(q)) for q in WORDS}==right and s.snapshot().notes==()

@pytest.mark.skipif(os.name=='nt', reason='POSIX signals')
def test_ctrl_c_leaves_a_usable_index(notes, fresh_cache):
    k = Kernel(notes, REBUILD)
    assert k.ready()=='ready\n'
    k.go()
    time.sleep(.3)
    k.p.send_signal(signal.SIGINT)
    _,err = k.p.communicate(timeout=60)
    assert 'KeyboardInterrupt' in err
    s = Searcher(find_config(str(notes)))
    assert {q: ranking(s.search(q)) for q in WORDS}==right_answers(notes)
