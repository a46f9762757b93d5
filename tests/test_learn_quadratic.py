"What the notebooks of `learn.core` and `learn.quadratic` can't show: a machine without torch, several seeds, another library"
import os, subprocess, sys
from functools import partial
import pytest

torch = pytest.importorskip('torch')
pytestmark = pytest.mark.learn

from fastdebug.learn.core import seeded
from fastdebug.learn.quadratic import add_noise, fit_curve, fit_relus, noise, quad, rmse, roller_coaster, standardize, unscale_quad

def test_without_torch_it_says_what_to_install():
    code = "import sys; sys.modules['torch'] = None; import fastdebug.learn.quadratic"
    res = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert res.returncode and 'needs torch: install the learn extra' in res.stderr and "pip install -e '.[learn]'" in res.stderr

@pytest.mark.parametrize('seed', range(3))
def test_badly_scaled_example_is_slow_and_the_fix_finds_least_squares(seed):
    g,x = seeded(seed),torch.arange(1., 40.)
    y = quad(.75, -25.5, 15, x) + noise(x, 3, g)
    start = torch.rand(3, generator=g)
    slow = fit_curve(quad, start, x, y, lr=1.05e-4, steps=1000, loss_func=rmse)
    assert 130 < slow.losses[-1] < 145
    z,mean,std = standardize(x)
    found = unscale_quad(fit_curve(quad, start, z, y, lr=1, steps=1000, loss_func=rmse).params[-1].double(), mean.double(), std.double())
    design = torch.stack([x**2, x, torch.ones_like(x)], dim=1).double()
    best = torch.linalg.lstsq(design, y[:,None].double()).solution[:,0]
    assert torch.allclose(found, best, rtol=1e-3)

@pytest.mark.parametrize('momentum', [0, .9])
def test_fit_takes_the_steps_of_torch_sgd(momentum):
    t,speed = (o.double() for o in roller_coaster(1))
    t = standardize(t)[0]
    run = fit_curve(quad, [1., 2., 3.], t, speed, lr=.02, steps=20, momentum=momentum)
    p = torch.tensor([1., 2., 3.], dtype=torch.float64, requires_grad=True)
    opt = torch.optim.SGD([p], lr=.02, momentum=momentum)
    for _ in range(20):
        opt.zero_grad()
        torch.nn.functional.mse_loss(quad(*p, t), speed).backward()
        opt.step()
    assert torch.allclose(run.params[-1], p.detach(), rtol=1e-12)

def test_same_seed_same_figures():
    x = torch.linspace(-2, 2, 20)
    for f in (partial(add_noise, x, .3, 1.5), lambda seed: roller_coaster(seed)[1],
              lambda seed: fit_relus(torch.sin, 4, steps=50, seed=seed)[1].losses):
        assert torch.equal(f(seed=3), f(seed=3)) and not torch.equal(f(seed=3), f(seed=4))

@pytest.mark.parametrize('seed', (0, 1))
def test_more_relus_fit_better_whatever_the_seed(seed):
    errors = [fit_relus(lambda x: torch.sin(2*x), n, seed=seed, steps=1500)[1].losses[-1] for n in (2, 8, 32)]
    assert errors==sorted(errors, reverse=True) and errors[-1]<.02

LOOP = """import time
from fastdebug.learn.core import watch
one,two = [],dict(a=[], b=[])
for i in watch(range(12), one, after=.1): time.sleep(.05); one.append(1/(i+1))
for i in watch(range(12), two, after=.1): time.sleep(.05); two['a'].append(1.); two['b'].append(-1.)
for i in watch(range(9), after=.1):
    time.sleep(.05)
    if i==6: break"""

@pytest.mark.parametrize('in_test', [False, True])
def test_a_long_loop_shows_itself_to_a_person_and_cleans_up(in_test):
    nf,nbclient = pytest.importorskip('nbformat'),pytest.importorskip('nbclient')
    seen = []
    class Client(nbclient.NotebookClient):
        def process_message(self, msg, cell, cell_index):
            seen.extend(msg['content'].get('data', {}))
            return super().process_message(msg, cell, cell_index)
    nb = nf.v4.new_notebook(cells=[nf.v4.new_code_cell(LOOP)])
    env = {k:v for k,v in os.environ.items() if k!='IN_TEST'}
    Client(nb, kernel_name='python3').execute(env=env | ({'IN_TEST': '1'} if in_test else {}))
    assert not any('image/png' in o.get('data', {}) for o in nb.cells[0].outputs)     # nothing is left in the notebook
    assert seen==[] if in_test else {'text/html', 'image/png'} <= set(seen)
