"How do the costs grow, from a thousand sections to half a million?"
import json, math, os, tempfile
from pathlib import Path
from .contest import lay_out, measure_all
from ..tools.measure import machine

SIZES = {'1k':dict(copies=1, limit=94, seed=0), '10k':dict(copies=3), '100k':dict(copies=30), '500k':dict(copies=149)} # how the corpora are repeated
STEPS = 'build', 'ask', 'change'
SHOWN = {'build, s':('build','seconds',1), 'index, MB':('build','size',1), 'memory of the build, MB':('build','memory',1),
         'p50, ms':('ask','p50',1e3), 'p95, ms':('ask','p95',1e3), 'after a change, ms':('change','seconds',1e3)}
SAVED = Path(__file__).parent.parent/'data'/'growth.json'

def measure_size(size):
    "name -> figures, and how many sections; a peer that took too much is told so"
    with tempfile.TemporaryDirectory(prefix='fastdebug-growth-') as folder:
        folder = os.path.realpath(folder)
        lay_out(folder, questions=30, **SIZES[size])
        found, n = measure_all(folder, STEPS)
    return dict(sections=n, found=found)

def slope(points):
    "The exponent of growth: 1 means twice as much for twice the sections; least squares over logarithms of (sections, figure)"
    xs, ys = zip(*((math.log(a), math.log(b)) for a,b in points))
    mx, my = sum(xs)/len(xs), sum(ys)/len(ys)
    return sum((x-mx)*(y-my) for x,y in zip(xs,ys))/sum((x-mx)**2 for x in xs)

def points(saved, name, step, key, scale=1):
    "(sections, figure) of one search for each size that it got through; nothing where it builds nothing"
    found = [(o['sections'], f[key]*scale) for o in saved['sizes'].values() if isinstance(f := o['found'].get(name, {}).get(step), dict)]
    return [o for o in found if o[1]>1e-3]

def _row(saved, name, what):
    found = points(saved, name, *SHOWN[what])
    rise = f'{slope(found):.2f}' if len(found)>1 else ''
    stopped = [f'{s}: {o}' for s,v in saved['sizes'].items() for o in v['found'].get(name, {}).values() if isinstance(o, str)]
    cells = {n:f'{v:.3g}' for n,v in found}
    return f"| {what} | {name} | {' | '.join(cells.get(o['sections'], '') for o in saved['sizes'].values())} | {rise} | {', '.join(stopped)} |"

def show(saved):
    "Figures of all sizes as a Markdown table"
    sizes = [f"{o['sections']:,}" for o in saved['sizes'].values()]
    names = dict.fromkeys(n for o in saved['sizes'].values() for n in o['found'])
    head = [f"| what | search | {' | '.join(sizes)} | slope | stopped |", '|---|---|' + '--:|'*(len(sizes)+1) + '---|']
    return '\n'.join(head + [_row(saved, n, what) for what in SHOWN for n in names])

def measure_again(size):
    "Measure one of `SIZES` anew and keep what is saved of the others"
    saved = json.loads(SAVED.read_text(encoding='utf-8'))
    saved['sizes'][size] = measure_size(size)
    SAVED.write_text(json.dumps(saved, indent=1)+'\n', encoding='utf-8')

def run(quick):
    "The two large sizes take most of an hour and tens of GB of disk; `--quick` leaves them out and saves nothing"
    saved = dict(machine=machine(), sizes={})
    for size in ('1k','10k') if quick else SIZES:
        saved['sizes'][size] = measure_size(size)
        if not quick: SAVED.write_text(json.dumps(saved, indent=1)+'\n', encoding='utf-8')
    return show(saved)
