"The competitor that needs no index"
import shutil, subprocess
from fastdebug.query import parse_query
from .measure import clock

def has_rg(): return shutil.which('rg') is not None

def count_files(roots):
    "How many files `rg` looks at"
    return len(subprocess.run(['rg', '--files', *roots], capture_output=True, check=True).stdout.splitlines())

def rarest(searcher, question):
    "The word of `question` that the fewest sections have; '' when none has any"
    view = searcher.library.snapshot()
    counts = {w.text:view.df(w.term) for w in parse_query(question).content}
    return min((w for w,n in counts.items() if n), key=lambda w: counts[w], default='')

def rg(word, roots):
    "Seconds that `rg -i` takes to list the lines that hold `word`; it is enough to drop what it prints"
    return clock(lambda: subprocess.run(['rg', '-i', '-F', '-e', word, *roots], stdout=subprocess.DEVNULL))[0]
