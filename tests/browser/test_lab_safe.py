"""The payloads of `test_render_safe` in a real JupyterLab, as stored outputs of a trusted notebook, where scripts do run."""
import json, os, shutil, socket, subprocess, sys, time, urllib.request

import nbformat as nf, pytest

from fastdebug.render import render_answer
from fastdebug.rewrite import rewrite_markdown
from test_render_safe import FRAMES, PAYLOADS, VIEWS, evil_hit

playwright = pytest.importorskip('playwright.sync_api')

LOOK = '''() => {
  const bad = [], outs = document.querySelectorAll('.jp-Notebook .jp-OutputArea .jp-RenderedMarkdown');
  for (const o of outs) { if (o.querySelector('.jp-control, img[alt=control]')) continue;
    for (const e of o.querySelectorAll('*')) {
      if (/^(script|iframe|object|embed|form|meta|link|base|style)$/i.test(e.tagName) && !e.closest('mjx-container')) bad.push(e.outerHTML.slice(0, 300));
      for (const a of e.attributes) if (/^on/i.test(a.name) || /^(href|src|action|xlink:href)$/i.test(a.name) && /^\\s*(javascript|vbscript|data:text)/i.test(a.value)
        || a.name=='src' && !/^data:image/.test(a.value)) bad.push(e.outerHTML.slice(0, 300)); } }
  const s = document.querySelector('.jp-WindowedPanel-outer'), at = s.scrollTop;
  s.scrollTop += 2500;
  return {bad, marks: [...outs].map(o => o.textContent.match(/payload-\\d+-end/g) || []).flat(), at, control: window.control || 0, ran: window.ran || 0};
}'''


def write_notebook(path):
    "A notebook whose outputs are answers full of payloads, and one that is shown as it is, as a control"
    def cell(*texts):
        outputs = [nf.v4.new_output('display_data', data={'text/markdown':t}) for t in texts]
        return nf.v4.new_code_cell('0', outputs=outputs, execution_count=1)
    payloads = [p.replace('alert(1)', 'window.ran=1') for p in PAYLOADS if '\ud800' not in p]
    cells = [cell('<img alt=control src="data:," onerror="window.control=1">')]
    for i,p in enumerate(payloads):
        frames = '\n\n'.join(rewrite_markdown(f.format(p, p), VIEWS[1]) for f in FRAMES)
        cells.append(cell(render_answer([evil_hit(p, p)]*2, VIEWS[1], [p]), f'{frames}\n\npayload-{i}-end'))
    nf.write(nf.v4.new_notebook(cells=cells, metadata={'kernelspec':{'name':'python3', 'display_name':'Python 3', 'language':'python'}}), path)
    return len(payloads)


@pytest.fixture
def lab(tmp_path):
    "A JupyterLab of its own over `tmp_path`: its address"
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        port = s.getsockname()[1]
    env = dict(os.environ, JUPYTER_DATA_DIR=str(tmp_path/'data'), JUPYTER_RUNTIME_DIR=str(tmp_path/'rt'), JUPYTER_CONFIG_DIR=str(tmp_path/'config'))
    n = write_notebook(tmp_path/'evil.ipynb')
    subprocess.run([sys.executable, '-m', 'jupyter', 'trust', str(tmp_path/'evil.ipynb')], env=env, check=True)
    args = ['--no-browser', '--allow-root', f'--port={port}', '--ip=127.0.0.1', '--IdentityProvider.token=t', f'--ServerApp.root_dir={tmp_path}']
    with open(tmp_path/'log', 'w') as log:
        server = subprocess.Popen([sys.executable, '-m', 'jupyterlab', *args], env=env, stdout=log, stderr=log)
        try:
            for _ in range(60):
                try: urllib.request.urlopen(f'http://127.0.0.1:{port}/api?token=t'); break
                except OSError: time.sleep(1)
            yield f'http://127.0.0.1:{port}', n
        finally:
            server.terminate()
            server.wait(20)


def test_nothing_runs_in_jupyterlab(lab):
    url,n = lab
    dialogs,foreign,bad,ends = [],[],set(),set()
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=shutil.which('chromium'), args=['--no-sandbox'])
        page = browser.new_page(viewport={'width':1200, 'height':3000})
        page.on('dialog', lambda d: (dialogs.append(d.message), d.dismiss()))
        page.on('request', lambda r: None if r.url.startswith((url, 'data:', 'blob:')) else foreign.append(r.url))
        page.goto(f'{url}/lab/tree/evil.ipynb?token=t')
        page.wait_for_function('window.control', timeout=120_000) # raw HTML in an output does run here: the test can fail
        last = -1
        while True:
            seen = page.evaluate(LOOK)
            bad.update(seen['bad']); ends.update(seen['marks'])
            if seen['at']==last: break
            last = seen['at']
            time.sleep(.3)
        browser.close()
    assert seen['control']==1 and not seen['ran'] and not dialogs and not bad and not foreign, (dialogs, list(bad)[:5], foreign[:5])
    assert len(ends)>=.95*n, f'only {len(ends)} of {n} outputs were seen'
