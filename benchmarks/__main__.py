"`python -m benchmarks [--quick] [names...]`: measure the budgets and print one table"
import argparse, importlib, sys
from pathlib import Path
from .tools.measure import machine, show_table

NAMES = 'importing', 'building', 'warm', 'large', 'changing', 'rendering', 'box', 'memory', 'relevance', 'learn'
LONG = 'ablation', 'tuning', 'contest', 'growth', 'hub', 'lessons', 'meaning', 'reading' # minutes each, only when named
FILES = {'learn':'training'} # where a name is not its file's

def load(name):
    "The measurement `name`, a module of `speed` or `relevance` with a function `run`"
    file, here = FILES.get(name, name), Path(__file__).parent
    folder = next(o for o in ('speed', 'relevance') if (here/o/f'{file}.py').is_file())
    return importlib.import_module(f'.{folder}.{file}', __package__)

def main():
    p = argparse.ArgumentParser(prog='python -m benchmarks', description='Measure what the project promises; ratios within one run.')
    which = f"{', '.join(NAMES)} (all of these without a name), {', '.join(LONG)}"
    p.add_argument('names', nargs='*', metavar='name', help=f'which ones: {which}')
    p.add_argument('--quick', action='store_true', help='fewer repetitions and smaller copies: for a look, not for a table')
    args = p.parse_args()
    if unknown := set(args.names)-{*NAMES, *LONG}: p.error(f"unknown: {', '.join(sorted(unknown))}; there are {which}")
    rows, tables = [], []
    for name in args.names or NAMES:
        res = load(name).run(args.quick)
        if isinstance(res, str): tables.append(res)
        else: rows += res
        print(f'{name}: done', file=sys.stderr, flush=True)
    print(f"\n`python -m benchmarks {' '.join(sys.argv[1:])}`".rstrip(' `')+'`', machine(), sep='\n\n')
    if rows: print('', show_table(rows), sep='\n')
    for t in tables: print('', t, sep='\n')

if __name__=='__main__': main()
