"The from-scratch rooms as a set: one history, one word for each thing, pictures that fit any page, and no warning"
import inspect, json, re, warnings
from importlib import import_module
from itertools import combinations
import pytest

torch = pytest.importorskip('torch')
pytestmark = pytest.mark.learn

import matplotlib
matplotlib.use('agg')
import matplotlib.pyplot as plt
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.text import Text
from fastdebug.learn.core import History, new_figure

ROOMS = 'core quadratic sgd logistic digits mnist lessons'.split()

@pytest.fixture(scope='module')
def rooms(): return {o: import_module(f'fastdebug.learn.{o}') for o in ROOMS}

@pytest.fixture(autouse=True)
def closed():
    "No figure is left open"
    yield
    plt.close('all')

# ---- names

def test_everything_can_be_imported_together(rooms):
    "A name means one thing, whichever room it comes from"
    def public(room): return {o: getattr(room, o) for o in room.__all__}
    twice = [(n, a, b) for a,b in combinations(ROOMS, 2) for n in public(rooms[a]).keys() & public(rooms[b]).keys()
             if getattr(rooms[a], n) is not getattr(rooms[b], n)]
    assert not twice
    everything = {}
    for o in ROOMS: exec(f'from fastdebug.learn.{o} import *', everything)
    assert {'fit_curve', 'fit_linear', 'train_model', 'History'} <= everything.keys() and 'fit' not in everything

def functions(room):
    "Every public function, and every method of a public class, of this room itself"
    for o in (getattr(room, n) for n in room.__all__):
        if getattr(o, '__module__', '')!=room.__name__: continue
        if inspect.isclass(o): yield from (m for n,m in vars(o).items() if inspect.isfunction(m) and (n=='__init__' or n[0]!='_'))
        elif callable(o): yield o

@pytest.mark.parametrize('room', ROOMS)
def test_one_word_for_momentum_and_one_for_the_loss(rooms, room):
    taken = {n: p for f in functions(rooms[room]) for n,p in inspect.signature(f).parameters.items()}
    assert not {'mom', 'keep'} & taken.keys()
    measures = {n for n,p in taken.items() if getattr(p.default, '__name__', '') in ('mse', 'mnist_loss', 'bce')}
    assert measures <= {'loss_func'}

# ---- one history

def runs():
    from fastdebug.learn.logistic import bce, make_classes
    from fastdebug.learn.mnist import DataLoader, train_model
    from fastdebug.learn.quadratic import fit_curve, fit_relus, quad
    from fastdebug.learn.sgd import SGD, fit_linear, make_line
    x = torch.linspace(-1, 1, 9)
    yield fit_curve(quad, [1., 1., 1.], x, x**2, steps=4)
    yield fit_relus(torch.sin, 3, steps=4)[1]
    yield fit_linear(*make_line(), bs=25, epochs=1)
    yield fit_linear(*make_classes(), epochs=4, loss_func=bce)
    dl,model = DataLoader([(torch.ones(2)*i, torch.ones(1)*(i%2)) for i in range(8)], 2),torch.nn.Linear(2, 1)
    yield train_model(model, dl, dl, 1, SGD(model.parameters(), lr=.1))

def test_every_loop_fills_the_same_history():
    for run in runs():
        assert type(run) is History and len(run)==4 and len(run.curve) in (4, 5)
        assert len(run.losses) in (0, 5) and len(run.batch_losses) in (0, 4)
        if len(run.params): assert run.params.shape==(5, run.grads.shape[1]) and len(run.grads)==4
        assert all(re.search(rf'\b4 steps, loss {run.curve[0]:.4g} -> {run.curve[-1]:.4g}', o) for o in [repr(run)])

def test_a_history_keeps_copies():
    w,history = torch.ones(2, requires_grad=True),History()
    history.add(w, w.sum(), w)
    with torch.no_grad(): w += 1
    history.add(w, w.sum())
    assert history.params.tolist()==[[1, 1], [2, 2]] and history.grads.tolist()==[[1, 1]] and history.losses.tolist()==[2, 4]
    assert not history.params.requires_grad

# ---- pictures on a light page and on a dark one

PAGES = '#ffffff', '#222222', '#111111' # paper, the site and JupyterLab in the dark

def luminance(rgb): return sum(k*(c/12.92 if c<=.04045 else ((c+.055)/1.055)**2.4) for k,c in zip((.2126, .7152, .0722), rgb))

def contrast(color, page):
    "How much brighter one is than the other, from 1 to 21, as WCAG counts it; `color` may be translucent"
    *rgb,alpha = to_rgba(color)
    mixed = [alpha*c + (1-alpha)*p for c,p in zip(rgb, to_rgb(page))]
    a,b = sorted((luminance(mixed), luminance(to_rgb(page))))
    return (b+.05)/(a+.05)

def pictures():
    "Each plot of ours, as a call"
    from fastdebug.learn import core,digits,logistic,mnist,quadratic,sgd
    x,y = sgd.make_line(n=20)
    run,curve = sgd.fit_linear(x, y, bs=10, epochs=2),x[:,0]
    epochs = History()
    for o in (.5, .4): epochs.add(batch_loss=o); epochs.epochs.append(core.Epoch(o, o, 1-o))
    xc,yc = logistic.make_classes(n=5)
    return {'plot_losses': lambda: core.plot_losses({'a': [3, 2], 'b': [2, 1]}), 'History.plot': epochs.plot,
            'plot_function': lambda: quadratic.plot_function(torch.sin), 'plot_fit': lambda: quadratic.plot_fit(torch.sin, curve, y),
            'fit_sliders': lambda: quadratic.fit_sliders(quadratic.mk_quad, curve, y, a=1, b=1, c=1),
            'plot_run': lambda: quadratic.plot_run(quadratic.quad, curve, y, quadratic.fit_curve(quadratic.quad, [1.]*3, curve, y, steps=9)),
            'plot_strip': lambda: sgd.plot_strip(x, y, run), 'plot_fits': lambda: sgd.plot_fits(x, y, {'one': run, 'two': run}),
            'explore': lambda: sgd.explore(x, y, epochs=1),
            'draw_boundary': lambda: sgd.plot_strip(xc, yc, sgd.fit_linear(xc, yc, epochs=2, loss_func=logistic.bce), logistic.draw_boundary),
            'show_images': lambda: digits.show_images(torch.rand(2, 4, 4), ['one', 'two']),
            'plot_accuracy': lambda: mnist.plot_accuracy({'a': [.9, .95]}, {'level': .92})}

@pytest.mark.parametrize('name', ['plot_losses', 'History.plot', 'plot_function', 'plot_fit', 'fit_sliders', 'plot_run', 'plot_strip',
                                  'plot_fits', 'explore', 'draw_boundary', 'show_images', 'plot_accuracy'])
def test_a_plot_is_read_on_any_page(name):
    pictures()[name]()
    assert plt.get_fignums()
    for fig in map(plt.figure, plt.get_fignums()):
        fig.canvas.draw()
        assert to_rgba(fig.get_facecolor())[3]==0, 'a background of its own'
        for text in fig.findobj(lambda o: isinstance(o, Text) and o.get_text().strip() and o.get_visible()):
            assert min(contrast(text.get_color(), p) for p in PAGES)>3.9, f'{text.get_text()!r} is {text.get_color()}'
        for ax in fig.axes:
            pages = PAGES if to_rgba(ax.get_facecolor())[3]==0 else [ax.get_facecolor()]
            for line in ax.lines:
                color = to_rgba(line.get_color(), line.get_alpha())
                assert min(contrast(color, p) for p in pages)>1.5, f'a line is {line.get_color()}'

def test_a_readers_own_figure_keeps_its_look():
    from fastdebug.learn.quadratic import plot_function
    ax = plt.figure().subplots()
    before = ax.get_facecolor(),ax.figure.get_facecolor(),ax.title.get_color()
    plot_function(torch.sin, ax=ax)
    assert before==(ax.get_facecolor(), ax.figure.get_facecolor(), ax.title.get_color())

# ---- what shows itself

def test_an_animation_shows_itself_without_scripts():
    from IPython.core.formatters import DisplayFormatter
    from fastdebug.learn.sgd import animate, fit_linear, make_line
    x,y = make_line(n=10)
    movie = animate(x, y, fit_linear(x, y, epochs=5), n=3)
    shown,_ = DisplayFormatter().format(movie)
    page = shown['text/html']
    assert '<script' not in page and not re.search(r'https?:|\bid=', page)
    images = re.findall(r'<img [^>]*>', page)
    assert len(images)==3 and ['display:none' in o for o in images]==[True, True, False]
    assert all(o.startswith('data:image/png;base64,') for o in re.findall(r'src="([^"]*)"', page))
    assert re.search(r"alt=\"step 5, loss [\d.]+\"", images[-1]) and shown['text/plain'].startswith("Movie: 3 pictures, from 'step 0")
    assert not plt.get_fignums(), 'a second, still picture would be shown'

def test_explore_has_full_names_labels_the_line_and_a_reset(capsys):
    from fastdebug.learn.sgd import explore, make_line
    x,y = make_line()
    sliders = explore(x, y, labels=('time (s)', 'way (m)'))
    assert [o.description for o in sliders.kwargs_widgets]==['learning rate', 'batch size (points)', 'momentum', 'weight decay']
    line,path,loss = plt.gcf().axes
    assert (line.get_xlabel(), line.get_ylabel())==('time (s)', 'way (m)') and (path.get_xlabel(), path.get_ylabel())==('slope', 'intercept')
    assert (loss.get_xlabel(), loss.get_ylabel())==('step', 'mse (log scale)') and all(o.get_title() for o in (line, path, loss))
    first = sliders.result
    ends = torch.tensor(line.lines[0].get_xydata())
    assert torch.allclose(ends[:,1], ends[:,0]*first.params[-1,0] + first.params[-1,1])
    sliders.move(lr=.9, bs=5, momentum=.5, wd=.1)
    assert not torch.equal(sliders.result.params[-1], first.params[-1])
    reset = next(o for o in sliders.children if o.description=='Reset')
    reset.click()
    assert torch.equal(sliders.result.params, first.params)

# ---- no warning

def test_no_picture_warns():
    "One point, one height, one step: limits that could be singular"
    from fastdebug.learn.quadratic import fit_curve, fit_sliders, mk_quad, plot_fit, plot_run, quad
    one,flat = torch.ones(1),torch.ones(5)
    with warnings.catch_warnings():
        warnings.simplefilter('error', UserWarning)
        for x,y in ((one, one), (torch.arange(5.), flat), (flat, torch.arange(5.))):
            fit_sliders(mk_quad, x, y, a=0, b=0, c=1).move(a=1)
            plot_fit(mk_quad(0, 0, 1), x, y)
            plot_run(quad, x, y, fit_curve(quad, [0., 0., 1.], x, y, steps=1))
        for o in pictures().values():
            o()
            for num in plt.get_fignums(): plt.figure(num).canvas.draw()
            plt.close('all')

def test_no_page_has_a_warning_in_it(root):
    for nb in sorted((root/'nbs').rglob('*.ipynb')):
        cells = json.loads(nb.read_text(encoding='utf-8'))['cells']
        said = [''.join(o.get('text', '')) for c in cells for o in c.get('outputs', ()) if o.get('name')=='stderr']
        assert not [o for o in said if 'Warning' in o], nb.name
