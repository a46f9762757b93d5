"`python -m benchmarks [--quick] [names...]`: measure the budgets and print one table"
import argparse, importlib, sys
from .measure import machine, show_table

NAMES = 'importing', 'building', 'warm', 'large', 'changing', 'rendering', 'memory', 'relevance', 'learn'
LONG = 'ablation', 'tuning', 'contest', 'growth', 'semantic' # minutes each, only when named

def main():
    p = argparse.ArgumentParser(prog='python -m benchmarks', description='Measure what the project promises; ratios within one run.')
    p.add_argument('names', nargs='*', metavar='name', help=f"which ones: {', '.join(NAMES)} (all of these without a name), {', '.join(LONG)}")
    p.add_argument('--quick', action='store_true', help='fewer repetitions and smaller copies: for a look, not for a table')
    args = p.parse_args()
    if unknown := set(args.names)-{*NAMES, *LONG}: p.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(NAMES+LONG)}")
    rows, tables = [], []
    for name in args.names or NAMES:
        res = importlib.import_module(f'.{name}', __package__).run(args.quick)
        if isinstance(res, str): tables.append(res)
        else: rows += res
        print(f'{name}: done', file=sys.stderr, flush=True)
    print(f"\n`python -m benchmarks {' '.join(sys.argv[1:])}`".rstrip(' `')+'`', machine(), sep='\n\n')
    if rows: print('', show_table(rows), sep='\n')
    for t in tables: print('', t, sep='\n')

if __name__=='__main__': main()
