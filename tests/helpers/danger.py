"""What in a shown page could run, judged by HTML5 parsers, after several independent Markdown parsers have read it.

JupyterLab takes maths out of the text before its Markdown parser sees it and puts it back into the HTML; `lab` does the
same here. Where `node` and the package `marked` (which JupyterLab uses) are at hand, in the folder that `FASTDEBUG_MARKED`
names, they read it too."""
import html,json,os,re,subprocess
from html.parser import HTMLParser
import cmarkgfm,html5lib,mistune
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

TAGS = set('''
    html head body a abbr b big blockquote br caption center code col colgroup dd del details div dl dt em figcaption
    figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub summary sup table
    tbody td tfoot th thead tr tt u ul var input section'''.split())
ATTRS = {'href', 'src', 'alt', 'align', 'colspan', 'rowspan', 'start',
         'span', 'width', 'height', 'class', 'style', 'title', 'lang', 'id'}
STYLE = re.compile(r'\s*(background-color: #ffff00|text-align:\s*(left|right|center);?)\s*')
MATHS = re.compile(r'\$|\\\(|\\\[|\\begin')
MACRO = re.compile(r'\\(href|require|style|class|cssId|data|includegraphics|unicode|bbox|mmlToken|def)(?![a-zA-Z])')


def scheme(url):
    url = re.sub('[\x00-\x20\x7f-\x9f]', '', url)
    return url.split(':')[0].lower() if re.match('[a-zA-Z][a-zA-Z0-9+.-]*:', url) else ''


def judge(tag, attrs, remote=False):
    "Why this element may not be shown, '' when it may"
    if tag not in TAGS: return f'<{tag}>'
    for k,v in attrs.items():
        v = v or ''
        if k not in ATTRS and (tag, k)!=('details', 'open'): return f'{tag} {k}' # a second hit stands unfolded
        if k=='style' and not STYLE.fullmatch(v): return f'style {v}'
        if k=='class' and not re.fullmatch(r'(language-|lang-|hljs)[\w+#.-]*|math', v): return f'class {v}'
        if k=='id' and not re.fullmatch('[^\\s<>"]*', v): return f'id {v}'
        if k=='href' and scheme(v) not in ('', 'http', 'https', 'mailto'): return f'href {v}'
        if k=='src' and not re.match(r'data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]+$', v): return f'src {v}'
    return ''


class Strict(HTMLParser):
    "The elements of a page as Python's own parser sees them"
    def __init__(self): super().__init__(); self.bad = ''
    def handle_starttag(self, tag, attrs): self.bad = self.bad or judge(tag, dict(attrs))
    def handle_comment(self, data): self.bad = self.bad or f'comment {data}'
    def handle_decl(self, decl): self.bad = self.bad or f'declaration {decl}'
    def handle_pi(self, data): self.bad = self.bad or f'instruction {data}'


def texts(el, code=False):
    "Text nodes outside code, as MathJax meets them: never across the border of an element"
    code = code or el.tag in ('code', 'pre')
    if el.text and not code: yield el.text
    for child in el:
        yield from texts(child, code)
        if child.tail and not code: yield child.tail


def find_danger(page):
    strict = Strict()
    strict.feed(page); strict.close()
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    live = [f'maths {t}' for t in texts(tree) if MATHS.search(t) and MACRO.search(t)]
    found = [judge(e.tag, dict(e.attrib)) for e in tree.iter() if isinstance(e.tag, str)]
    return strict.bad or next((o for o in found if o), '') or next(iter(live), '')


SPLIT = re.compile(r'(\$\$?|\\(?:begin|end)\{[a-z]*\*?\}|\\[{}$]|[{}]|(?:\n\s*)+|@@\d+@@|\\\\[()\[\]])', re.I)

def take_maths(text):
    "`text` without maths, and the maths, as JupyterLab takes it out before it reads Markdown"
    if '`' in text or '~~~' in text:
        hide = lambda m: m[0].replace('$', '~D')
        text = text.replace('~', '~T')
        text = re.sub(r'^(?P<f>`{3,}|(?:~T){3,})[^`\n]*\n([\s\S]*?)^(?P=f)`*$', hide, text, flags=re.M)
        text = re.sub(r'(^|[^\\])(`+)([^\n]*?[^`\n])\2(?!`)', hide, text, flags=re.M)
        back = lambda s: s.replace('~D', '$').replace('~T', '~')
    else: back = lambda s: s
    parts,maths = SPLIT.split(text),[]
    start = end = last = None; depth = 0
    def take(a, b):
        maths.append(back(html.escape(''.join(parts[a:b+1]), quote=False)))
        parts[a:b+1] = [f'@@{len(maths)-1}@@'] + ['']*(b-a)
    for i in range(1, len(parts), 2):
        o = parts[i]
        if o.startswith('@'): parts[i] = f'@@{len(maths)}@@'; maths.append(o)
        elif start is not None:
            if o==end:
                if depth: last = i
                else: take(start, i); start = end = last = None
            elif re.search(r'\n.*\n', o):
                if last is not None: take(start, last)
                start = end = last = None; depth = 0
            elif o=='{': depth += 1
            elif o=='}': depth -= depth>0
        elif o in ('$', '$$'): start,end,depth = i,o,0
        elif o in ('\\\\(', '\\\\['): start,end,depth = i,'\\\\)' if o[-1]=='(' else '\\\\]',0
        elif o[1:6]=='begin': start,end,depth = i,'\\end'+o[6:],0
    if start is not None and last is not None: take(start, last)
    return back(''.join(parts)), maths


commonmark = MarkdownIt('commonmark', {'html':True}).enable(['table', 'strikethrough']).render
PLUGINS = ['strikethrough', 'footnotes', 'table',
           'url', 'task_lists', 'def_list', 'math', 'superscript', 'abbr']
loose = mistune.create_markdown(escape=False, plugins=PLUGINS)
def github(text): return cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
def lab(text):
    rest,maths = take_maths(text)
    return re.sub(r'@@(\d+)@@', lambda m: maths[int(m[1])] if int(m[1])<len(maths) else '', github(rest))
PARSERS = dict(commonmark=commonmark, mistune=loose, github=github, lab=lab)


def marked(texts):
    "`texts` as the Markdown parser of JupyterLab renders them; None when it isn't installed"
    folder = os.environ.get('FASTDEBUG_MARKED')
    if not folder: return None
    code = ("const{marked}=await import('marked');let s='';"
            'for await(const c of process.stdin)s+=c;'
            'console.log(JSON.stringify(JSON.parse(s).map(t=>marked.parse(t,{gfm:true}))))')
    ran = subprocess.run(['node', '--input-type=module', '-e', code], input=json.dumps(texts),
                         capture_output=True, text=True, cwd=folder, check=True)
    return json.loads(ran.stdout)
