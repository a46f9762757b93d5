"What an independent CommonMark parser (GitHub's own, in C) sees in Markdown"
import re
from html.parser import HTMLParser
import cmarkgfm
from cmarkgfm.cmark import Options

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

def headings(text): return [(level, ' '.join(t.split())) for level,t in read(text).headings]
def fences(text, lang): return [t for l,t in read(text).code if l==lang]
