"The payloads of `payloads` in a real JupyterLab, as stored outputs of a trusted notebook, where scripts do run."
import nbformat as nf

from fastdebug.render import render_answer
from fastdebug.rewrite import rewrite_markdown
from hostile import INSIDE, SCROLL, SETTLE
from payloads import FRAMES, PAYLOADS, VIEWS, evil_hit


COUNT = 'document.querySelectorAll(".jp-Notebook .jp-OutputArea-output").length'


def cell(*texts):
    outputs = [nf.v4.new_output('display_data', data={'text/markdown':t}) for t in texts]
    return nf.v4.new_code_cell('0', outputs=outputs, execution_count=1)

def evil_cells():
    "A cell that is shown as it is, as a control, and cells whose outputs are answers full of payloads"
    payloads = [p.replace('alert(1)', 'window.ran=1') for p in PAYLOADS if '\ud800' not in p]
    yield cell('<img alt=control src="data:," onerror="window.control=1">')
    for i,p in enumerate(payloads):
        frames = '\n\n'.join(rewrite_markdown(f.format(p, p), VIEWS[1]) for f in FRAMES)
        yield cell(render_answer([evil_hit(p, p)]*2, VIEWS[1], [p]), f'{frames}\n\npayload-{i}-end')


def test_nothing_runs_in_jupyterlab(reader):
    cells = list(evil_cells())
    reader.write('evil.ipynb', *cells)
    reader.lab.trust(reader.folder/'evil.ipynb')
    page = reader.page
    page.set_viewport_size({'width':1200, 'height':3000})
    reader.open('evil.ipynb')
    page.wait_for_function('window.control') # raw HTML in an output does run here: the test can fail
    while (n := page.evaluate(COUNT))<2*len(cells)-1: page.wait_for_function(f'{COUNT}>{n}') # they are drawn bit by bit
    page.evaluate(SCROLL)
    page.evaluate(SETTLE)
    inside = page.evaluate(INSIDE)
    assert not inside['bad'] and not page.evaluate('window.ran') and not reader.dialogs and not reader.foreign()
    missing = [i for i in range(len(cells)-1) if not any(f'payload-{i}-end' in t for t in inside['texts'])]
    assert not missing and len(cells)>200
