"Follows everything that a set of pages points at: pages, headings, images, source lines and console commands"
import json,re
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urldefrag
import html5lib,yaml
from markdown_it import MarkdownIt
from nbconvert import HTMLExporter
import nbformat
from nbformat.v4.rwbase import rejoin_lines
from fastdebug.links import github_slug, quarto_slug, unique_slug

@dataclass
class Page:
    "What one page offers to links, and what it points at"
    name: str # relative to the folder of all pages, with forward slashes
    url: str = '' # what a published link calls it
    anchors: set = field(default_factory=set) # fragments that lead to one of its headings
    links: list = field(default_factory=list)
    images: list = field(default_factory=list)
    sources: list = field(default_factory=list) # (address of a source line, name that should stand there)
    commands: list = field(default_factory=list)

@dataclass
class Place:
    "Where pages live and what else can be pointed at"
    folder: Path # links are relative to here
    root: Path   # the project, for links into its repository
    repo: str    # address of the repository
    docs: str    # address of the published site
    commands: dict = field(default_factory=dict) # first word: the second words it knows, None for any

# ---- reading

def slugs(make, headings):
    made = list(map(make, headings))
    return {unique_slug(o, made[:i]) for i,o in enumerate(made)}

def read_html(page, html, slug):
    "Put the links, images and headings of `html` into `page`"
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    heads = [''.join(o.itertext()).rstrip('¶').strip() for o in tree.iter() if o.tag in ('h1','h2','h3','h4','h5','h6')]
    page.anchors |= slugs(slug, heads) | {o.replace(' ', '-') for o in heads}
    page.anchors |= {o.get('id') for o in tree.iter() if o.get('id')}
    page.links += [o.get('href') for o in tree.iter('a') if o.get('href') and 'anchor-link' not in (o.get('class') or '')]
    scripts = ''.join(o.text or '' for o in tree.iter('script')) # an animation fills in its own frames
    page.images += [o.get('src') or '' for o in tree.iter('img') if o.get('src') or not o.get('id') or o.get('id') not in scripts]
    return page

def find_commands(text):
    "Command lines in the shell fences and the code spans of Markdown"
    for t in MarkdownIt().parse(text):
        if t.type=='fence' and t.info.strip() in ('sh', 'bash', 'console', 'shell'):
            for line in re.sub(r'\s#.*', '', t.content).splitlines(): yield from re.split(r'\s*(?:&&|\||;)\s*', line.strip().removeprefix('$ '))
        yield from (o.content for o in t.children or [] if o.type=='code_inline')

def read_notebook(path, name):
    "The `Page` of a notebook that nbdev has processed, or of one as it stands"
    nb = rejoin_lines(nbformat.from_dict(json.loads(Path(path).read_text(encoding='utf-8'))))
    for c in nb.cells: c.metadata.pop('execution', None) # the times nbdev writes there are not what the format wants
    fronts = [yaml.safe_load(c.source.strip().strip('-')) for c in nb.cells[:1] if c.cell_type=='raw' and c.source.startswith('---')]
    front = next(filter(None, fronts), {})
    page = Page(name, join(dirname(name), front.get('output-file', '')))
    page.anchors = {str(front.get('title', '')).replace(' ', '-'), *(f'cell-id={c.id}' for c in nb.cells if 'id' in c)} - {''}
    texts = [c.source for c in nb.cells if c.cell_type=='markdown']
    shown = [o.data['text/markdown'] for c in nb.cells for o in c.get('outputs', []) if 'text/markdown' in o.get('data', {})]
    for md in shown: page.sources += re.findall(r'\[source\]\(([^)]+)\).*?^#+ (\S+)$', md, re.S|re.M)
    page.commands = [o for t in texts for o in find_commands(t)]
    nb.cells = [c for c in nb.cells if c.cell_type!='raw']
    return read_html(page, HTMLExporter(template_name='basic').from_notebook_node(nb)[0], quarto_slug)

def read_markdown(path, name):
    "The `Page` of a Markdown file, as GitHub shows it"
    text = re.sub(r'\A---\n.*?\n---\n', '', Path(path).read_text(encoding='utf-8'), flags=re.S)
    html = MarkdownIt('commonmark', {'html': True}).enable('table').render(text)
    return read_html(Page(name, commands=list(find_commands(text))), html, github_slug)

# ---- following

def _source(place, target, name=None):
    "What is wrong with a link to a file of the repository, '' if nothing"
    url,line = urldefrag(target)
    path = place.root/unquote(re.sub(r'^(?:blob|tree)/[^/]+/?', '', url.removeprefix(place.repo).strip('/')))
    if not path.exists(): return 'no such file in the repository'
    if not line: return ''
    lines = path.read_text(encoding='utf-8').splitlines()
    if not re.fullmatch(r'L\d+', line) or not 0<int(line[1:])<=len(lines): return 'no such line'
    if name and not re.search(rf'\b(?:def|class) {re.escape(name.rpartition(".")[2])}\b', lines[int(line[1:])-1]): return f'{name} is not defined there'
    return ''

def _heading(pages, name, fragment):
    return '' if not fragment or unquote(fragment) in pages[name].anchors else 'no such heading'

def _link(place, pages, page, target):
    url,fragment = urldefrag(target)
    if not url: return _heading(pages, page.name, fragment)
    if url.startswith((f'{place.repo}/blob/', f'{place.repo}/tree/')): return _source(place, target)
    if url.startswith(place.docs):
        name = next((o.name for o in pages.values() if o.url==(url.removeprefix(place.docs).strip('/') or 'index.html')), None)
        return _heading(pages, name, fragment) if name else 'no such page on the site'
    if re.match(r'https?:|mailto:', url): return ''
    if re.match(r'[a-z][a-z0-9+.-]*:', url, re.I): return 'no address that can be opened'
    there = normpath(join(dirname(page.name), unquote(url)))
    if there in pages: return _heading(pages, there, fragment)
    if there.startswith('../'): return 'outside the pages'
    return '' if (place.folder/there).is_file() else 'no such page or file'

def _image(place, pages, page, target):
    if re.match(r'data:image/|https?:', target or ''): return ''
    there = place.folder/normpath(join(dirname(page.name), unquote(target or '')))
    return '' if there.is_file() else 'no such image'

def _command(place, pages, page, line):
    words = line.split()
    if not words or '(' in words[0]: return ''
    first = words[0].rpartition('/')[2]
    if first.startswith('nbdev-') and first not in place.commands: return 'no such command'
    known,second = place.commands.get(first),next(iter(words[1:]), '')
    if not known or not re.fullmatch(r'[a-z][\w-]*', second): return ''
    return '' if second in known else f'{first} knows no {second}'

def find_dead(
    place, # a `Place`
    pages, # its pages by name
): # yields (page, what, why)
    "Everything in `pages` that points at nothing"
    for page in pages.values():
        for kind,targets in ((_link, page.links), (_image, page.images), (_command, page.commands)):
            for o in targets:
                if why := kind(place, pages, page, o): yield page.name, o, why
        for target,name in page.sources:
            if why := _source(place, target, name): yield page.name, target, why

def known_commands(root, help_text):
    "The console commands a page may name: ours, nbdev's and the targets of the Makefile"
    targets = set(re.findall(r'^([a-z][\w-]*):', (Path(root)/'Makefile').read_text(), re.M))
    scripts = {o.name: None for o in metadata.entry_points(group='console_scripts') if o.value.startswith(('nbdev.', 'fastdebug.'))}
    return scripts | {'make': targets, 'fastdebug': set(re.findall(r'^ {4}([a-z]+) ', help_text, re.M))}
