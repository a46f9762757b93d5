"What does `from fastdebug.utils import *` cost in a fresh process?"
import subprocess, sys
from ..tools.measure import Row, median, take_turns

def _fresh(code):
    def run(): subprocess.run([sys.executable, '-c', code], check=True)
    return run

def run(quick):
    ours, ipython, nothing = take_turns(5 if quick else 15, *map(_fresh, ('import fastdebug.utils', 'import IPython', 'pass')))
    start = median(nothing)
    return [Row('import of `fastdebug.utils`', median(ours)-start, median(ipython)-start, 3, '`import IPython`')]
