"What an independent CommonMark parser (GitHub's own, in C) sees in Markdown, and in every file of the corpora"
import json,re
from functools import cache
from html.parser import HTMLParser
import cmarkgfm
from cmarkgfm.cmark import Options
from fastdebug.parse import parse_document
from fastdebug.sources import decode, read_bytes

class _Reader(HTMLParser):
    "Collect headings, code, pictures, links and table cells of HTML"
    def __init__(self):
        super().__init__()
        self.headings,self.code,self.images,self.links,self.cells = [],[],[],[],[]
        self.open = None # the list that text goes to

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if re.fullmatch('h[1-6]', tag): self.open = self.headings; self.open.append((int(tag[1]), ''))
        elif tag=='code' and self.open is None: self.open = self.code; self.open.append(((attrs.get('class') or '').removeprefix('language-'), ''))
        elif tag in ('td','th'): self.open = self.cells; self.open.append((tag, ''))
        elif tag=='img': self.images.append(attrs.get('src', ''))
        elif tag=='a': self.links.append(attrs.get('href', ''))

    def handle_data(self, data):
        if self.open: self.open[-1] = (self.open[-1][0], self.open[-1][1]+data)

    def handle_endtag(self, tag):
        if re.fullmatch('h[1-6]|td|th', tag) or tag=='code' and self.open is self.code: self.open = None

def read(text, html=False):
    "The reader of `text`; with `html`, tags written in it count too"
    res = _Reader()
    res.feed(cmarkgfm.markdown_to_html(text, Options.CMARK_OPT_UNSAFE if html else 0))
    res.close()
    return res

def headings(text): return [(level, text) for level,_,text in placed_headings(text)]
def fences(text, lang): return [t for l,t in read(text).code if l==lang]

class _Placed(_Reader):
    "Headings with the line they begin in"
    def handle_starttag(self, tag, attrs):
        if re.fullmatch('h[1-6]', tag): self.lines = [*getattr(self, 'lines', []), int(dict(attrs)['data-sourcepos'].split(':')[0])]
        super().handle_starttag(tag, attrs)

def placed_headings(text):
    "(level, where its line begins, text) of each heading that GitHub's parser sees in a note without its maths; front matter is none"
    res = _Placed()
    res.feed(cmarkgfm.github_flavored_markdown_to_html(hide_maths(hide_front_matter(text)), Options.CMARK_OPT_SOURCEPOS))
    res.close()
    starts = [0, *(m.end() for m in re.finditer('\r\n|\n|\r', text))]
    return [(level, starts[line-1], ' '.join(t.split())) for (level,t),line in zip(res.headings, getattr(res, 'lines', []))]

# ---- maths, as JupyterLab takes it out before it parses Markdown (packages/rendermime/src/latex.ts, written anew)

SPLIT = re.compile(r'(\$\$?|\\(?:begin|end)\{[a-z]*\*?\}|\\[{}$]|[{}]|(?:\n\s*)+|\\\\[()\[\]])', re.I)
ENDS = {'$':'$', '$$':'$$', '\\\\(':'\\\\)', '\\\\[':'\\\\]'}

def plain(text): return re.sub(r'[^\s\w]', 'x', text)

def hide_maths(text):
    "`text` with letters for the signs that stand in maths below its first line"
    text = text.replace('\r\n', '\n').replace('\r', '\n')
    without = re.sub(r'^(`{3,}|~{3,})[^`\n]*\n(?:[\s\S]*?^\1[`~]*[ \t]*$|[\s\S]*)', lambda m: m[0].replace('$', 'x').replace('\\', 'x'), text, flags=re.M)
    without = re.sub(r'(?<![\\`])(`+)(?!`)[^\n]*?[^`\n]\1(?!`)', lambda m: m[0].replace('$', 'x').replace('\\', 'x'), without)
    parts, edges = SPLIT.split(without), []
    at = [sum(map(len, parts[:i])) for i in range(len(parts)+1)]
    i = 1
    while i<len(parts):
        end = ENDS.get(parts[i]) or (f'\\end{parts[i][6:]}' if parts[i].startswith('\\begin') else None)
        to = _closing(parts, i, end) if end else None
        if to: edges.append((at[i], at[to+1]))
        i = (to or i)+2
    for a,b in edges:
        first, _, rest = text[a:b].partition('\n')
        text = text[:a] + first + ('\n'+plain(rest) if rest or b-a>len(first) else '') + text[b:]
    return text

def _closing(parts, start, end):
    "Which part ends the maths that begins at `start`: not behind a blank line, and not inside braces if there is another"
    depth, last = 0, None
    for i in range(start+2, len(parts), 2):
        if parts[i]==end:
            if not depth: return i
            last = i
        elif parts[i].count('\n')>1: break
        elif parts[i]=='{': depth += 1
        elif parts[i]=='}' and depth: depth -= 1
    return last

# ---- files

@cache
def corpus_files(folder):
    "Every notebook and note below `folder` that is not empty, twins included, found without our walker"
    return [p for p in sorted(folder.rglob('*')) if p.suffix in ('.ipynb', '.md') and p.is_file() and p.read_bytes().strip()]

@cache
def parsed(path): return parse_document(decode(read_bytes(path), str(path)), str(path))

FRONT = re.compile(r'---[ \t]*\r?\n(?:.*?\n)?(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)', re.S)

def hide_front_matter(text):
    "`text` with its YAML blank, each line still a line"
    m = FRONT.match(text)
    return '\n'*m[0].count('\n')+text[m.end():] if m else text

@cache
def pieces(path):
    "The Markdown texts in a file, read without our parser: one for each Markdown cell, or the whole of a note"
    text = path.read_text(encoding='utf-8-sig')
    if path.suffix!='.ipynb': return [hide_front_matter(text)]
    nb = json.loads(text)
    cells = nb.get('cells') or [c for w in nb['worksheets'] for c in w['cells']]
    return [''.join(c['source']) for c in cells if c['cell_type']=='markdown']
