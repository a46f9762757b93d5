"The site without Quarto: every page is processed and converts, everything it points at is there, the configuration names what exists"
import json,re,shutil,subprocess,sys
from dataclasses import replace
from pathlib import Path
import pytest,yaml
from PIL import Image
from fastdebug.cli import main
from fastdebug.utils import fastnbs
import notebooks as nbs
from dead_links import Page, Place, find_commands, find_dead, known_commands, read_markdown, read_notebook

PROCESS = "from nbdev.serve import proc_nbs\nif __name__=='__main__': proc_nbs(n_workers=2)"

@pytest.fixture(scope='module')
def proc(clone, tmp_path_factory):
    "The pages as nbdev hands them to Quarto"
    script = tmp_path_factory.mktemp('script')/'process.py' # not beside the clone, which could then be imported as `fastdebug`
    script.write_text(PROCESS)
    res = subprocess.run([sys.executable, '-W', 'ignore', str(script)], cwd=clone, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert res.returncode==0, res.stdout[-2000:]+res.stderr[-4000:]
    return clone/'_proc'

@pytest.fixture(scope='module')
def site(root):
    web = yaml.safe_load((root/'nbs/nbdev.yml').read_text())['website']
    text = subprocess.run([sys.executable, '-c', 'from fastdebug.cli import main; main()', '--help'], capture_output=True, text=True).stdout
    return Place(root/'nbs', root, web['repo-url'], web['site-url'], known_commands(root, text))

def sources(root): return sorted(o.relative_to(root/'nbs').as_posix() for o in (root/'nbs').rglob('*.ipynb') if not any(p[0] in '._' for p in o.relative_to(root).parts))

@pytest.fixture(scope='module')
def pages(proc, clone):
    found = {o: read_notebook(proc/o, o) for o in sources(clone)}
    for o,page in found.items(): page.anchors.add(f'cell-id={title_cell(clone/"nbs"/o)}') # nbdev makes it the page's title, at its top
    return found

def title_cell(path): return json.loads(path.read_text(encoding='utf-8'))['cells'][0].get('id')

# ---- pages

def test_every_page_is_processed_and_converts(pages):
    assert pages and all(o.url.endswith('.html') and o.anchors for o in pages.values())
    assert len({o.url for o in pages.values()})==len(pages), 'two pages have one address'

def test_nothing_on_the_pages_is_dead(pages, site, proc):
    dead = list(find_dead(replace(site, folder=proc), pages))
    assert not dead, '\n'.join(map(str, dead))
    assert sum(len(o.links) for o in pages.values())>100 and sum(len(o.sources) for o in pages.values())>50

def test_nothing_on_github_is_dead(root, site):
    names = [o.relative_to(root).as_posix() for o in [*root.glob('*.md'), *(root/'mds').rglob('*.md')]]
    pages = {o: read_markdown(root/o, o) for o in names}
    targets = {f'nbs/{o}': replace(read_notebook(root/'nbs'/o, f'nbs/{o}'), links=[], images=[], commands=[], sources=[]) for o in sources(root)}
    dead = list(find_dead(replace(site, folder=root), {**targets, **pages}))
    assert not dead, '\n'.join(map(str, dead))

def test_no_prose_is_lost_on_the_way(proc, clone):
    "nbdev takes the first cell for the page's title: what stands there beside title and description is not shown"
    for name in sources(clone):
        first = json.loads((clone/'nbs'/name).read_text(encoding='utf-8'))['cells'][0]
        assert re.fullmatch(r'# [^\n]+\n+(> [^\n]+\n?)+', ''.join(first['source']).strip()+'\n'), f'{name}: text behind title and description needs a cell of its own'
        cells = json.loads((proc/name).read_text(encoding='utf-8'))['cells']
        assert not [c for c in cells if c['cell_type']=='markdown' and ''.join(c['source']).startswith('#|')], name

def test_pages_are_made_when_stale_and_said_to_be_fresh_else(clone, tmp_path, monkeypatch, capsys):
    shutil.copytree(clone, tmp_path/'clone')
    monkeypatch.chdir(tmp_path/'clone')
    def made():
        with pytest.raises(SystemExit) as e: main(['mds'])
        assert e.value.code==0
        return capsys.readouterr().out.strip()
    made()
    assert made()=='Everything is up to date.'
    Path('mds/00_core.md').write_text('stale')
    assert made()=='mds/00_core.md'

# ---- the checker finds what is dead

@pytest.fixture
def small(tmp_path):
    "A place with two pages, a picture, and a source file"
    nbs.write(tmp_path/'a.ipynb', nbs.md('# A\n\n## What is momentum?\n\n[b](sub/b.ipynb#Deep-down) ![dot](dot.png) [top](#What-is-momentum?) `fastdebug info`'))
    nbs.write(tmp_path/'sub/b.ipynb', nbs.md('# B\n\n### Deep down\n\n[a](../a.ipynb#what-is-momentum)\n\n```sh\nmake test\n```'))
    (tmp_path/'dot.png').write_bytes(b'')
    (tmp_path/'code.py').write_text('x = 1\ndef f(): pass\n')
    return Place(tmp_path, tmp_path, 'https://example.org/repo', 'https://example.org/docs', {'fastdebug': {'info'}, 'make': {'test'}, 'nbdev-export': None})

def dead(place, extra=None):
    names = ['a.ipynb', 'sub/b.ipynb']
    pages = {o: read_notebook(place.folder/o, o) for o in names}
    pages['a.ipynb'].url = 'a.html'
    if extra: pages['x.ipynb'] = read_notebook(nbs.write(place.folder/'x.ipynb', *extra), 'x.ipynb')
    return [(o,why) for _,o,why in find_dead(place, pages)]

def test_live_links_pass(small): assert dead(small)==[]

@pytest.mark.parametrize('text,why', [
    ('[x](no.ipynb)', 'page'), ('[x](sub)', 'page'), ('[x](../out.md)', 'outside'), ('[x](a.ipynb#Nowhere)', 'heading'), ('[x](#nowhere)', 'heading'),
    ('<a href="no.html">x</a>', 'page'), ('![x](no.png)', 'image'), ('<img src="no.png">', 'image'), ('<img>', 'image'), ('[x](file:///etc/x)', 'address'),
    ('[x](https://example.org/docs/no.html)', 'site'), ('[x](https://example.org/docs/a.html#no)', 'heading'),
    ('[x](https://example.org/repo/blob/main/no.py)', 'file'), ('[x](https://example.org/repo/blob/main/code.py#L9)', 'line'),
    ('`fastdebug nothing`', 'knows no'), ('`make nothing`', 'knows no'), ('`nbdev-nothing`', 'command'), ('```sh\ncd x && make nothing\n```', 'knows no')])
def test_each_dead_link_is_found(small, text, why):
    found = dead(small, [nbs.md(f'# X\n\n{text}')])
    assert len(found)==1 and why in found[0][1], found

@pytest.mark.parametrize('line,name,ok', [(2, 'f', True), (1, 'f', False), (2, 'g', False)])
def test_a_source_link_must_lead_to_the_name(small, line, name, ok):
    shown = f'---\n\n[source](https://example.org/repo/blob/main/code.py#L{line}){{x}}\n\n### {name}\n\nWhat it does'
    found = dead(small, [nbs.md('# X'), nbs.code('', nbs.result({'text/markdown': shown}))])
    assert bool(found)!=ok, found

def test_a_link_in_an_output_counts(small):
    assert dead(small, [nbs.md('# X'), nbs.code('', nbs.result({'text/markdown': '[x](no.md)'}))])==[('no.md', 'no such page or file')]

def test_calls_in_python_are_no_commands(): assert list(find_commands('`make(1)` and\n\n```python\nmake nothing\n```'))==['make(1)']

# ---- the configuration names what exists

def test_quarto_yml_names_what_exists(root):
    cfg = yaml.safe_load((root/'_quarto.yml').read_text())
    html,web = cfg['format']['html'],cfg['website']
    files = [html['css'], html['include-after-body'], web['image'], web['favicon'], *cfg['metadata-files'], *cfg['project']['resources']]
    files += [o['href'] for side in ('left','right') for o in web['navbar'][side] if not o['href'].startswith('https:')]
    assert [o for o in files if not [*(root/'nbs').glob(o)]]==[]
    assert web['search'] and {'light','dark'}==html['theme'].keys() and web['open-graph'] and web['twitter-card']

def test_repository_links_of_the_site_agree(root):
    cfg = yaml.safe_load((root/'_quarto.yml').read_text())['website']
    repo = yaml.safe_load((root/'nbs/nbdev.yml').read_text())['website']['repo-url']
    assert all(o['href'].startswith(repo) for o in cfg['navbar']['right']) and (root/cfg['repo-subdir']).is_dir()

def test_sidebar_follows_the_numbers(root):
    side = yaml.safe_load((root/'nbs/sidebar.yml').read_text())['website']['sidebar']['contents']
    assert [o['section'] for o in side]==['Start', 'Lessons', 'Learn from scratch', 'How it works', 'The values and who asks', 'A file becomes findable',
        'A question becomes an answer', 'An answer becomes a page', 'Doors', 'Workshop']
    assert all(o['contents']==sorted(o['contents']) for o in side)

def test_social_card_has_the_size_that_is_shown_whole(root):
    card = root/'nbs/images/card.png'
    with Image.open(card) as im: assert im.size==(1200,630)
    assert card.stat().st_size<100_000

def contrast(a, b):
    "How far two colours `#rrggbb` stand apart, from 1 to 21 (WCAG 2)"
    def light(o):
        parts = [int(o[i:i+2], 16)/255 for i in (1,3,5)]
        return sum(w*(c/12.92 if c<=.03928 else ((c+.055)/1.055)**2.4) for w,c in zip((.2126,.7152,.0722), parts))
    hi,lo = sorted((light(a), light(b)), reverse=True)
    return (hi+.05)/(lo+.05)

def test_marks_and_code_are_readable_in_both_themes(root):
    css = (root/'nbs/styles.css').read_text()
    long = lambda o: '#'+''.join(c*2 for c in o[1:]) if len(o)==4 else o
    mark = re.search(r'^mark \{ background-color: (#\w+); color: (#\w+)', css, re.M)
    assert contrast(long(mark[1]), long(mark[2]))>7
    for theme,page in ((':root', '#ffffff'), ('.quarto-dark', '#222222')):
        var = dict(re.findall(r'--([\w-]+): (#\w+)', re.search(rf'^{re.escape(theme)} \{{(.*?)\}}', css, re.M)[1]))
        assert contrast(var['paper'], var['code-ink'])>7 and contrast(page, var['accent'])>4.5 and contrast(page, var['note'])>4.5, theme
        # what a search finds, in Quarto's panel and in that of the preview
        assert var['page']==page and contrast(page, var['ink'])>7 and contrast(var['paper'], var['ink'])>7, theme

def test_every_lesson_is_on_the_page_of_lessons(root):
    cells = json.loads((root/'nbs/explanations/lessons.ipynb').read_text(encoding='utf-8'))['cells']
    listed = re.findall(r'^\| \[(\d{4}) ([^\]]+)\]\(\.\./lessons/([^)]+)\) \| ([^|]+) \| \d+ \|$', ''.join(cells[1]['source']), re.M)
    lessons = sorted(o.name for o in (root/'nbs/lessons').glob('*.ipynb'))
    assert [o[2] for o in listed]==lessons and all(file.startswith(n) for n,_,file,_ in listed)
    for _,title,file,about in listed:
        first = ''.join(json.loads((root/'nbs/lessons'/file).read_text(encoding='utf-8'))['cells'][0]['source'])
        assert first.startswith(f'# {title}\n') and about in first.replace('\n> ', ' '), file

def test_the_page_of_lessons_answers_no_question(root, fresh_cache):
    assert all('nosearch' in o['metadata']['tags'] for o in json.loads((root/'nbs/explanations/lessons.ipynb').read_text(encoding='utf-8'))['cells'])
    found = fastnbs('Which lesson answers what?', roots=[root/'nbs/explanations/lessons.ipynb', root/'nbs/lessons/0001_is_it_a_bird.ipynb'])
    assert not [o for o in found if o.section.file.endswith('explanations/lessons.ipynb')]

@pytest.mark.parametrize('name', ['fastnbs', 'fastbox', 'error'])
def test_each_picture_comes_along_and_follows_the_theme_of_the_page(root, name):
    css, shown = (root/'nbs/styles.css').read_text(), (root/'README.md').read_text(encoding='utf-8')
    come = {o.name for p in yaml.safe_load((root/'_quarto.yml').read_text())['project']['resources'] for o in (root/'nbs').glob(p)}
    for theme in ('light', 'dark'):
        assert f'.quarto-{theme} img[src$="{name}_light.png"] {{ content: url("images/{name}_{theme}.png"); }}' in css and f'{name}_{theme}.png' in come
    assert f'srcset="nbs/images/{name}_dark.png"' in shown and f'src="nbs/images/{name}_light.png"' in shown

def test_no_other_picture_is_shown(root):
    shown = (root/'README.md').read_text(encoding='utf-8')
    assert {*re.findall(r'nbs/images/(\w+)_(?:light|dark)\.png', shown)}=={'fastnbs', 'fastbox', 'error'}

def test_llms_txt_names_the_front_door(root):
    text = (root/'nbs/llms.txt').read_text(encoding='utf-8')
    assert text.startswith('# fastdebug\n') and 'fastdebug.utils](' in text and 'Generated by nbdev-export' in text

# ---- the workflows

def workflows(root): return sorted((root/'.github/workflows').glob('*.yaml'))

def test_workflows_fit_their_schema(root):
    names = [o.name for o in workflows(root)]
    assert names==['deploy.yaml', 'test.yaml'] and not list((root/'.github').rglob('*.off'))
    for schema,files in (('vendor.github-workflows', workflows(root)), ('vendor.dependabot', [root/'.github/dependabot.yml'])):
        res = subprocess.run([sys.executable, '-m', 'check_jsonschema', '--builtin-schema', schema, *map(str, files)], capture_output=True, text=True)
        assert res.returncode==0, res.stdout+res.stderr

def test_matrix_covers_what_we_promise(root):
    matrix = yaml.safe_load((root/'.github/workflows/test.yaml').read_text())['jobs']['test']['strategy']['matrix']
    settings = (root/'settings.ini').read_text(encoding='utf-8')
    assert matrix['python'][0]==re.search(r'^min_python = (\S+)', settings, re.M)[1]
    newest = re.findall(r'range\(first, (\d+)\)', (root/'setup.py').read_text())
    assert newest and matrix['python'][-1]==f'3.{int(newest[0])-1}', 'the newest Python that setup.py promises is not tested'
    assert {o.split('-')[0] for o in matrix['os']}=={'ubuntu', 'macos', 'windows'}
