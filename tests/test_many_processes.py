"Several kernels ask at once, and any of them may be killed while it writes"
import json,os,signal,subprocess,sys,time
import pytest
from fastdebug.config import find_config
from fastdebug.search import Searcher
from notebooks import md, write

WORDS = 'momentum dropout softmax embedding gradient batch epoch kernel'.split()

@pytest.fixture
def notes(tmp_path):
    "A folder with sixty notebooks"
    for i in range(60):
        a,b = WORDS[i%8], WORDS[(i*3+1)%8]
        write(tmp_path/f'notes/{i:02}.ipynb', *(md(f'## Part {j}: how does {a} work with {b}?\n\n' + f'{a} {b} {i} '*(j+1)) for j in range(10)))
    return tmp_path/'notes'

def ranking(answer): return [[h.section.file, h.section.number, round(h.score, 9)] for h in answer.hits]

def right_answers(notes):
    s = Searcher(find_config(str(notes)), memory=True)
    return {q: ranking(s.search(q)) for q in WORDS}

START = '''
import json,os,sys,time
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
    def answer(self):
        out,err = self.p.communicate(timeout=60)
        assert self.p.returncode==0, err[-3000:]
        return json.loads(out.splitlines()[-1])

def together(notes, code, n):
    "What `n` processes that run `code` at once print last"
    kernels = [Kernel(notes, code, str(i)) for i in range(n)]
    for k in kernels: assert k.ready()=='ready\n'
    for k in kernels: k.go()
    return [k.answer() for k in kernels]

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
        assert {q: ranking(s.search(q)) for q in WORDS}==right and s.view().notes==()

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
