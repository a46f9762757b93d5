"How much memory does a session with all corpora take?"
import subprocess, sys
from ..tools.corpora import corpora, own_cache, shared
from ..tools.measure import Row

CODE = r'''
import re, resource, sys
from fastdebug.utils import *
from fastdebug.config import find_config
from fastdebug.search import Searcher
from benchmarks.tools.corpora import corpora, real_questions
s = Searcher(find_config(corpora()))
for q in real_questions(100): s.search(q)
if sys.platform=='linux': # there ru_maxrss may be the parent's, from before exec
    with open('/proc/self/status') as f: print(int(re.search(r'VmHWM:\s*(\d+)', f.read())[1])*1024/1e6)
else: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/1e6)
'''

def run(quick):
    shared()
    with own_cache(): out = subprocess.run([sys.executable, '-c', CODE], check=True, capture_output=True, text=True)
    return [Row('peak memory: import, first build, 100 questions', float(out.stdout.split()[-1]), None, 150, 'all corpora', 'MB')]
