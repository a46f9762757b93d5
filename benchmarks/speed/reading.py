"""What meaning costs: reading once, then each question, the memory of a session and a command in the terminal.

What is more than by words alone is processor time, so that other work on the machine doesn't count.
Needs the usual model in the reader's own cache folder (`fastdebug fetch`)."""
import os, resource, shutil, subprocess, sys, tempfile, time
from dataclasses import replace
import numpy as np
from fastdebug.config import cache_folder, find_config
from fastdebug.folder import folder_size, meaning_folder
from fastdebug.meaning import open_meaning
from fastdebug.nearest import Known
from fastdebug.passages import find_passages
from fastdebug.search import Searcher
from fastdebug.vectors import Vectors, doc_key, sign_bits
from ..data.sections import LESSONS
from ..tools.corpora import corpora, own_cache, real_questions
from ..tools.measure import Row, clock, median, p95

def work(f, who=resource.RUSAGE_SELF):
    "Seconds of a processor that `f()` takes; with RUSAGE_CHILDREN, that the processes it starts take"
    spent = lambda: sum(resource.getrusage(who)[:2])
    start = spent()
    f()
    return spent()-start

def opened(roots, cache, fetched):
    "A searcher over `roots`, with the fetched model"
    shutil.copytree(os.path.join(fetched, 'models'), os.path.join(cache, 'models'), dirs_exist_ok=True)
    return Searcher(replace(find_config(roots), meaning=True), meaning=open_meaning)

def read_all(searcher):
    "Seconds to read everything, and how many sections and bytes that is"
    look = searcher.look()
    took, _ = clock(look.meaning.read, look.snapshot.manifest.searched, look.snapshot.sections)
    return took, look.snapshot.manifest.sections, folder_size(meaning_folder(searcher.config))

def growth(lessons, fetched):
    "A table: reading more and more notebooks, each time from nothing"
    lines = ['| notebooks | sections | read in | a section | on disk | a section |', '|--:|--:|--:|--:|--:|--:|']
    for n in (4, 8, 16):
        with own_cache() as cache:
            took, sections, size = read_all(opened(lessons[:n], cache, fetched))
        lines.append(f'| {n} | {sections} | {took:.1f} s | {1000*took/sections:.0f} ms | {size/1e6:.2f} MB | {size/sections:.0f} bytes |')
    return '\n'.join(lines)

def beside_bare(lessons, fetched):
    "Seconds of reading each notebook, and of the bare calls of the model on the same texts, in turns"
    ours, bare = [], []
    for path in lessons:
        with own_cache() as cache:
            s = opened([path], cache, fetched)
            look = s.look()
            files, encoder = look.snapshot.manifest.searched, look.meaning.encoder
            texts = [p.text for f in files for sec in look.snapshot.sections(f) for p in find_passages(sec, files[f].title)]
            encoder.encode_passage('warm') # both find the model loaded
            bare.append(clock(lambda: [encoder.encode_passage(t) for t in dict.fromkeys(texts)])[0])
            ours.append(clock(look.meaning.read, files, look.snapshot.sections)[0])
    return ours, bare

def asked(searcher, questions):
    "Processor seconds of each answer by words alone and with meaning, in turns"
    times = [[work(lambda: searcher.search(q, meaning=on)) for on in (False, True)] for q in questions]
    return [list(o) for o in zip(*times)]

def during(searcher, questions, blocks=4):
    "Seconds of each answer while passages are read and while none are, in turns"
    reading, quiet = [], []
    ask = lambda into: [into.append(clock(searcher.search, q)[0]) or time.sleep(.02) for q in questions]
    for _ in range(blocks):
        look = searcher.look()
        look.meaning.start(look.snapshot.manifest.searched, look.snapshot.sections)
        time.sleep(1)
        ask(reading)
        if look.meaning.known(look.snapshot.manifest.searched).complete: raise RuntimeError('all was read before the questions were asked')
        look.meaning.stop()
        ask(quiet)
    return reading, quiet

def nearest_of(n, questions, width=384):
    "Seconds to find the nearest of `n` passages, made by chance, each section with two"
    rng, info = np.random.default_rng(0), type('Info', (), dict(digest='', title='', sections=n//2))()
    v = Vectors(width=width)
    numbers = rng.integers(-127, 128, (n, width), np.int8)
    v.vectors, v.signs = numbers, sign_bits(numbers).view(np.uint64)
    v.rows = np.zeros(n+1, [(f, t) for f,t in v.rows.dtype.descr])
    v.rows['key'][:n], v.rows['doc'], v.rows['scale'] = np.arange(1, n+1), doc_key(info), 1/1_500
    v.rows['section'][:n], v.rows['section'][n] = np.arange(n)//2, n
    known = Known(v, {'all': info})
    asked = rng.normal(size=(questions, width)).astype(np.float32)
    return [work(lambda: known.nearest(q)) for q in asked]

PEAK = r'''
import re, sys
from fastdebug.config import find_config
from fastdebug.meaning import open_meaning
from fastdebug.search import Searcher
from benchmarks.tools.corpora import real_questions
s = Searcher(find_config(sys.argv[1:]), meaning=open_meaning)
for q in real_questions(100): s.search(q)
with open('/proc/self/status') as f: print(int(re.search(r'VmHWM:\s*(\d+)', f.read())[1])*1024/1e6)
'''

def run_fresh(*words, **env):
    "What a process of ours printed"
    return subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True, env=os.environ|env).stdout

def in_terminal(root, n):
    "Processor seconds of `fastnbs` in a terminal by words alone and with meaning, in turns; bytecode is kept, as anywhere else"
    code = 'from fastdebug.cli import run_fastnbs; run_fastnbs()'
    words = '-c', code, 'how does gradient accumulation work', '--roots', str(root)
    with tempfile.TemporaryDirectory() as kept:
        env  = dict(PYTHONDONTWRITEBYTECODE='', PYTHONPYCACHEPREFIX=kept)
        call = lambda *more: work(lambda: run_fresh(*words, *more, **env), resource.RUSAGE_CHILDREN)
        call() # writes the bytecode
        return [list(o) for o in zip(*[(call('--no-meaning'), call()) for _ in range(n)])]

def run(quick):
    fetched, lessons = str(cache_folder()), sorted(str(o) for o in LESSONS.glob('*.ipynb'))
    if not quick: print(growth(lessons, fetched))
    ours, bare = beside_bare(lessons[:2] if quick else lessons[:8], fetched)
    with own_cache() as cache:
        s = opened([str(LESSONS)], cache, fetched)
        read_all(s)
        words, meant = asked(s, real_questions(20 if quick else 100))
        peak = float(run_fresh('-c', PEAK, str(LESSONS)).split()[-1])
        console = in_terminal(LESSONS, 3 if quick else 9)
    with own_cache() as cache: reading, quiet = during(opened(corpora(), cache, fetched), real_questions(10 if quick else 40))
    far = nearest_of(400_000, 40)
    print(f'400,000 passages of 200,000 sections: the nearest are found in {1000*median(far):.0f} ms, p95 {1000*p95(far):.0f} ms')
    return [Row('reading passages', sum(ours), sum(bare), 1.2, 'the bare model, same texts'),
            Row('an answer while passages are read, median', median(reading), median(quiet), 1.3, 'the same questions, nothing read'),
            Row('meaning on, warm: processor time more than by words alone, median', median(meant)-median(words), None, .020, 'all lessons'),
            Row('peak memory with meaning: import, 100 questions', peak, None, 350, 'all lessons', 'MB'),
            Row('`fastnbs` in a terminal: processor time more than by words alone, median', median(console[1])-median(console[0]), None, .5, 'all lessons')]
