"The sliders of `learn.quadratic` in a real JupyterLab: moving one changes the number and the picture"
import os, re, shutil, socket, subprocess, sys, time, urllib.request

import nbformat as nf, pytest

pytest.importorskip('torch')
playwright = pytest.importorskip('playwright.sync_api')

CODE = '''import torch
from fastdebug.learn.quadratic import fit_sliders, mk_quad
x = torch.linspace(-2, 2, 20)
fit_sliders(mk_quad, x, mk_quad(3, 2, 1)(x), a=1., b=2., c=1.)'''


@pytest.fixture
def lab(tmp_path):
    "A JupyterLab of its own over `tmp_path`, with one notebook: its address"
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        port = s.getsockname()[1]
    kernel = {'kernelspec':{'name':'python3', 'display_name':'Python 3', 'language':'python'}}
    nf.write(nf.v4.new_notebook(cells=[nf.v4.new_code_cell(CODE)], metadata=kernel), tmp_path/'sliders.ipynb')
    dirs = {o: str(tmp_path/o.lower()) for o in ('JUPYTER_DATA_DIR', 'JUPYTER_RUNTIME_DIR', 'JUPYTER_CONFIG_DIR', 'IPYTHONDIR')}
    env = {k:v for k,v in (os.environ|dirs).items() if k!='IN_TEST'}   # a person sits in front of this one
    args = ['--no-browser', '--allow-root', f'--port={port}', '--ip=127.0.0.1', '--IdentityProvider.token=t', f'--ServerApp.root_dir={tmp_path}']
    with open(tmp_path/'log', 'w') as log:
        server = subprocess.Popen([sys.executable, '-m', 'jupyterlab', *args], env=env, stdout=log, stderr=log)
        try:
            for _ in range(60):
                try: urllib.request.urlopen(f'http://127.0.0.1:{port}/api?token=t'); break
                except OSError: time.sleep(1)
            yield f'http://127.0.0.1:{port}'
        finally:
            server.terminate()
            server.wait(20)


def run_all(page):
    "Press 'Run All Cells' until the cell has run: a press before the kernel is ready does nothing"
    for _ in range(5):
        page.get_by_role('menuitem', name='Run', exact=True).click()
        page.get_by_role('menuitem', name=re.compile('^Run All Cells')).first.click()
        try: return page.locator('.jp-InputPrompt', has_text=re.compile(r'\[[\d*]+\]')).first.wait_for(timeout=5_000)
        except playwright.TimeoutError: pass
    raise AssertionError('the cell never ran')


def test_a_slider_changes_the_loss_and_the_picture(lab):
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=shutil.which('chromium'), args=['--no-sandbox'])
        page = browser.new_page(viewport={'width':1200, 'height':900})
        page.goto(f'{lab}/lab/tree/sliders.ipynb?token=t')
        page.get_by_text('| Idle').wait_for(timeout=60_000)
        run_all(page)
        out = page.locator('.jp-OutputArea .widget-interact')
        image = out.locator('img')
        image.wait_for(timeout=60_000)
        # one move is 0.1; the points lie on a=3, 20 moves away
        def loss(): return float(re.search(r'mse (\S+)', out.inner_text())[1])
        first,picture = loss(), image.get_attribute('src')
        handle = out.locator('.noUi-handle').first
        for n in range(20): handle.press('ArrowRight')
        out.get_by_text('mse 0.000').wait_for(timeout=20_000)
        assert first>1 and loss()==0 and image.count()==1 and image.get_attribute('src')!=picture
        if shot := os.environ.get('SHOT'): page.screenshot(path=shot)
        browser.close()
