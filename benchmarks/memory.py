"How much memory does a session with all corpora take?"
import subprocess, sys
from .corpora import corpora, own_cache, shared
from .measure import Row

CODE = '''
import resource, sys
from fastdebug.utils import *
from fastdebug.config import find_config
from fastdebug.search import Searcher
from benchmarks.corpora import corpora, real_questions
s = Searcher(find_config(corpora()))
for q in real_questions(100): s.search(q)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak/1e6 if sys.platform=='darwin' else peak*1024/1e6)
'''

def run(quick):
    shared()
    with own_cache(): out = subprocess.run([sys.executable, '-c', CODE], check=True, capture_output=True, text=True)
    return [Row('peak memory: import, first build, 100 questions', float(out.stdout.split()[-1]), None, 150, 'all corpora', 'MB')]
