"""One search, measured in a process of its own: `python -m benchmarks.tools.worker NAME FOLDER STEP` prints one JSON object.

FOLDER holds what `contest.lay_out` wrote: files, their sections, questions, and a folder for each search."""
import importlib, json, os, random, re, sys, time
from functools import cached_property
from .corpora import save
from .measure import clock, median, p95
from .peers import PEERS, Doc, Peer

class Ours(Peer):
    "fastdebug; it reads the files, cuts them and indexes them, where the others are given sections"
    libraries = 'fastdebug.utils',
    @cached_property
    def searcher(self):
        from fastdebug.config import find_config
        from fastdebug.search import Searcher
        os.environ['FASTDEBUG_CACHE'] = self.folder
        return Searcher(find_config(self.roots))

    @cached_property
    def _places(self): return {(d.file, d.number):i for i,d in enumerate(self.docs())}

    def build(self): self.searcher.snapshot()
    def search(self, q): return [(h.section.file, h.section.number) for h in self.searcher.search(q, k=10).hits]
    def numbers(self, found): return [self._places[o] for o in found]

SEARCHES = {'fastdebug':Ours} | PEERS

def read_docs(folder):
    with open(os.path.join(folder, 'docs.jsonl'), encoding='utf-8') as f:
        for line in f: yield Doc(*json.loads(line))

def peak_memory():
    "The most memory this process ever had, in MB; Linux only"
    with open('/proc/self/status') as f: return int(re.search(r'VmHWM:\s*(\d+)', f.read())[1])*1024/1e6

def do_import(peer, asked):
    "Seconds"
    return dict(seconds=clock(lambda: [importlib.import_module(o) for o in peer.libraries])[0])

def do_build(peer, asked):
    "Seconds, and the size of what was built, in MB"
    for o in peer.libraries: importlib.import_module(o)
    seconds = clock(peer.build)[0]
    size = sum(os.path.getsize(os.path.join(f, n)) for f,_,names in os.walk(peer.folder) for n in names)/1e6
    return dict(seconds=seconds, size=size, memory=peak_memory())

def do_first(peer, asked): return dict(found=len(peer.search(asked['speed'][0])))

def do_ask(peer, asked):
    "Seconds for each question, once all of it is warm"
    for q in asked['speed'][:20]: peer.search(q)
    times, memory = [clock(peer.search, q)[0] for q in asked['speed'][20:]], peak_memory()
    return dict(p50=median(times), p95=p95(times), memory=memory)

def do_hits(peer, asked):
    "Numbers of the documents found for each question"
    return dict(found=[peer.numbers(peer.search(q)) for q in asked['relevance']])

def do_change(peer, asked):
    "Seconds from a file that was just saved to the next answer"
    files, times = {}, []
    for i,d in enumerate(peer.docs()): files.setdefault(d.file, []).append(i)
    chosen = random.Random(0).sample(sorted(files), 10)
    texts = {i:d for i,d in enumerate(peer.docs()) if d.file in chosen}
    time.sleep(2.1) # files written a moment ago would be read again
    peer.search(asked['speed'][0])
    for f in chosen:
        save(f)
        new = [texts[i]._replace(text=texts[i].text+'\n\nA new thought.') for i in files[f]]
        times.append(clock(lambda: (peer.replace(files[f], new), peer.search(asked['speed'][0])))[0])
    return dict(seconds=median(times))

STEPS = {'import':do_import, 'build':do_build, 'first':do_first, 'ask':do_ask, 'hits':do_hits, 'change':do_change}

def main(name, folder, step):
    with open(os.path.join(folder, 'questions.json'), encoding='utf-8') as f: asked = json.load(f)
    peer = SEARCHES[name](os.path.join(folder, 'made', name), (os.path.join(folder, 'files'),), lambda: read_docs(folder))
    print(json.dumps(STEPS[step](peer, asked)))

if __name__=='__main__': main(*sys.argv[1:])
