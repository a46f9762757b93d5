"The sliders of the learn notebooks in a real JupyterLab: moving one changes the number and the picture"
import re

import pytest

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
explore(*make_line())""", r'-> (\S+),', 'lr', 8),
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
