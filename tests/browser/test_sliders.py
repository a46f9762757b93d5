"What moves in the learn notebooks, in a real JupyterLab and on a page made of a notebook: sliders and the animation"
import re

import nbconvert, pytest
from playwright.sync_api import TimeoutError

pytestmark = pytest.mark.learn

LEARN = {   # the cell, what the output says before the number, which slider moves, how often to the right
    'quadratic': ("""import torch
from fastdebug.learn.quadratic import fit_sliders, mk_quad
x = torch.linspace(-2, 2, 20)
fit_sliders(mk_quad, x, mk_quad(3, 2, 1)(x), a=1., b=2., c=1.)""", r'mse (\S+)', 'a', 20),
    'relus': ("""import torch
from fastdebug.learn.quadratic import mk_relus, relu_sliders
x = torch.linspace(-2, 2, 20)
relu_sliders(x, x.relu())""", r'mse (\S+)', 'w1', 5),
    'sgd': ("""from fastdebug.learn.sgd import explore, make_line
explore(*make_line())""", r'-> (\S+),', 'learning rate', 8),
}


@pytest.mark.parametrize('name', LEARN)
def test_a_slider_changes_the_number_and_the_picture(reader, name):
    code,number,slider,moves = LEARN[name]
    reader.write('sliders.ipynb', code)
    reader.open('sliders.ipynb')
    reader.run()
    page,out = reader.page,reader.page.locator('.jp-OutputArea .widget-interact')
    image = out.locator('img')
    image.wait_for()
    def seen(): return re.search(number, out.inner_text())[1], image.get_attribute('src')
    first,picture = seen()
    handle = out.locator('.widget-slider').filter(has=page.get_by_text(slider, exact=True)).locator('.noUi-handle')
    for _ in range(moves): handle.press('ArrowRight')
    # the number and the picture come one after the other: wait until both are there, and both are new
    page.wait_for_function("""([number, first, picture]) => { const o = document.querySelector('.widget-interact'), i = o.querySelectorAll('img'),
        n = o.innerText.match(new RegExp(number)); return i.length==1 && i[0].src!=picture && n && n[1]!=first }""", arg=[number, first, picture])
    if name=='quadratic':   # one move is 0.1; the points lie on a=3, 20 moves away
        out.get_by_text('mse 0.000').wait_for()
        assert float(first)>1
    for _ in range(6):   # a move that was still on its way comes after the reset: reset again
        out.get_by_role('button', name='Reset').click()
        try:
            page.wait_for_function("""([number, first]) => { const o = document.querySelector('.widget-interact'), i = o.querySelectorAll('img'),
                n = o.innerText.match(new RegExp(number)); return i.length==1 && n && n[1]==first }""", arg=[number, first], timeout=20_000)
            break
        except TimeoutError: continue
    else: raise AssertionError('the sliders never went back')


MOVIE = """from fastdebug.learn.sgd import animate, fit_linear, make_line
x,y = make_line(n=20)
animate(x, y, fit_linear(x, y, epochs=9), n=4)"""

PLAYED = """movie => new Promise(done => {   // every picture that is seen after a press of the button, up to the last
    const images = [...movie.querySelectorAll('img')], seen = []
    const look = new MutationObserver(() => {
        seen.push(images.findIndex(o => o.checkVisibility()))
        if (seen.at(-1)==images.length-1) { look.disconnect(); done(seen) } })
    look.observe(movie, {subtree: true, attributes: true})
    movie.querySelector('button').click() })"""

def watch(movie):
    "Play `movie`, and look: the last picture is there from the start, then all in their order, then the first one by hand"
    images,slider = movie.locator('img'),movie.locator('input')
    images.last.wait_for()
    def seen(): return [o.is_visible() for o in images.all()]
    assert seen()==[False, False, False, True]
    assert movie.evaluate(PLAYED)==[0, 1, 2, 3] and slider.input_value()=='3'
    slider.press('Home')
    images.first.wait_for()
    assert seen()==[True, False, False, False]

def test_an_animation_plays_in_the_notebook_and_on_a_page_made_of_it(reader, tmp_path):
    reader.write('movie.ipynb', MOVIE)
    reader.open('movie.ipynb')
    reader.run()
    watch(reader.page.locator('.jp-OutputArea .movie'))
    reader.do('docmanager:save')
    page = tmp_path/'movie.html'
    page.write_text(nbconvert.HTMLExporter().from_filename(str(reader.folder/'movie.ipynb'))[0], encoding='utf-8')
    reader.page.goto(page.as_uri())
    watch(reader.page.locator('.movie'))
