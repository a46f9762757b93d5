"The same answers outside of JupyterLab: in the classic notebook, and in a page that nbconvert made; see `nbs/explanations/where_it_shows.ipynb`"
import os, shutil, subprocess, sys

import pytest
from nbclassic import nbclassic_path
from playwright.sync_api import TimeoutError

from looks import YELLOW, contrast, styles
from servers import LONG, start_server, stop_server

ASK = ['from fastdebug.utils import *\nfastnbs("how gradient accumulation work")', 'fastnbs("how can sums of relus fit any function", k=1)']


def check_marks(page):
    for back,ink in styles(page, 'mark', 'backgroundColor', 'color'): assert back==YELLOW and contrast(ink, back)>=7

def check_folds(page):
    fold = page.locator('details').first
    assert page.locator('details').count()==4 and not page.locator('details[open]').count()
    inside = fold.locator(':scope > :not(summary)').first
    assert not inside.is_visible()
    fold.locator('summary').click()
    inside.wait_for(state='visible')

def check_picture(page):
    image = page.locator('img[src^="data:image/png"]').first
    assert image.evaluate('async e => { await e.decode(); return e.naturalWidth }')>100


def test_a_page_by_nbconvert(reader, browser, root):
    shutil.copytree(root/'nbs/lessons', reader.folder/'lessons')
    reader.write('ask.ipynb', *ASK)
    env = {k:v for k,v in os.environ.items() if k!='IN_TEST'}
    ran = subprocess.run([sys.executable, '-m', 'jupyter', 'nbconvert', '--execute', '--to', 'html', 'ask.ipynb'], cwd=reader.folder, env=env, capture_output=True, text=True)
    assert not ran.returncode, ran.stderr[-3000:]
    page,requests = browser.new_page(),[]
    page.on('request', lambda r: requests.append(r.url))
    page.goto((reader.folder/'ask.html').as_uri(), wait_until='domcontentloaded')
    check_marks(page); check_folds(page); check_picture(page)
    assert page.locator('.highlight pre', has_text='.backward()').count()
    href = page.locator('p a', has_text='in Jupyter Notebook locally').first.get_attribute('href')
    assert (reader.folder/href.split('#')[0]).is_file()
    # the page's own libraries are all that nbconvert asks the network for; maths needs one of them
    assert {r.split('/')[2] for r in requests if not r.startswith(('file:', 'data:'))}<={'cdnjs.cloudflare.com', 'unpkg.com'}
    page.close()


@pytest.fixture
def classic(tmp_path, root):
    p,lab = start_server(tmp_path, 'nbclassic')
    shutil.copytree(root/'nbs/lessons', lab.root/'lessons')
    (lab.root/'pyproject.toml').touch()
    yield lab
    stop_server(p, lab)

def test_the_classic_notebook(reader, classic):
    reader.lab,reader.folder,page = classic,classic.root,reader.page
    reader.write('ask.ipynb', *ASK)
    page.goto(f'{classic.url}/login?token={classic.token}')
    page.goto(f'{classic.url}{nbclassic_path()}/notebooks/ask.ipynb')   # beside Notebook 7 it lives elsewhere
    for _ in range(6):   # run again what was asked for before the kernel was ready
        page.wait_for_function('window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()')
        page.evaluate('Jupyter.notebook.execute_all_cells()')
        try: page.locator('.output mark').first.wait_for(timeout=20_000)
        except TimeoutError: continue
        break
    check_marks(page); check_folds(page)
    page.locator('.output .MathJax').first.wait_for()
    check_picture(page)
    assert len({o[0] for o in styles(page, '.output pre code span', 'color')})>=3   # highlighted
    hrefs = page.locator('.output a').evaluate_all('es => es.map(e => e.href)')
    assert hrefs and not any(classic.token in o for o in hrefs)
    link = page.locator('.output p a', has_text='in Jupyter Notebook locally').first
    heading = page.locator('.output h3').first.text_content().rstrip('¶')
    assert f'at “{heading}”' in link.locator('xpath=..').text_content()   # it knows no cells, so a reader has to look for the heading
    link.click()
    page.wait_for_url('**/notebooks/lessons/0010_gradient_accumulation.ipynb#*')
    page.get_by_role('heading', name=heading).first.wait_for(state='attached')


@pytest.fixture
def notebook7(tmp_path, root):
    p,lab = start_server(tmp_path, 'notebook')
    shutil.copytree(root/'nbs/lessons', lab.root/'lessons')
    (lab.root/'pyproject.toml').touch()
    yield lab
    stop_server(p, lab)

def test_notebook_7(reader, notebook7):
    """It opens the section's notebook in a tab of its own, and drops what stands behind `#` on the way: the heading beside the link
    is what a reader has."""
    reader.lab,reader.folder,page = notebook7,notebook7.root,reader.page
    reader.write('ask.ipynb', ASK[0])
    page.goto(f'{notebook7.url}/login?token={notebook7.token}')
    page.goto(f'{notebook7.url}/notebooks/ask.ipynb')
    out = page.locator('.jp-OutputArea-output.jp-RenderedMarkdown')
    page.locator('.jp-Notebook .jp-CodeCell').first.wait_for(timeout=LONG)
    for _ in range(6):   # run again what was asked for before the kernel was ready
        page.locator('.jp-Notebook .jp-CodeCell .jp-Editor').first.click()
        page.keyboard.press('Control+Enter')
        try: out.locator('mark').first.wait_for(timeout=20_000)
        except TimeoutError: continue
        break
    check_marks(page)
    link = out.locator('p a', has_text='in Jupyter Notebook locally').first
    heading = out.locator('h3').first.text_content().rstrip('¶')
    assert f'at “{heading}”' in link.locator('xpath=..').text_content() and '#cell-id=' in link.get_attribute('href')
    with page.context.expect_page(timeout=LONG) as opened: link.click()
    opened.value.wait_for_url('**/notebooks/lessons/0010_gradient_accumulation.ipynb*', timeout=LONG)
    opened.value.get_by_role('heading', name=heading).first.wait_for(state='attached', timeout=LONG)


ANSWER = """<main><p><a href="lesson.html#cell-id=c837cd5e">Open <code>lesson</code> in Jupyter Notebook locally</a> at “How does it work?”</p><hr>
<p><strong>2</strong> · <a href="lesson.html#cell-id=14531680">Open <code>lesson</code> in Jupyter Notebook locally</a></p>
<details><summary>What does <mark>it</mark> do?</summary><p>It does.</p></details>
<ul><li><a href="lesson.html#cell-id=9fcd75c0">Why <mark>so</mark>?</a></li></ul></main>"""

def test_links_of_an_answer_land_on_a_page_of_the_site(browser, root, tmp_path):
    script = (root/'nbs/fragment.html').read_text()
    headings = ''.join(f'<h2 id="{i}">{o}</h2><p style="height:3000px">.</p>' for i,o in enumerate(('Title', 'Why so?', 'What does it do?', 'How does it work?')))
    (tmp_path/'index.html').write_text(f'<meta charset="utf-8"><body>{ANSWER}{script}')
    (tmp_path/'lesson.html').write_text(f'<meta charset="utf-8"><body><main>{headings}</main>{script}')
    page = browser.new_page()
    for link, heading in (('main > p > a >> nth=0', 'How does it work?'), ('main > p > a >> nth=1', 'What does it do?'), ('li a', 'Why so?')):
        page.goto((tmp_path/'index.html').as_uri())
        page.locator(link).click()
        page.wait_for_url('**/lesson.html#*')
        page.wait_for_function("name => Math.abs([...document.querySelectorAll('h2')].find(e => e.textContent===name).getBoundingClientRect().top)<50", arg=heading)
    page.close()
