"""What the tests in a real browser share: one JupyterLab with folders of its own, one Chromium, and a page that opens and runs notebooks.

No time-out here is a measure of speed: a page waits for what it needs to see, and presses again what may have been pressed too early."""
import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat as nf, pytest
from playwright import sync_api

from servers import ARGS, CHROMIUM, KERNEL, LONG, Lab, start_server, stop_server


@pytest.fixture(scope='session')
def lab(tmp_path_factory, session_cache):
    "JupyterLab on a free loopback port"
    p,lab = start_server(tmp_path_factory.mktemp('lab'), 'jupyterlab', '--LabApp.extension_manager=readonly', '--LabApp.expose_app_in_browser=True')
    yield lab
    stop_server(p, lab)


@pytest.fixture(scope='session')
def browser():
    if not CHROMIUM: pytest.skip('no Chromium; CHROMIUM names one')
    with sync_api.sync_playwright() as pw:
        b = pw.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield b
        b.close()


@dataclass
class Reader:
    "Somebody who sits in front of JupyterLab: a page, and all that it asked for"
    page:object
    lab:Lab
    folder:Path                                   # a project of this test's own, below `lab.root`
    requests:list = field(default_factory=list)   # addresses of all requests of this page and its frames
    dialogs:list = field(default_factory=list)    # what opened by itself

    def path(self, name): return (self.folder/name).relative_to(self.lab.root).as_posix()

    def foreign(self):
        "Addresses outside of the server that something asked for"
        own = (self.lab.url+'/', self.lab.url.replace('http', 'ws', 1)+'/', 'data:', f'blob:{self.lab.url}/')
        return [o for o in self.requests if not o.startswith(own)]

    def write(self, name, *cells):
        "A notebook with these code cells (or cells made already) in the test's own folder"
        cells = [nf.v4.new_code_cell(o) if isinstance(o, str) else o for o in cells]
        (self.folder/name).parent.mkdir(parents=True, exist_ok=True)
        nf.write(nf.v4.new_notebook(cells=cells, metadata=KERNEL), self.folder/name)
        return name

    def do(self, command, **args):
        "One of JupyterLab's commands, as its menus would run it"
        # what the command gives back is a part of the application, which can't leave the page
        return self.page.evaluate('async ([c,a]) => { await window.jupyterapp.commands.execute(c, a) }', [command, args])

    def open(self, name):
        "`name` alone in JupyterLab, its kernel ready"
        self.page.goto(f'{self.lab.url}/lab/tree/{self.path(name)}?reset')
        self.page.locator('.jp-Notebook .jp-Cell').first.wait_for(timeout=LONG)
        self.page.get_by_text('| Idle').wait_for(timeout=LONG)

    def run(self, n=1):
        "Run all cells until the first `n` code cells have their numbers: a press before the kernel is ready does nothing"
        prompts = self.page.locator('.jp-Notebook:visible .jp-InputPrompt')
        for _ in range(6):
            self.do('notebook:run-all-cells')
            try: prompts.filter(has_text=re.compile(r'\[[\d*]+\]')).first.wait_for(timeout=10_000)
            except sync_api.TimeoutError: continue
            break
        else: raise AssertionError('the cells never ran')
        self.page.wait_for_function('''n => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')]
            .filter(o => o.checkVisibility() && /\\[\\d+\\]/.test(o.textContent)).length >= n''', arg=n, timeout=LONG)

    def set_theme(self, theme):
        "'light' or 'dark'"
        self.do('apputils:change-theme', theme=f'JupyterLab {theme.title()}')
        self.page.wait_for_function(f"document.body.dataset.jpThemeLight=='{str(theme=='light').lower()}'", timeout=LONG)
        self.page.locator('#jupyterlab-splash').wait_for(state='detached', timeout=LONG)


@pytest.fixture
def reader(lab, browser, request):
    "A fresh page of a browser that is logged in; its parameter, if any, is how many dots make a pixel"
    context = browser.new_context(viewport={'width':1300, 'height':950}, device_scale_factor=getattr(request, 'param', 1))
    context.set_default_timeout(LONG)
    folder = lab.root/re.sub(r'\W+', '_', request.node.name).strip('_').lower()
    folder.mkdir()
    (folder/'pyproject.toml').touch()   # a project of its own: a search stays in it
    page = context.new_page()
    page.goto(f'{lab.url}/login?token={lab.token}')   # from here on a cookie is enough: no page has the token in its address
    reader = Reader(page, lab, folder)
    context.on('request', lambda r: reader.requests.append(r.url))
    def answer(dialog):   # leaving an unsaved notebook asks; nothing else may
        if dialog.type!='beforeunload': reader.dialogs.append(dialog.message)
        dialog.accept()
    context.on('dialog', answer)
    page.on('websocket', lambda w: reader.requests.append(w.url))
    yield reader
    context.close()
    lab.shut_down_kernels()
    lab.forget_settings()
