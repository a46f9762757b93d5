"Clocks, and the table that a benchmark ends in"
import os, platform, statistics, time
from dataclasses import dataclass
from importlib.metadata import version
import fastdebug

@dataclass(frozen=True)
class Row:
    "One budget: `ours` may be `budget` times the `reference`, or that much on its own when there is no reference"
    what:str
    ours:float
    reference:float|None # in the same unit as `ours`; None: `budget` is in that unit itself
    budget:float
    against:str          # what the reference is
    unit:str='ms'        # 'ms' (figures are in seconds) or 'MB'

    @property
    def ratio(self): return self.ours/self.reference if self.reference else None
    @property
    def met(self): return (self.ours if self.reference is None else self.ratio) <= self.budget

def clock(f, *args):
    "Seconds that `f(*args)` takes, and what it gives"
    start = time.perf_counter()
    res = f(*args)
    return time.perf_counter()-start, res

def median(seconds): return statistics.median(seconds)

def p95(seconds):
    "The time that 19 in 20 stay below"
    return sorted(seconds)[int(len(seconds)*.95)]

def take_turns(n, *functions):
    "`n` rounds of calling each function once, in turns, so that a busy moment strikes all of them; a list of seconds for each"
    rounds = [[clock(f)[0] for f in functions] for _ in range(n)]
    return [list(o) for o in zip(*rounds)]

def _figure(x, unit): return '' if x is None else f'{x:.0f} MB' if unit=='MB' else f'{x:.2f} s' if x>=1 else f'{x*1e3:.3g} ms'

def show_table(rows):
    "`rows` as a Markdown table"
    lines = ['| what | ours | reference | ratio | budget | met |', '|---|--:|--:|--:|--:|---|']
    for r in rows:
        alone = r.reference is None
        ref = r.against if alone else f'{_figure(r.reference, r.unit)} ({r.against})'
        budget = _figure(r.budget, r.unit) if alone else f'{r.budget:g}'
        ratio = '' if alone else f'{r.ratio:.2f}'
        lines.append(f"| {r.what} | {_figure(r.ours, r.unit)} | {ref} | {ratio} | {budget} | {'yes' if r.met else 'NO'} |")
    return '\n'.join(lines)

def machine():
    "One line about what these figures were measured on"
    libs = ', '.join(f'{o} {version(o)}' for o in ('tantivy','markdown-it-py','ipython'))
    return f'{os.cpu_count()} cores ({platform.machine()}, {platform.system()}), Python {platform.python_version()}, fastdebug {fastdebug.__version__}, {libs}'
