"""The search box as a person uses it, in a JupyterLab without `expose_app_in_browser`: by keys, with the clipboard, in the dark, narrow,
with a kernel that is busy or was restarted, and in a notebook that was saved and opened again.

Every run leaves pictures in `_shots/`, see `test_answers.py`."""
import json, re, shutil

import nbformat as nf, pytest
from playwright.sync_api import TimeoutError

from hostile import Trap, write_notes
from keep_shots import KEEP, MOST, SHOTS, shrink
from looks import YELLOW, contrast, luminance, styles
from servers import KERNEL, LONG, start_server, stop_server

BOX = 'from fastdebug.utils import *\nfastbox()'


@pytest.fixture(scope='module')
def plain(tmp_path_factory, session_cache):
    "JupyterLab as people have it: the page can't reach the application"
    p,lab = start_server(tmp_path_factory.mktemp('plain'), 'jupyterlab', '--LabApp.extension_manager=readonly')
    yield lab
    stop_server(p, lab)


class Desk:
    "Somebody in front of a notebook with a box"
    def __init__(self, page, lab, folder): self.page,self.lab,self.folder,self.requests = page,lab,folder,[]

    def settings(self, plugin, **values):
        path = self.lab.root.parent/f'settings/@jupyterlab/{plugin}.jupyterlab-settings'
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))

    def open(self, *cells, name='ask.ipynb'):
        if cells: nf.write(nf.v4.new_notebook(cells=[nf.v4.new_code_cell(o) for o in cells], metadata=KERNEL), self.folder/name)
        self.page.goto(f'{self.lab.url}/lab/tree/{(self.folder/name).relative_to(self.lab.root).as_posix()}?reset')
        self.page.locator('.jp-Notebook .jp-Cell').first.wait_for()
        self.page.get_by_text('| Idle').wait_for()

    def cell(self, i): return self.page.locator('.jp-Notebook:visible .jp-CodeCell').nth(i)

    def run(self, i=0):
        "Run a cell until it has a number, or a star"
        for _ in range(6):   # a press before the kernel is ready does nothing
            self.cell(i).locator('.cm-content').click()
            self.page.keyboard.press('Control+Enter')
            try: self.cell(i).locator('.jp-InputPrompt').filter(has_text=re.compile(r'\[[\d*]+\]')).wait_for(timeout=10_000)
            except TimeoutError: continue
            return
        raise AssertionError('the cell never ran')

    def finish(self, i):
        "Run a cell and wait for its end: what waits behind a cell that fails is not run"
        self.run(i)
        self.cell(i).locator('.jp-InputPrompt').filter(has_text=re.compile(r'\[\d+\]')).wait_for()

    def ready(self):
        "The box, its input in focus"
        self.run()
        self.page.locator('.fd-chip').first.wait_for()
        self.input.click()
        return self

    @property
    def input(self): return self.page.get_by_role('combobox', name='Ask your notebooks')
    @property
    def rows(self): return self.page.get_by_role('listbox', name='Sections found').get_by_role('option')
    @property
    def count(self): return self.page.locator('.fd-count')
    @property
    def body(self): return self.page.locator('.fd-body')
    def button(self, name): return self.page.locator('.fd-actions').get_by_role('link' if name=='open' else 'button', name=name, exact=True)

    def ask(self, text, first):
        "Type `text` key by key until a row says `first`"
        self.input.fill('')
        self.input.press_sequentially(text, delay=20)
        self.rows.first.filter(has_text=first).wait_for()
        self.body.filter(has_text=first).wait_for()

    def chosen(self): return self.page.evaluate("[...document.querySelectorAll('.fd-list [aria-selected=true]')].map(o => +o.dataset.i)")
    def focused(self): return self.page.evaluate('document.activeElement.className + document.activeElement.textContent.slice(0, 9)')
    def save(self): self.page.keyboard.press('Control+s')
    def saved(self): return json.loads((self.folder/'ask.ipynb').read_text(encoding='utf-8'))


@pytest.fixture
def desk(plain, browser, request, root):
    context = browser.new_context(viewport={'width':1200, 'height':950}, device_scale_factor=getattr(request, 'param', 1))
    context.set_default_timeout(LONG)
    context.grant_permissions(['clipboard-read', 'clipboard-write'], origin=plain.url)
    folder = plain.root/re.sub(r'\W+', '_', request.node.name).strip('_').lower()
    folder.mkdir()
    (folder/'pyproject.toml').touch()
    shutil.copytree(root/'nbs/lessons', folder/'lessons', copy_function=shutil.copyfile, ignore=shutil.ignore_patterns('data'))
    page = context.new_page()
    page.goto(f'{plain.url}/login?token={plain.token}')
    desk = Desk(page, plain, folder)
    context.on('request', lambda r: desk.requests.append(r.url))
    page.on('dialog', lambda d: d.accept())
    yield desk
    context.close()
    plain.shut_down_kernels()
    plain.forget_settings()


def test_it_answers_while_one_types(desk):
    desk.open(BOX)
    desk.ready().ask('how does gradient accum', 'What does gradient accumulation do?')
    assert desk.rows.count()==8 and desk.count.inner_text()=='8 sections'
    assert {'gradient', 'accumulation'}<={o.lower() for o in desk.body.locator('mark').all_inner_texts()}
    assert desk.body.locator('table').count() and 'lesson' not in desk.count.inner_text() and 'Searched' in desk.page.locator('.fd-notes').inner_text()
    left,right = desk.page.locator('.fd-list').bounding_box(),desk.page.locator('.fd-section').bounding_box()
    assert left['x']+left['width']<=right['x'] and abs(left['y']-right['y'])<20
    desk.ask('what is momentum kind:question', 'momentum')
    desk.page.locator('.fd-chip', has_text='kind:').locator('select').select_option('lesson')
    desk.page.wait_for_function("document.querySelector('.fd-notes').textContent.includes('left out') || document.querySelectorAll('.fd-list li').length")
    own = (desk.lab.url+'/', desk.lab.url.replace('http', 'ws', 1)+'/', 'data:', f'blob:{desk.lab.url}/')
    assert not [o for o in desk.requests if not o.startswith(own)]


def test_keys_alone(desk):
    "From the cell to a section and back, and no key of it is one of the notebook's"
    desk.open(BOX, 'kept = 1')
    desk.ready().ask('how does gradient accum', 'What does gradient accumulation do?')
    cells = desk.page.locator('.jp-Notebook .jp-Cell').count()
    desk.input.press('ArrowDown'); desk.input.press('ArrowDown'); desk.input.press('ArrowUp'); desk.input.press('ArrowDown')
    assert desk.chosen()==[2] and desk.input.get_attribute('aria-activedescendant')==desk.rows.nth(2).get_attribute('id')
    words = desk.rows.nth(2).locator('.fd-heading').inner_text()
    desk.body.filter(has_text=words).wait_for()
    for _ in range(20): desk.input.press('ArrowDown')
    assert desk.chosen()==[7] and desk.rows.nth(7).evaluate('e => { const r = e.getBoundingClientRect(), l = e.parentElement.getBoundingClientRect(); return r.top>=l.top-1 && r.bottom<=l.bottom+1 }')
    for _ in range(20): desk.input.press('ArrowUp')
    assert desk.chosen()==[0] and desk.input.input_value()=='how does gradient accum'
    desk.body.filter(has_text='What does gradient accumulation do?').wait_for()   # a section that arrives later starts at its top
    desk.input.press('Enter')
    assert desk.focused().startswith('fd-body')
    for key in ('d', 'd', 'a', 'b', 'x', 'ArrowDown', '0', '0'): desk.page.keyboard.press(key)   # they would delete, add and cut cells, restart the kernel
    assert desk.page.locator('.jp-Notebook .jp-Cell').count()==cells and not desk.page.locator('.jp-Dialog').count()
    desk.page.wait_for_function("document.querySelector('.fd-body').scrollTop>0")   # keys scroll smoothly
    desk.page.keyboard.press('Escape')
    assert desk.focused().startswith('fd-input') and desk.input.input_value()=='how does gradient accum'
    order = []
    for _ in range(14):
        desk.page.keyboard.press('Tab')
        order.append(desk.page.evaluate("(e => e.closest('.fd-box') ? e.textContent.trim() && e.className.includes('fd-button') ? e.textContent : e.tagName + ' ' + (e.type ?? '') : '')(document.activeElement)"))
    assert order.index('SELECT select-one')<order.index('INPUT date')<order.index('open')<order.index('copy')<order.index('insert')
    desk.input.focus()
    desk.page.keyboard.press('Escape')
    desk.page.wait_for_function("!document.querySelector('.fd-list li')")
    assert desk.input.input_value()=='' and 'Type a question' in desk.page.locator('.fd-notes').inner_text() and not desk.page.locator('.fd-panes').is_visible()


def test_it_can_be_read_out(desk):
    desk.open(BOX)
    desk.ready().ask('gradient accumulation', 'Gradient accumulation')
    heard = desk.page.locator('.fd-box').aria_snapshot()
    for o in ('combobox "Ask your notebooks" [expanded]', 'group "Narrow the search"', 'status: 8 sections', 'listbox "Sections found"', 'option "1 Gradient accumulation 0010_gradient_accumulation.ipynb" [selected]',
              'group "Use this section"', 'link "open"', 'button "copy"', 'button "insert"', 'region "Gradient accumulation"'): assert o in heard, heard
    assert re.search(r'combobox "in:', heard) and re.search(r'combobox "kind:', heard) and 'textbox "since:' in heard and 'textbox "path:' in heard, heard
    assert desk.count.get_attribute('aria-live')=='polite' and desk.page.locator('.fd-list').get_attribute('id')==desk.input.get_attribute('aria-controls')
    desk.page.locator('.fd-clear').click()
    desk.page.wait_for_function("document.querySelector('.fd-input').getAttribute('aria-expanded')=='false'")


def clipboard(desk): return desk.page.evaluate('navigator.clipboard.readText()')

def with_code(desk):
    "The box over a section with code, and that section's number"
    desk.open(BOX, 'fastinsert(2)', '')
    desk.ready().ask('gradient accumulation torch', 'radient')
    if desk.button('insert').is_disabled():
        desk.rows.nth(1).click()
        desk.page.wait_for_function("!document.querySelectorAll('.fd-actions button')[1].disabled")
    return desk.chosen()[0]+1

def test_a_click_chooses_and_copy_fills_the_clipboard(desk):
    desk.open(BOX)
    desk.ready().ask('gradient accumulation torch', 'radient')
    desk.rows.nth(1).click()
    assert desk.chosen()==[1] and desk.focused().startswith('fd-input')
    words = desk.rows.nth(1).locator('.fd-heading').inner_text()
    desk.body.filter(has_text=words).wait_for()
    desk.page.evaluate("navigator.clipboard.writeText('before')")
    desk.button('copy').click()
    desk.page.locator('.fd-done', has_text='Copied.').wait_for()
    assert (text := clipboard(desk))!='before' and (text.startswith('# From "') or words in text)

def test_insert_names_the_call_that_makes_the_next_cell(desk):
    n = with_code(desk)
    desk.button('insert').click()
    desk.page.locator('.fd-done', has_text=f'fastinsert({n})').wait_for()
    code = clipboard(desk)
    assert code.startswith('# From "')
    desk.cell(1).locator('.cm-content').click()
    desk.page.keyboard.press('Control+a')
    desk.page.keyboard.type(f'fastinsert({n})')
    desk.run(1)
    desk.page.wait_for_function("[...document.querySelectorAll('.jp-Notebook .cm-content')].some(e => e.textContent.startsWith('# From'))")
    shown = [o for o in desk.page.locator('.jp-Notebook .cm-content').all_inner_texts() if o.startswith('# From "')]
    assert [o.split('\n')[0].strip() for o in shown]==[code.split('\n')[0]]

def test_open_opens_the_notebook_in_this_lab(desk):
    with_code(desk)
    desk.button('open').click()
    desk.page.locator('.lm-DockPanel-tabBar .lm-mod-current .lm-TabBar-tabLabel', has_text='accumulation').wait_for()
    assert len(desk.page.context.pages)==1 and desk.page.url.startswith(desk.lab.url+'/lab/')


def test_a_formula_and_a_picture_are_seen(desk):
    desk.open(BOX)
    desk.ready().ask('what is binary cross-entropy', 'binary cross-entropy')
    desk.body.locator('mjx-container').first.wait_for()
    assert not desk.body.locator('mjx-merror').count()
    desk.ask('what do the loss curves look like with and without gradient accumulation', 'loss curves look like')
    image = desk.body.locator('img[src^="data:image/png"]').first
    image.wait_for()
    assert image.evaluate('async e => { await e.decode(); return e.naturalWidth }')>100
    code = desk.page.locator('.fd-body pre code.language-python span')
    assert len({o[0] for o in styles(desk.page, '.fd-body pre code.language-python span', 'color')})>=3 and code.count()   # coloured


@pytest.mark.parametrize('theme', ['light', 'dark'])
def test_light_and_dark(desk, theme):
    if theme=='dark': desk.settings('apputils-extension/themes', theme='JupyterLab Dark')
    desk.open(BOX)
    desk.ready().ask('how does gradient accum', 'What does gradient accumulation do?')
    page = desk.page
    (paper, scheme), = styles(page, '.fd-box', 'backgroundColor', 'colorScheme')
    assert (luminance(paper)>.5)==(theme=='light') and scheme==theme
    for where in ('.fd-input', '.fd-heading', '.fd-body p', '.fd-body td'):
        for (ink,) in styles(page, where, 'color'): assert contrast(ink, paper)>=7, (where, ink)
    for where in ('.fd-where', '.fd-chip', '.fd-count', '.fd-notes', '.fd-place'):
        for (ink,) in styles(page, where, 'color'): assert contrast(seen(ink, paper), paper)>=4.5, (where, ink)
    for ink,back in styles(page, '.fd-button', 'color', 'backgroundColor'): assert contrast(ink, back)>=4.5
    for ink,back in styles(page, '.fd-box mark', 'color', 'backgroundColor'): assert back==YELLOW and contrast(ink, back)>=7
    page.screenshot(path=shots()/f'box_whole_{theme}.png')

def seen(ink, paper):
    "`ink`, which may be transparent, as it looks on `paper`"
    *rgb,a = (*map(float, re.findall(r'[\d.]+', ink)), 1.)[:4] if ink.count(',')==3 else (*map(float, re.findall(r'[\d.]+', ink)[:3]), 1.)
    return 'rgb(%d, %d, %d)' % tuple(round(c*a+int(p)*(1-a)) for c,p in zip(rgb, re.findall(r'\d+', paper)))

def shots():
    SHOTS.mkdir(parents=True, exist_ok=True)
    return SHOTS


@pytest.mark.parametrize('width', [400, 320])
def test_narrow(desk, width):
    "The section stands below the list, and nothing is wider than the box"
    desk.open(BOX)
    desk.ready()
    desk.page.evaluate("w => document.querySelector('.fd-box').style.width = w+'px'", width)
    desk.ask('how does gradient accum', 'What does gradient accumulation do?')
    left,right = desk.page.locator('.fd-list').bounding_box(),desk.page.locator('.fd-section').bounding_box()
    assert left['y']+left['height']<=right['y'] and right['width']>width-60
    wide = desk.page.evaluate("""() => { const b = document.querySelector('.fd-box'), edge = b.getBoundingClientRect().right
        return [...b.querySelectorAll('*')].filter(e => !e.closest('pre, table, .fd-tex, .fd-hidden, [hidden]') && e.checkVisibility() && e.getBoundingClientRect().right>edge).map(e => e.outerHTML.slice(0, 80)) }""")
    assert not wide and desk.page.locator('.fd-box').evaluate('e => e.scrollWidth<=e.clientWidth')
    desk.page.locator('.fd-box').screenshot(path=shots()/f'box_{width}.png')


@pytest.mark.parametrize('over', ['perCommTarget', 'disabled'])
def test_a_busy_kernel(desk, over):
    "The box answers meanwhile where the kernel can; else it says why not, and then answers what stands there last"
    desk.settings('apputils-extension/kernels-settings', commsOverSubshells=over)
    desk.open(BOX, 'import time; time.sleep(12); print("done")')
    desk.ready()
    desk.run(1)
    desk.input.press_sequentially('momentum', delay=200)   # some pauses are long enough for a request of their own
    desk.input.press_sequentially(' gradient accumulation', delay=20)
    if over=='disabled': desk.count.filter(has_text='The kernel is busy').wait_for()
    desk.rows.first.filter(has_text='accumulation').wait_for()
    assert bool(desk.cell(1).locator('.jp-OutputArea-output', has_text='done').count())==(over=='disabled')
    desk.count.filter(has_text='8 sections').wait_for()
    desk.page.wait_for_timeout(500)   # what came late would be here by now
    assert 'accumulation' in desk.rows.first.inner_text() and desk.input.input_value()=='momentum gradient accumulation'


def test_a_restarted_kernel(desk):
    desk.open(BOX)
    desk.ready().ask('momentum', 'omentum')
    desk.page.locator('.jp-NotebookPanel-toolbar [title^="Restart the kernel"], .jp-NotebookPanel-toolbar [data-command="kernelmenu:restart"]').first.click()
    desk.page.locator('.jp-Dialog').locator('.jp-mod-accept').click()
    desk.count.filter(has_text='Run this cell again').wait_for()
    desk.input.fill('gradient')
    desk.page.wait_for_timeout(400)
    assert 'Run this cell again' in desk.count.inner_text()
    desk.ready().ask('gradient accumulation', 'Gradient accumulation')


def test_a_cell_that_runs_again_keeps_what_stood_there(desk):
    desk.open(BOX)
    desk.ready().ask('gradient accumulation', 'Gradient accumulation')
    desk.page.locator('.fd-chip', has_text='kind:').locator('select').select_option('question')
    desk.page.wait_for_timeout(300)
    first = desk.input.get_attribute('id')
    desk.run()
    desk.page.wait_for_function('id => document.querySelector(".fd-input") && document.querySelector(".fd-input").id!=id', arg=first)
    desk.rows.first.filter(has_text='radient accumulation').wait_for()
    assert desk.input.input_value()=='gradient accumulation' and desk.page.locator('.fd-chip.fd-on select').input_value()=='question'


def test_saved_and_opened_again(desk):
    "A file holds the line beside the box, and nothing of what was typed or found"
    desk.open(BOX)
    desk.ready().ask('gradient accumulation', 'Gradient accumulation')
    desk.save()
    for _ in range(100):
        if desk.saved()['cells'][0]['outputs']: break
        desk.page.wait_for_timeout(100)
    nb = desk.saved()
    out, = nb['cells'][0]['outputs']
    assert sorted(out['data'])==['text/markdown', 'text/plain'] and 'fastdebug' in out['metadata'] and 'widgets' not in nb['metadata']
    assert 'accumulation' not in json.dumps(nb)
    assert desk.body.is_visible()   # the one on screen is still there
    desk.lab.shut_down_kernels()
    desk.open()
    seen = desk.cell(0).locator('.jp-OutputArea-output')
    seen.first.wait_for()
    assert seen.count()==1 and seen.inner_text().startswith('A search box of fastdebug: run this cell to use it.') and len(seen.inner_text().split('\n'))==1
    desk.ready().ask('gradient accumulation', 'Gradient accumulation')


def test_after_an_error_and_without_one(desk):
    "`fastnbs()` is the error's answer behind a cell that failed, and the box behind one that did not"
    desk.open('from fastdebug.utils import *', 'import torch_zz', 'fastnbs()', '1', 'fastnbs()')
    for i in range(3): desk.finish(i)
    desk.cell(2).locator('.jp-RenderedMarkdown', has_text='asked for').wait_for()
    for i in (3, 4): desk.finish(i)
    desk.cell(4).locator('.fd-input').wait_for()


INSIDE = '''() => { const bad = [], box = document.querySelector('.fd-box'), of = e => e.outerHTML.slice(0, 300), own = new Set(box.querySelectorAll('.fd-ask *, .fd-chips *, .fd-actions > *'))
  for (const e of box.querySelectorAll('*')) {
    if (own.has(e) || e.closest('mjx-container')) continue
    if (/^(script|iframe|frame|object|embed|form|meta|link|base|style|button|textarea|template|dialog|video|audio|source|svg|input|select|image)$/i.test(e.tagName)) bad.push(of(e))
    for (const a of e.attributes) if (/^on|^(action|formaction|ping|srcset|poster|background|srcdoc|style)$/i.test(a.name)) bad.push(of(e))
    if (e.tagName=='A' && e.hasAttribute('href') && !/^(https?:|mailto:|vscode:)$/.test(e.protocol)) bad.push(of(e))
    if (e.tagName=='IMG' && e.hasAttribute('src') && !/^data:image\\/(png|jpeg|gif|webp|svg\\+xml);base64,/.test(e.src)) bad.push(of(e)) }
  return bad.slice(0, 5) }'''

def test_nothing_found_runs_in_the_box(desk):
    "Every hostile note, as list and as section"
    trap,ran = Trap(),[]
    try:
        (desk.folder/'evil').mkdir()
        words = write_notes(desk.folder/'evil', trap.url)
        desk.page.context.expose_binding('ran', lambda source, n: ran.append(n))
        desk.open("from fastdebug.utils import *\nfastbox(roots='evil', k=3)")
        desk.ready()
        for word in words:
            desk.input.fill(word)
            desk.page.wait_for_function("w => [...document.querySelectorAll('.fd-list li, .fd-body')].some(e => e.textContent.includes(w)) && document.querySelector('.fd-body').textContent.trim()", arg=word)
            for key in ('ArrowDown', 'ArrowDown'):
                assert not (bad := desk.page.evaluate(INSIDE)), (words[word], bad)
                desk.input.press(key)
                desk.page.wait_for_timeout(60)
            assert not (bad := desk.page.evaluate(INSIDE)), (words[word], bad)
        desk.page.wait_for_timeout(300)
        assert not ran and not trap.asked and len(desk.page.context.pages)==1
        assert desk.page.locator('.jp-NotebookPanel-toolbar').is_visible() and len(words)>=120
    finally:
        trap.server.shutdown()
        trap.server.server_close()


# ---- the pictures of the front page

@pytest.mark.parametrize('desk', [2], indirect=True, ids=['sharp'])
@pytest.mark.parametrize('theme', ['light', 'dark'])
def test_pictures_for_the_readme(desk, theme, tmp_path):
    page = set_scene(desk, theme)
    desk.open(BOX, '')
    page.keyboard.press('Control+b')
    desk.ready().ask('how does gradient accum', 'What does gradient accumulation do?')
    page.wait_for_timeout(500)
    box = desk.cell(0).bounding_box()
    take(page, f'fastbox_{theme}.png', {**box, 'height':box['height']+4}, tmp_path)

@pytest.mark.learn
@pytest.mark.parametrize('desk', [2], indirect=True, ids=['sharp'])
@pytest.mark.parametrize('theme', ['light', 'dark'])
def test_picture_of_an_errors_answer(desk, theme, tmp_path):
    page = set_scene(desk, theme)
    page.set_viewport_size({'width':1010, 'height':1500})
    desk.open('from fastdebug.utils import *\nimport torch', 'w = torch.tensor([3.], requires_grad=True)\nw -= .1', 'fastnbs()', '')
    page.keyboard.press('Control+b')
    for i in range(3): desk.finish(i)
    shown = desk.cell(2).locator('.jp-RenderedMarkdown')
    shown.get_by_text('Why do I need').first.wait_for()
    desk.cell(1).evaluate("e => e.scrollIntoView({block:'start'})")
    page.wait_for_timeout(500)
    top  = desk.cell(1).bounding_box()
    ends = shown.locator(':scope > *').evaluate_all('es => es.map(e => e.getBoundingClientRect().bottom)')
    end  = max(o for o in ends if o<top['y']+760)
    take(page, f'error_{theme}.png', {**top, 'height':end+8-top['y']}, tmp_path)

def set_scene(desk, theme):
    "The page of a person who keeps the lessons in a folder `notebooks`, as the last line says"
    if theme=='dark': desk.settings('apputils-extension/themes', theme='JupyterLab Dark')
    notes = desk.folder/'notebooks'
    notes.mkdir()
    for o in ('lessons', 'pyproject.toml'): (desk.folder/o).rename(notes/o)
    desk.folder = notes
    desk.page.set_viewport_size({'width':1010, 'height':950})
    return desk.page

def take(page, name, clip, tmp_path):
    page.screenshot(path=(shot := shots()/name), clip=clip)
    if name in KEEP: assert shrink(shot, tmp_path/name).stat().st_size<=MOST
