"""What a person sees who asks in JupyterLab: marks, code, folds, pictures and maths; links that open; a list of contents.

Every run leaves pictures in `_shots/`, or where FASTDEBUG_SHOTS says; `keep_shots.py` makes the ones in the README of them."""
import re, shutil
from pathlib import Path
from urllib.parse import unquote

import nbformat as nf, pytest
from playwright.sync_api import TimeoutError

from keep_shots import KEEP, MOST, SHOTS, shrink
from looks import YELLOW, contrast, luminance, styles
from servers import LONG

ASK = 'from fastdebug.utils import *\nfastnbs("how gradient accumulation work")'
OUT = '.jp-Notebook:visible .jp-OutputArea-output.jp-RenderedMarkdown'   # a slow search shows a progress bar as well

# where the notes are, one question whose first answer holds a stored picture, one whose first answer holds maths
NOTES = {'lessons': ('what do the loss curves look like with and without gradient accumulation', 'how can sums of relus fit any function'),
         'corpus':  ('find learning rate with learn.lr_find suggest_funcs valley slide', 'write a function quad to create any quadratic function')}


@pytest.fixture(params=['lessons', pytest.param('corpus', marks=pytest.mark.corpora)])
def notes(request, reader, root):
    "Notebooks to search, in a subfolder of the reader's: our own lessons, and a learner's where the corpora are"
    source = root/'nbs/lessons' if request.param=='lessons' else request.getfixturevalue('shared')/'corpora/fastdebug-notes/nbs'
    shutil.copytree(source, reader.folder/'notes', copy_function=shutil.copyfile)
    return request.param


@pytest.fixture
def lessons(reader, root): return Path(shutil.copytree(root/'nbs/lessons', reader.folder/'lessons'))


def test_contrast_is_right():
    assert round(contrast('rgb(0, 0, 0)', 'rgb(255, 255, 255)'), 2)==21 and contrast('rgb(9, 9, 9)', 'rgb(9, 9, 9)')==1
    assert round(contrast('rgb(119, 119, 119)', 'rgb(255, 255, 255)'), 2)==4.48   # the well-known grey that just fails


def test_an_answer_is_seen(reader, notes):
    reader.write('ask.ipynb', ASK)
    reader.open('ask.ipynb')
    reader.run()
    page,out = reader.page,reader.page.locator(OUT).first
    out.locator('mark').first.wait_for()
    assert {'gradient', 'accumulation', 'work'} <= {o.lower() for o in out.locator('mark').all_inner_texts()}
    for theme in ('light', 'dark'):
        reader.set_theme(theme)
        for back,ink in styles(page, f'{OUT} mark', 'backgroundColor', 'color'):
            assert back==YELLOW and contrast(ink, back)>=7, (theme, ink, back)
        text,paper = styles(page, OUT, 'color')[0][0],styles(page, '.jp-Notebook:visible', 'backgroundColor')[0][0]
        assert contrast(text, paper)>=7 and (luminance(paper)>.5)==(theme=='light')
        assert contrast(styles(page, f'{OUT} pre code', 'color')[0][0], paper)>=7
        assert len({o[0] for o in styles(page, f'{OUT} pre code span', 'color')})>=3   # highlighted
    assert out.locator('pre code', has_text='.backward()').count() and not out.locator('pre mark, code mark').count()
    folds = out.locator('details')
    assert folds.count()==4
    for fold in folds.all():
        inside = fold.locator(':scope > :not(summary)').first
        assert fold.locator('summary').inner_text() and not inside.is_visible()
        fold.locator('summary').click()
        inside.wait_for(state='visible')
    assert not reader.foreign() and not reader.dialogs


def test_a_picture_and_maths_are_seen(reader, notes):
    picture,maths = NOTES[notes]
    reader.write('ask.ipynb', f'from fastdebug.utils import *\nfastnbs({picture!r}, k=1)', f'fastnbs({maths!r}, k=1)')
    reader.open('ask.ipynb')
    reader.run(2)
    image = reader.page.locator(OUT).nth(0).locator('img').first
    image.wait_for()
    assert image.evaluate('async e => { await e.decode(); return e.naturalWidth }')>100
    formula = reader.page.locator(OUT).nth(1).locator('mjx-container').first
    formula.wait_for()
    assert formula.bounding_box()['width']>5 and not formula.locator('mjx-merror').count()
    assert not reader.foreign()

def tab(page): return page.locator('.lm-DockPanel-tabBar .lm-mod-current .lm-TabBar-tabLabel').inner_text()

def follow(reader, link, file, heading, back):
    """Click `link` until `heading` of `file` is on screen.

    The first click opens the notebook, and scrolls if JupyterLab has the cells before it loses patience; a reader who goes back and
    clicks once more must get there in any case."""
    page = reader.page
    for patience in (3_000, LONG):
        link.click()
        page.wait_for_function(f"[...document.querySelectorAll('.lm-TabBar-tab.lm-mod-current')].some(e => e.title.includes({str(file.name)!r}))")
        target = page.locator('.jp-Notebook:visible').get_by_role('heading', name=heading, exact=True).first
        target.wait_for(state='attached')
        try: page.wait_for_function('e => { const r = e.getBoundingClientRect(); return r.height && r.top>=0 && r.bottom<=innerHeight }',
                                    arg=target.element_handle(), timeout=patience)
        except TimeoutError: reader.do('docmanager:open', path=reader.path(back))
        else: return
    raise AssertionError(f'{heading!r} did not come on screen')


@pytest.mark.parametrize('place', ['ask.ipynb', 'sub/deep/ask.ipynb'])
def test_a_link_opens_the_right_place(reader, lessons, place):
    reader.write(place, ASK)
    reader.open(place)
    reader.run()
    page,out = reader.page,reader.page.locator(OUT).first
    links = out.locator('p a', has_text='in Jupyter Notebook locally')
    links.first.wait_for()
    assert links.count()==5
    for n in (0, 1):   # of the open answer and of a folded one
        heading = out.locator('h3').nth(n)
        follow(reader, links.nth(n), lessons/'0010_gradient_accumulation.ipynb', heading.text_content().rstrip('¶'), place)
        reader.do('docmanager:open', path=reader.path(place))
    assert len(page.context.pages)==1 and page.url.startswith(reader.lab.url+'/lab/')


PATIENCE = """const wait = window.setTimeout
window.setTimeout = (f, ms, ...args) => wait(f, ms>=1000 && ms<=10000 ? 120000 : ms, ...args)"""   # Lab gives up after 3 and 10 seconds

@pytest.fixture
def long(reader):
    "A notebook whose last headings are far down"
    parts = [o for i in range(40) for o in (nf.v4.new_markdown_cell(f'## Part {i}\n\n'+'words\n\n'*9), nf.v4.new_code_cell('x = 1\n'*9))]
    reader.write('long.ipynb', *parts, nf.v4.new_markdown_cell('## What do quokkas eat?\n\nLeaves.'), nf.v4.new_markdown_cell('## 袋鼠吃什么?\n\nGrass.'))
    return reader

def on_screen(page, heading):
    "Wait until `heading` of the notebook that is seen stands on screen"
    page.wait_for_function('''h => [...document.querySelectorAll('.jp-Notebook h2')].some(e => { const r = e.getBoundingClientRect()
        return e.checkVisibility() && e.textContent.startsWith(h) && r.height && r.top>=0 && r.bottom<=innerHeight })''', arg=heading, timeout=LONG)

@pytest.mark.parametrize('question,heading', [('quokkas eat leaves', 'What do quokkas eat?'), ('袋鼠吃什么', '袋鼠吃什么?')], ids=['ascii', 'other'])
def test_the_first_click_scrolls(long, question, heading):
    "JupyterLab opens the notebook at the section: also at a heading that no fragment could name"
    page = long.page
    page.add_init_script(PATIENCE)
    long.write('ask.ipynb', f'from fastdebug.utils import *\nfastnbs({question!r}, k=1)')
    long.open('ask.ipynb')
    long.run()
    link = page.locator(OUT).first.locator('p a', has_text='in Jupyter Notebook locally').first
    assert '#cell-id=' in link.get_attribute('href') and f'at “{heading}”' in link.locator('xpath=..').text_content()
    link.click()
    on_screen(page, heading)


def test_no_link_holds_the_token(reader, lessons):
    reader.write('ask.ipynb', ASK, 'fastlistnbs()', 'fastnotes("loss.backward", k=3)')
    reader.open('ask.ipynb')
    reader.run(3)
    hrefs = reader.page.locator(f'{OUT} a').evaluate_all('es => es.map(e => e.href)')
    assert len(hrefs)>40 and len(reader.lab.token)==32
    reader.do('docmanager:save')
    assert '0010_gradient_accumulation.ipynb#' in (saved := (reader.folder/'ask.ipynb').read_text(encoding='utf-8'))
    for o in (*hrefs, saved, reader.page.content().split('id="jupyter-config-data"')[0]): assert reader.lab.token not in o and 'token=' not in o


def test_the_list_of_contents_opens_notebooks(reader, lessons):
    reader.write('ask.ipynb', 'from fastdebug.utils import *\nfastlistnbs()')
    reader.open('ask.ipynb')
    reader.run()
    out = reader.page.locator(OUT).first
    out.locator('summary').first.wait_for()
    files = sorted(o.stem for o in lessons.glob('*.ipynb'))
    targets = [unquote(o) for o in out.locator('a').evaluate_all('es => es.map(e => e.href)')]
    assert all(any(f'/{f}.ipynb' in t for t in targets) for f in files)
    assert out.locator('li li').count()>3   # deeper headings stand deeper
    assert not out.locator('li a').first.is_visible() and out.bounding_box()['height']<2_000
    link = out.locator('li a', has_text='What does gradient accumulation do?')
    for o in link.locator('xpath=ancestor::details').all(): o.locator('> summary').click()
    follow(reader, link, lessons/'0010_gradient_accumulation.ipynb', 'What does gradient accumulation do?', 'ask.ipynb')


def test_a_long_list_is_folded_by_folder(reader, lessons):
    "Three folders, the lessons among them: each can be opened, and what lies in it stands further right"
    for week in ('week 1', 'week <2>'):
        (reader.folder/week).mkdir()
        (reader.folder/week/'days.md').write_text('# Days\n\n'+''.join(f'## Day {i} of the quokka\n\ntext\n\n' for i in range(40)), encoding='utf-8')
    reader.write('ask.ipynb', 'from fastdebug.utils import *\nfastlistnbs()')
    reader.open('ask.ipynb')
    reader.run()
    out = reader.page.locator(OUT).first
    folders = out.locator(':scope > details > summary')
    folders.first.wait_for()
    assert [o.split(' · ')[1] for o in folders.all_inner_texts()][-2:]==['1 note, 41 headings']*2
    shelf = out.locator(':scope > details', has_text=f'{len(list(lessons.glob("*.ipynb")))} notebooks')
    shelf.locator('> summary').click()
    inner = shelf.locator('li > details > summary')
    assert inner.first.is_visible() and inner.first.bounding_box()['x']>folders.first.bounding_box()['x']+10
    SHOTS.mkdir(parents=True, exist_ok=True)
    reader.page.screenshot(path=SHOTS/'folders.png')
    inner.nth(1).click()
    assert out.locator('li a:visible').count()>3


def take_picture(page, shot, most=620):
    "The first cell and the beginning of its output, cut between two blocks so that no line is cut in half; `most` in pixels"
    box = page.locator('.jp-Notebook:visible .jp-Cell').first.bounding_box()
    ends = page.locator(f'{OUT} > *').evaluate_all('es => es.map(e => e.getBoundingClientRect().bottom)')
    end = max(o for o in ends if o<box['y']+most)
    page.screenshot(path=shot, clip={**box, 'height':end+8-box['y']})

@pytest.mark.parametrize('reader', [2], indirect=True, ids=['sharp'])
@pytest.mark.parametrize('theme', ['light', 'dark'])
def test_pictures_for_the_readme(reader, lessons, theme, tmp_path):
    reader.write('fastnbs.ipynb', ASK, '')   # an empty cell, so that the one in the picture isn't selected
    reader.write('fastlistnbs.ipynb', 'from fastdebug.utils import *\nfastlistnbs("gradient")', '')
    SHOTS.mkdir(parents=True, exist_ok=True)
    page = reader.page
    page.set_viewport_size({'width':1010, 'height':950})
    for name in ('fastnbs', 'fastlistnbs'):
        reader.open(f'{name}.ipynb')
        reader.set_theme(theme)
        reader.do('application:toggle-left-area')
        reader.run()
        page.locator(f'{OUT} mark').first.wait_for()
        page.screenshot(path=SHOTS/f'{name}_{theme}_whole.png')
        take_picture(page, shot := SHOTS/f'{name}_{theme}.png')
        if shot.name in KEEP: assert shrink(shot, tmp_path/shot.name).stat().st_size<=MOST
