"""Run a library notebook against the installed package: python tests/helpers/run_notebook.py NOTEBOOK

Its exported cells are replaced by the exported module, so the assertions beside the code test what people install."""
import ast,importlib,os,re,sys
from pathlib import Path

from execnb.shell import CaptureShell
from nbdev.config import get_config
from nbdev.test import nb_test_cells

EXPORTS = {'export', 'exports', 'exporti'}
ASSERTS = re.compile(r'\b(assert|test_\w+\(|expect_fail\()')

def module_of(cells):
    "The module that the notebook's `default_exp` names, imported"
    name = next(c.directives_['default_exp'] for c in cells if 'default_exp' in c.directives_).split()[0]
    return importlib.import_module(f'fastdebug.{name}')

def defined(src):
    "Top-level names that the code `src` binds"
    for o in ast.parse(src).body:
        targets = o.targets if isinstance(o, ast.Assign) else [o.target] if isinstance(o, (ast.AnnAssign, ast.AugAssign)) else []
        if isinstance(o, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)): yield o.name
        elif isinstance(o, (ast.Import, ast.ImportFrom)): yield from ((a.asname or a.name).split('.')[0] for a in o.names)
        else: yield from (n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))

def replay(path):
    "Run `path`; return its module and how many cells were replaced, and ran with an assertion; raise what a cell raises"
    path = Path(path).resolve()
    cells = nb_test_cells(path, skip_flags=str(get_config(path.parent).tst_flags).split())
    mod = module_of(cells)
    os.chdir(path.parent)
    os.environ['IN_TEST'] = '1'
    shell,replaced,asserted = CaptureShell(path),0,0
    for cell in cells:
        if EXPORTS & cell.directives_.keys():
            # a name that the module lacks means a stale export, and fails here
            shell.user_ns.update({n: getattr(mod, n) for n in defined(cell.source)})
            replaced += 1
            continue
        shell.run(cell.source)
        if shell.exc: raise RuntimeError(f'{path.name}: {shell.prettytb(fname=path)}') from shell.exc
        asserted += bool(ASSERTS.search(cell.source))
    return mod,replaced,asserted

if __name__=='__main__':
    mod,replaced,asserted = replay(sys.argv[1])
    print(f'{mod.__name__} {replaced} {asserted}')
