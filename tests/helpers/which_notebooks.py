"""The notebooks that a step runs, each path ended by a NUL:

    python tests/helpers/which_notebooks.py [--with FLAG] [--without-learn]

All that git knows below nbs/; with --with, those with a cell marked `#| FLAG`; with --without-learn, those that need no torch."""
import argparse,ast,configparser,json,re,subprocess,sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
IMPORTED_AS = {'scikit-learn':'sklearn', 'python-multipart':'multipart'}
INDIRECTLY = {'nbs/explanations/messages.ipynb'} # it brings about the messages of the learn rooms as well

def tracked():
    "Paths of the notebooks, relative to the project"
    names = subprocess.run(['git', 'ls-files', '-z', 'nbs/*.ipynb'], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [o for o in names.split('\0') if o]

def code_cells(path):
    "Sources of the code cells"
    cells = json.loads((ROOT/path).read_text(encoding='utf-8'))['cells']
    return [''.join(c['source']) for c in cells if c['cell_type']=='code']

def has_flag(path, flag): return any(re.search(rf'^#\| *{flag}\b', o, re.M) for o in code_cells(path))

def imports_of(source):
    "The modules that `source` imports; magics are no Python"
    if source.startswith('%%'): return
    tree = ast.parse(re.sub(r'^([ \t]*)[%!].*$', r'\1pass', source, flags=re.M))
    for o in ast.walk(tree):
        if isinstance(o, ast.Import): yield from (a.name for a in o.names)
        elif isinstance(o, ast.ImportFrom) and not o.level: yield o.module

def learn_only():
    "What is imported from packages that only the learn extra brings"
    cfg = configparser.ConfigParser(delimiters=['='], interpolation=None)
    cfg.read(ROOT/'settings.ini', encoding='utf-8')
    named = {k: set(re.findall(r'^\s*([\w-]+)', v, re.M)) for k,v in cfg['DEFAULT'].items() if k.endswith('requirements')}
    heavy = named['learn_requirements'] | named['meaning_requirements']
    light = named['requirements'] | named['eval_requirements'] | named['dev_requirements']
    return {IMPORTED_AS.get(o, o).replace('-', '_') for o in heavy-light}

def needs_learn(path):
    "Is it about learning, or does it import what only the learn extra brings?"
    cells = code_cells(path)
    names = {o for c in cells for o in imports_of(c)}
    if path.startswith('nbs/lessons/') or path in INDIRECTLY: return True
    if any(re.search(r'^#\| *default_exp learn\.', o, re.M) for o in cells): return True
    return any(o.startswith('fastdebug.learn') or o.split('.')[0] in learn_only() for o in names)

def main(args=None):
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('--with', dest='flag', help='only those with a cell marked so')
    p.add_argument('--without-learn', action='store_true', help='leave out those that need the learn extra')
    a = p.parse_args(args)
    for path in tracked():
        if a.flag and not has_flag(path, a.flag): continue
        if a.without_learn and needs_learn(path): continue
        sys.stdout.write(path+'\0')

if __name__=='__main__': main()
