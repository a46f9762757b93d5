"The assertions in the library's notebooks, run against the installed package; and the ways to run a notebook see what they should"
import ast,json,re,subprocess,sys
from pathlib import Path
import pytest
import which_notebooks
from notebooks import code, md, write
from run_notebook import ShiftSeeds
from which_notebooks import needs_learn

ROOT = Path(__file__).resolve().parent.parent
def module(nb): return next(iter(re.findall(r'"#\| *default_exp ([\w.]+)', nb.read_text(encoding='utf-8'))), '')
def marks(nb): return pytest.mark.learn if needs_learn(nb.relative_to(ROOT).as_posix()) else ()
LIBRARY = [pytest.param(o, marks=marks(o), id=o.stem) for o in sorted((ROOT/'nbs').glob('[0-9]*.ipynb')) if module(o)]

def run(nb, *options):
    cmd = [sys.executable, ROOT/'tests/helpers/run_notebook.py', nb, *options]
    return subprocess.run(cmd, capture_output=True, text=True, stdin=subprocess.DEVNULL)

def figures(res): return [int(o) for o in re.findall(r' (\d+)', res.stdout.splitlines()[-1].partition(':')[2])]

@pytest.mark.parametrize('nb', LIBRARY)
def test_notebook_against_package(nb):
    res = run(nb, '--package')
    assert res.returncode==0, res.stderr[-4000:]
    replaced,asserted,_ = figures(res)
    assert res.stdout.splitlines()[-1].startswith(f'fastdebug.{module(nb)}:') and replaced>0 and asserted>0

@pytest.fixture
def project(tmp_path):
    "A folder for notebooks with our settings for nbdev"
    (tmp_path/'pyproject.toml').write_bytes((ROOT/'pyproject.toml').read_bytes())
    return tmp_path

def test_a_failing_assertion_is_seen(project):
    bad = project/'nbs/00_core.ipynb'
    bad.parent.mkdir()
    nb = json.loads((ROOT/'nbs/00_core.ipynb').read_text(encoding='utf-8'))
    bad.write_text(json.dumps(nb))
    assert run(bad, '--package').returncode==0
    nb['cells'].append(code('test_eq(ParseError, RootsError)')|{'id':'bad'})
    bad.write_text(json.dumps(nb))
    res = run(bad, '--package')
    assert res.returncode!=0 and 'RootsError' in res.stderr

# ---- other seeds

def shifted(source):
    "`source` with 5 added to its seeds"
    return ast.unparse(ShiftSeeds(5).visit(ast.parse(source)))

@pytest.mark.parametrize('source', ['set_seed(<42>)', 'torch.manual_seed(<0>)', 'g = torch.Generator().manual_seed(<1>)',
    'np.random.seed(<0>)', 'np.random.default_rng(<0>)', 'random.Random(<3>)', 'Forest(10, random_state=<42>)', 'Split(.2, seed=<42>)',
    'f(*args, seed=<0>)', 'set_seed(<42>, True)', 'def f(x, n=1, seed=<1>): pass', 'def f(*, seed=<1>, n=2): pass', 'lambda seed=<2>: seed'])
def test_a_seed_is_shifted_and_nothing_else(source):
    plain,wanted = re.sub('[<>]', '', source),re.sub(r'<(\d+)>', lambda m: str(int(m[1])+5), source)
    assert plain!=wanted and shifted(plain)==ast.unparse(ast.parse(wanted))

@pytest.mark.parametrize('source,wanted', [('[f(seed) for seed in range(3)]', '[f(seed) for seed in [15, 16, 17]]'),
    ('for seed in (1, 2): f(seed)', 'for seed in [11, 12]: f(seed)'), ('{seed: 1 for seed in range(1, 3)}', '{seed: 1 for seed in [11, 12]}')])
def test_several_seeds_are_the_next_as_many(source, wanted): assert shifted(source)==wanted.replace(': f', ':\n    f')

@pytest.mark.parametrize('source', ['f(42)', 'n_estimators = 40', 'fit(seed)', 'manual_seed(n)', 'set_seed(True)', 'f(seed=None)', 'x.seed', 'rng(0)', '[f(seed) for seed in range(n)]',
    '[f(o) for o in range(3)]', '[f(seed) for seed in range()]', '[f(seed) for seed in seeds]', '[f(seed) for seed in (True, .5)]'])
def test_what_is_no_literal_seed_stays(source): assert shifted(source)==ast.unparse(ast.parse(source))

LUCKY = ['import random', '#| slow\nrandom.seed(4)\nassert random.random()<.3']

def test_a_notebook_that_is_right_by_luck_fails_with_another_seed(project):
    nb = write(project/'nbs/lucky.ipynb', md('# Lucky\n\n> No more than that'), *map(code, LUCKY))
    assert run(nb, '--with', 'slow').returncode==0
    assert figures(run(nb, '--seed', '1'))[-1]==0, 'the slow cell ran unasked'
    res = run(nb, '--seed', '1', '--with', 'slow')
    assert res.returncode!=0 and 'AssertionError' in res.stderr

# ---- which notebooks a step runs

def chosen(capsys, *args):
    which_notebooks.main(args)
    return capsys.readouterr().out.split('\0')[:-1]

def test_every_notebook_is_run_and_only_the_search_side_without_torch(capsys):
    every,plain = chosen(capsys),chosen(capsys, '--without-learn')
    assert sorted(every)==sorted(o.relative_to(ROOT).as_posix() for o in (ROOT/'nbs').rglob('*.ipynb') if '.ipynb_checkpoints' not in o.parts)
    left = set(every)-set(plain)
    assert {o for o in every if 'lessons/' in o or '_learn_' in o or module(ROOT/o).startswith('learn.')} <= left
    assert {module(ROOT/o) for o in every if module(ROOT/o) and not module(ROOT/o).startswith('learn.')}-{'encoder'} <= {module(ROOT/o) for o in plain}

def test_the_steps_of_marked_cells_choose_by_mark(capsys):
    assert 0<len(chosen(capsys, '--with', 'slow'))<len(chosen(capsys)) and not chosen(capsys, '--with', 'no_such_mark')
