"""Run a notebook in other ways than nbdev-test does:

    python tests/helpers/run_notebook.py NOTEBOOK [--package] [--seed N] [--with FLAG]

With --package its exported cells are replaced by the exported module, so the assertions beside the code test what people install.
With --seed N every literal seed in its code is N higher, and `for seed in range(5)` takes the N-th five after them, so what depends on
one lucky seed fails; the page keeps its own."""
import argparse,ast,importlib,os,re
from pathlib import Path
from execnb.shell import CaptureShell
from nbdev.config import get_config
from nbdev.test import nb_test_cells

EXPORTS = {'export', 'exports', 'exporti'}
ASSERTS = re.compile(r'\b(assert|test_\w+\(|expect_fail\()')

# ---- other seeds

# calls whose first argument is a seed, and arguments that are one
SEEDING = {'set_seed', 'seed', 'manual_seed', 'manual_seed_all', 'default_rng', 'RandomState', 'Random', 'seeded'}
NAMED = {'seed', 'random_state', 'random_seed'}

def several(node):
    "The numbers that `range(5)`, `(1, 2)` or `[1, 2]` names, as literals"
    try: res = [*range(*map(ast.literal_eval, node.args))] if isinstance(node, ast.Call) and node.func.id=='range' else [*ast.literal_eval(node)]
    except (ValueError, TypeError, AttributeError): return []
    return res if all(type(o) is int for o in res) else []

class ShiftSeeds(ast.NodeTransformer):
    "Add `n` to the literal seeds in code: of calls that set one, of arguments and parameters that are named so"
    def __init__(self, n): self.n,self.shifted = n,0

    def _shift(self, node):
        if not isinstance(node, ast.Constant) or type(node.value) is not int: return node
        self.shifted += 1
        return ast.copy_location(ast.Constant(node.value+self.n), node)

    def visit_Call(self, node):
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, 'id', '')
        if name in SEEDING and node.args: node.args[0] = self._shift(node.args[0])
        return node

    def visit_keyword(self, node):
        self.generic_visit(node)
        if node.arg in NAMED: node.value = self._shift(node.value)
        return node

    def visit_arguments(self, node):
        self.generic_visit(node)
        late = len(node.posonlyargs)+len(node.args)-len(node.defaults)
        names = [o.arg for o in [*node.posonlyargs, *node.args][late:]]
        node.defaults = [self._shift(o) if name in NAMED else o for name,o in zip(names, node.defaults)]
        node.kw_defaults = [self._shift(o) if a.arg in NAMED else o for a,o in zip(node.kwonlyargs, node.kw_defaults)]
        return node

    def visit_For(self, node):
        self.generic_visit(node)
        if getattr(node.target, 'id', '') in NAMED and (seeds := several(node.iter)):
            node.iter = ast.copy_location(ast.parse(repr([o + self.n*len(seeds) for o in seeds]), mode='eval').body, node.iter)
            self.shifted += len(seeds)
        return node

    visit_comprehension = visit_For

# ---- the exported module

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

# ---- running

class Run:
    "A notebook being run; how many of its cells came from its module, how many asserted, how many seeds were shifted"
    def __init__(self, path, package=False, seed=0, flags=()):
        self.path = Path(path).resolve()
        self.cells = nb_test_cells(self.path, skip_flags=str(get_config(self.path.parent).tst_flags).split(), force_flags=flags)
        self.module = module_of(self.cells) if package else None
        self.seeds,self.replaced,self.asserted = ShiftSeeds(seed),0,0

    def cell(self, shell, cell):
        if self.module and EXPORTS & cell.directives_.keys():
            # a name that the module lacks means a stale export, and fails here
            shell.user_ns.update({n: getattr(self.module, n) for n in defined(cell.source)})
            self.replaced += 1
            return
        shell.run(cell.source)
        if shell.exc: raise RuntimeError(f'{self.path.name}: {shell.prettytb(fname=self.path)}') from shell.exc
        self.asserted += bool(ASSERTS.search(cell.source))

    def all(self):
        "Run it; raise what a cell raises"
        os.chdir(self.path.parent)
        os.environ['IN_TEST'] = '1'
        shell = CaptureShell(self.path)
        if self.seeds.n: shell.ast_transformers.append(self.seeds)
        for o in self.cells: self.cell(shell, o)
        return self

def main(args=None):
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('notebook')
    p.add_argument('--package', action='store_true', help='exported cells come from the exported module')
    p.add_argument('--seed', type=int, default=0, help='what is added to the literal seeds')
    p.add_argument('--with', dest='flags', action='append', default=[], help='run the cells with this mark, too')
    a = p.parse_args(args)
    run = Run(a.notebook, a.package, a.seed, a.flags).all()
    name = run.module.__name__ if run.module else run.path.stem
    print(f'{name}: replaced {run.replaced}, asserted {run.asserted}, seeds shifted {run.seeds.shifted}')

if __name__=='__main__': main()
