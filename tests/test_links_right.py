"""A link leads to the heading it names, by the rule of each site, whatever heading and file are called

The rules are written here a second time, from rendered HTML, and compared with what the sites' own programs made of tricky
headings (tests/data/heading_fragments.json says which programs)."""
import html,json,os,re,subprocess,sys,time,unicodedata,urllib.request
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote,urlsplit
import html5lib,pytest
from fastdebug.reader import GitRemote, Server, find_servers
from fastdebug.core import Section
from fastdebug.links import find_links, github_slug, heading_fragment, quarto_slug, unique_slug
from fastdebug.search import Searcher
from fastdebug.core import Reader
from fastdebug.config import find_config
from fastdebug.utils import fastnbs
from commonmark import corpus_files, parsed, pieces
from notebooks import md, write
from danger import lab

HERE = Path(__file__).resolve().parent
RECORDED = json.loads((HERE/'data/heading_fragments.json').read_text(encoding='utf-8'))

# ---- recorded from the programs that have the rules

@pytest.mark.parametrize('o', RECORDED['headings'], ids=lambda o: ascii(o['heading']))
def test_recorded_headings(o):
    h = o['heading']
    assert (unquote(heading_fragment(h)), github_slug(h))==(o['jupyterlab'], o['github'])
    if '\\c' not in h: assert quarto_slug(h)==o['quarto']

@pytest.mark.parametrize('o', RECORDED['repeated'], ids=lambda o: ' '.join(o['headings']))
def test_recorded_repetitions(o):
    for make,wanted in ((github_slug, o['github']), (quarto_slug, o['quarto'])):
        slugs = [make(h) for h in o['headings']]
        assert [unique_slug(s, slugs[:i]) for i,s in enumerate(slugs)]==wanted

def test_a_repeated_heading_is_reached_on_github(tmp_path, monkeypatch):
    repo = tmp_path/'repo'
    (repo/'.git').mkdir(parents=True)
    (repo/'.git/HEAD').write_text('ref: refs/heads/main\n')
    (repo/'.git/config').write_text('[remote "origin"]\n\turl = https://github.com/ann/notes.git\n')
    (repo/'a.md').write_text('# Animals\n\n## Diet\n\nwombats graze\n\n## Diet\n\nquokkas browse\n')
    monkeypatch.chdir(repo)
    links = {l.site:l.url for l in fastnbs('quokkas browse', roots=repo)[0].links}
    assert links['github']=='https://github.com/ann/notes/blob/main/a.md#diet-1'

# ---- every heading of the corpora, by rules of our own

def headings_of(page):
    "The heading elements of an HTML page, in order"
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return [e for e in tree.iter() if isinstance(e.tag, str) and re.fullmatch('h[1-6]', e.tag)]

def by_jupyterlab(e): return ''.join(e.itertext()).replace(' ', '-')

def by_github(e):
    gone = lambda c: unicodedata.category(c)[0] in 'CPSZ' and unicodedata.category(c)!='Pc' and c not in ' -' or unicodedata.category(c)=='No'
    return ''.join(c for c in ''.join(e.itertext()).lower() if not gone(c)).replace(' ', '-')

def pandoc_text(e, code=False):
    "What pandoc reads: alternative texts too, TeX commands and typographic dashes and dots not, except in code"
    plain = lambda t: t if code or not t else re.sub(r'\\[a-zA-Z]+|-{2,}|\.{3}', '', re.sub(r'\$([^$]+)\$', lambda m: m[1].replace('\\', '\ufffe'), t))
    yield plain(e.text) or ''
    for c in e:
        yield c.get('alt', '') if c.tag=='img' else ''.join(pandoc_text(c, code or c.tag=='code'))
        yield plain(c.tail) or ''

def by_quarto(e):
    text = ''.join(c for c in ''.join(pandoc_text(e)).lower() if c in '_-.' or c.isspace() or unicodedata.category(c)[0] in 'LN')
    return re.sub(r'^[\W\d_]+', '', '-'.join(text.split())) or 'section'

REMOTE = GitRemote('/', 'https://github.com/ann/notes', 'main', 'ann', 'notes', 'github.com')
SETTINGS = {'*':{'docs':'https://ann.github.io/notes/x.html'}}

def fragments(doc):
    "For each heading of `doc`: {site: fragment}, decoded"
    for i,s in enumerate(h := [s for s in doc.sections if s.level]):
        links = find_links(s, (), SETTINGS, REMOTE, reader='/', earlier=lambda: [o.heading for o in h[:i]])
        yield s, {l.site: unquote(l.url.partition('#')[2]) for l in links}

def cell_ids(path):
    "The id of the cell of each heading of a notebook, '' without; Colab's own where the format has none"
    cells = [c for c in json.loads(path.read_text(encoding='utf-8'))['cells'] if c['cell_type']=='markdown']
    for c in cells:
        yield from [c.get('id') or c['metadata'].get('id') or '']*len(headings_of(lab(''.join(c['source']))))

@pytest.fixture(scope='module')
def checked(shared):
    "(path, section, its fragments, its heading as an element) for every heading of the corpora"
    res = []
    for path in corpus_files(shared/'corpora'):
        ours,theirs = list(fragments(parsed(path))),[e for t in pieces(path) for e in headings_of(lab(t))]
        assert len(ours)==len(theirs), path
        res += [(path, s, f, e) for (s,f),e in zip(ours, theirs)]
    assert len(res)>4000
    return res

def by_cell(path, s):
    "The id of its cell, '' where the file has none that Jupyter would keep; Colab's own are of another kind"
    own = s.cells[0].id if s.cells and path.suffix=='.ipynb' else ''
    return own if own and json.loads(path.read_text(encoding='utf-8'))['nbformat_minor']>=5 else ''

def test_every_section_has_jupyterlabs_fragment(checked):
    by = Counter()
    for path,s,f,e in checked:
        wanted = f'cell-id={own}' if (own := by_cell(path, s)) else by_jupyterlab(e)
        assert f['jupyter']==wanted, (path, s.heading)
        by[wanted.partition('=')[0]=='cell-id'] += 1
    assert by[True]>100 and by[False]>1000 # notebooks of either format, and notes

def in_order(checked):
    "The same, file by file, with a set of what was taken in the file"
    at,taken = None,set()
    for path,s,f,e in checked:
        if path!=at: at,taken = path,set()
        yield path,s,f,e,taken

def take(slug, taken):
    "`slug`, numbered until it is free"
    found = next(o for o in (slug, *(f'{slug}-{n}' for n in range(1, 1000))) if o not in taken)
    taken.add(found)
    return found

def test_every_heading_of_a_note_has_githubs_fragment(checked):
    seen = 0
    for path,s,f,e,taken in in_order(checked):
        if path.suffix!='.md': continue
        assert f['github']==take(by_github(e), taken), (path, s.heading)
        seen += f['github']!=by_github(e)
    assert seen>5 # headings repeated in their file

def test_a_notebook_on_github_has_none(checked):
    assert not any(f['github'] for path,_,f,_ in checked if path.suffix=='.ipynb')

def test_every_heading_has_quartos_fragment(checked):
    odd = 0
    for path,s,f,e,taken in in_order(checked):
        wanted = take(by_quarto(e), taken)
        if re.search(r'\s\{[#.]', s.heading): odd += 1; continue # names its own; see the recorded ones
        assert f['docs']==(wanted if s.heading else ''), (path, s.heading)
    assert odd<20

def test_every_heading_has_colabs_cell(checked):
    found = {}
    for path,s,f,_ in checked:
        if path.suffix=='.ipynb': found.setdefault(path, []).append(f['colab'].removeprefix('scrollTo='))
    assert sum(bool(o) for ids in found.values() for o in ids)>500
    for path,ids in found.items(): assert ids==list(cell_ids(path)), path

# ---- what files may be called

NAMES = ['two words', 'C#', 'what?', '100%', '%41', '[a](b)', 'a(b', '<i>', 'été', '梯度/下降', 'हिन्दी', "it's", 'a&amp;b', 'a+b', 'a;b=c', '🙂', 'v1.2/3.4']

@pytest.fixture
def library(tmp_path):
    for i,name in enumerate(NAMES): write(tmp_path/f'lib/{name}.ipynb', md(f'# Quokka number {i}'))
    return tmp_path/'lib'

def local_links(library): return {h.section.file: h.links[0].url for h in fastnbs('quokka', k=100, roots=library)}

@pytest.mark.parametrize('reader', ['elsewhere', 'lib', 'lib/梯度', 'not # here?'])
def test_a_link_decodes_to_its_file(library, tmp_path, monkeypatch, reader):
    (tmp_path/reader).mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path/reader)
    monkeypatch.setenv('JUPYTER_RUNTIME_DIR', str(tmp_path/'runtime'))
    links = local_links(library)
    assert len(links)==len(NAMES)
    for file,url in links.items():
        parts = urlsplit(url)
        assert not (parts.scheme or parts.netloc or parts.query) and os.path.normpath(os.path.join(os.getcwd(), unquote(parts.path)))==file
        assert parts.fragment=='cell-id=cell-0'

@pytest.fixture
def server(library, tmp_path, monkeypatch):
    "A real JupyterLab over `library`, and how to ask it"
    monkeypatch.setenv('JUPYTER_RUNTIME_DIR', str(tmp_path/'runtime'))
    for o in ('JPY_SESSION_NAME', 'JPY_PARENT_PID'): monkeypatch.delenv(o, raising=False)
    env = {**os.environ, 'HOME':str(tmp_path), 'JUPYTER_CONFIG_DIR':str(tmp_path/'config'), 'IPYTHONDIR':str(tmp_path/'ipython')}
    run = [sys.executable, '-m', 'jupyterlab', '--no-browser', '--allow-root', '--port=0', '--ServerApp.port_retries=0',
           '--IdentityProvider.token=secret', f'--ServerApp.root_dir={library}']
    with open(tmp_path/'server.log', 'w') as log: child = subprocess.Popen(run, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=env)
    try: yield SimpleNamespace(get=asked, log=tmp_path/'server.log')
    finally:
        child.terminate()
        child.wait(20)

def asked(url):
    "What the server answers to `url`"
    with urllib.request.urlopen(urllib.request.Request(url, headers={'Authorization':'token secret'}), timeout=30) as r: return r.read().decode()

def wait_until(found, log, seconds=60):
    until = time.monotonic()+seconds
    while not (res := found()):
        assert time.monotonic()<until, log.read_text()[-2000:]
        time.sleep(.2)
    return res

def opened(page):
    "The file that a page of JupyterLab says it opens"
    config = re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.S)[1]
    return json.loads(html.unescape(config))['treePath']

def test_a_real_server_opens_each_file(library, server, tmp_path, monkeypatch):
    (tmp_path/'reader').mkdir()
    monkeypatch.chdir(tmp_path/'reader') # outside of what the server serves, so that its address is used
    def answers():
        links = local_links(library)
        return links if all(o.startswith('http://') for o in links.values()) else None
    links = wait_until(answers, server.log)
    def up():
        try: return server.get(next(iter(links.values())))
        except OSError: return None
    wait_until(up, server.log)
    for file,url in links.items():
        name = os.path.relpath(file, library)
        assert 'secret' not in url and opened(server.get(url.partition('#')[0]))==name
        said = json.loads(server.get(url.partition('#')[0].replace('/lab/tree/', '/api/contents/', 1)))
        assert said['path']==name and said['content']['cells'][0]['source'].startswith('# Quokka')

def test_without_jupyter_there_is_no_server_and_a_plain_link(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, 'jupyter_core.paths', None)
    monkeypatch.chdir(tmp_path)
    (tmp_path/'a.md').write_text('# Quokka')
    assert find_servers()==[] and fastnbs('quokka', roots='.')[0].links[0].url=='a.md#Quokka'

# ---- what Jupyter can't open

LAB = Server('http://localhost:8888/', '/home/ann/lab', 1)
FAR = Server('http://localhost:8889/', '/srv/course', 2)
# (file, the reader's folder, servers, in VS Code?): what the first link says
PLACES = [('/home/ann/lab/a.ipynb', '/home/ann/lab', [LAB], False, 'a.ipynb#Why?'), ('/home/ann/lab/sub/a b.ipynb', '/home/ann/lab/x/y', [LAB], False, '../../sub/a%20b.ipynb#Why?'),
          ('/home/ann/notes/a.ipynb', '/home/ann/lab', [LAB], False, '`~/notes/a.ipynb`'), ('/home/ann/lab2/a.md', '/home/ann/lab/x', [LAB], False, '`~/lab2/a.md`'), ('/home/ann/a`b.md', '/home/ann/lab', [LAB], False, '`` ~/a`b.md ``'),
          ('/opt/lessons/a.ipynb', '/home/ann/lab', [LAB], False, '`../../../opt/lessons/a.ipynb`'), ('/srv/course/a.ipynb', '/home/ann/lab', [LAB, FAR], False, 'http://localhost:8889/lab/tree/a.ipynb#Why?'),
          ('/home/ann/notes/a.ipynb', '/home/ann/other', [LAB], False, '../notes/a.ipynb#Why?'), ('/home/ann/notes/a.ipynb', '/home/ann/lab', [], False, '../notes/a.ipynb#Why?'),
          ('/home/ann/notes/a.ipynb', '/home/ann/lab', [LAB], True, '../notes/a.ipynb#Why?')]

@pytest.mark.parametrize('file,reader,servers,vscode,wanted', PLACES)
def test_what_lies_outside_of_jupyters_folder_is_named_and_no_link(file, reader, servers, vscode, wanted):
    remote = GitRemote(os.path.dirname(file), 'https://github.com/ann/notes', 'main', 'ann', 'notes', 'github.com')
    first,*others = find_links(Section(file, 1, 'Why?', (), 2, '', (0, 0)), remote=remote, servers=servers, reader=reader, vscode=vscode, home='/home/ann')
    if wanted[0]=='`': assert (first.url, first.label)==('', f'{wanted} (outside of the folder where Jupyter was started)')
    else: assert first.url==wanted and 'outside' not in first.label
    assert any(o.url.startswith('https://github.com/') for o in others)

def test_an_answer_names_what_jupyter_can_not_open_at_every_door(tmp_path):
    "In a cell, in text, as data, in a list and inside a section: never an address that leads nowhere"
    from fastdebug.box import section_page
    from fastdebug.records import answer_record
    from fastdebug.results import show_contents, show_hits
    (tmp_path/'lab').mkdir()
    (tmp_path/'notes').mkdir()
    (tmp_path/'notes/a.md').write_text('# Quokka\n\nSee [the other](b.md) and [the web](https://example.org/).\n', encoding='utf-8')
    (tmp_path/'notes/b.md').write_text('# Koala\n\neucalyptus\n', encoding='utf-8')
    who = Reader(str(tmp_path/'lab'), servers=(Server('http://localhost:8888/', str(tmp_path/'lab'), 1),), home=str(tmp_path))
    searcher = Searcher(find_config(tmp_path/'notes'), memory=True, reader=who)
    answer = searcher.search('quokka')
    page, text, listed = show_hits(answer)._repr_markdown_(), repr(show_hits(answer)), show_contents(searcher.contents())._repr_markdown_()
    assert '<code>&#126;/notes/a.md</code> (outside of the folder where Jupyter was started)' in page and '](../' not in page and '](~' not in page
    assert '~/notes/a.md' in text and 'the other' in page and '](https://example.org/)' in page
    assert 'Quokka' in listed and '](' not in listed
    assert answer_record(answer)['hits'][0]['links']==[] and answer_record(searcher.contents())['hits'][0]['links']==[]
    shown = section_page(answer, 0)
    assert (shown['links'], shown['place'])==([], '~/notes/a.md (outside of the folder where Jupyter was started)')

NOTES = {'a.ipynb':'Open `a` in Jupyter Notebook locally', 'v1.2.ipynb':'Open `v1.2` in Jupyter Notebook locally', 'a.md':'Open `a.md`', 'a.qmd':'Open `a.qmd`', 'a.py':'Open `a.py`', 'a b.Rmd':'Open `a b.Rmd`', 'README':'Open `README`',
         'a.ipynb.md':'Open `a.ipynb.md`', 'a`b.md':'Open `` a`b.md ``'}

@pytest.mark.parametrize('name', NOTES)
def test_only_a_notebook_opens_in_jupyter_notebook(name):
    links = find_links(Section(f'/w/{name}', 0, 'Why?', (), 1, '', (0, 0)), remote=REMOTE, reader='/w')
    assert links[0].label==NOTES[name] and [o.label.endswith('on GitHub') for o in links].count(True)==1
