"""Nothing found can run: payloads in every place of a note, shown by several independent Markdown parsers, judged by HTML5 parsers.

JupyterLab takes maths out of the text before its Markdown parser sees it and puts it back into the HTML; `lab` does the same here.
Where `node` and the package `marked` (which JupyterLab uses) are at hand (`FASTDEBUG_MARKED` names the folder it is installed in), they judge too."""
import html, json, os, random, re, subprocess
from dataclasses import replace
from html.parser import HTMLParser

import cmarkgfm, html5lib, mistune, pytest
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

from fastdebug.analyze import analyze
from fastdebug.core import Cell, Hit, Link, Output, Section
from fastdebug.highlight import show_marks
from fastdebug.render import render_answer, render_contents, render_notes
from fastdebug.rewrite import View, rewrite_inline, rewrite_markdown
from fastdebug.terminal import render_plain, render_text

DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
PAYLOADS = [
    # elements
    '<script>alert(1)</script>', '<SCRIPT SRC=//e/x.js></SCRIPT>', '<scr<script>ipt>alert(1)</script>', '<script\n>alert(1)</script\n>',
    '<style>*{background:url(//e)}</style>', '<iframe src=javascript:alert(1)></iframe>', '<iframe srcdoc="<script>alert(1)</script>">',
    '<form action=javascript:alert(1)><input type=submit></form>', '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    '<base href=//evil/>', '<link rel=stylesheet href=//e/x.css>', '<object data=javascript:alert(1)>', '<embed src=//e/x.swf>',
    '<svg onload=alert(1)>', '<svg><script>alert(1)</script></svg>', '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>', '<math><maction actiontype="statusline#http://e" xlink:href="javascript:alert(1)">x',
    '<math><mi//xlink:href="data:x,<script>alert(4)</script>">', '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">', '<template><script>alert(1)</script></template>',
    '<textarea></textarea><img src=x onerror=alert(1)>', '<title></title><script>alert(1)</script>', '<xmp><script>alert(1)</script></xmp>',
    '<plaintext><script>alert(1)', '<marquee onstart=alert(1)>', '<video><source onerror=alert(1)></video>', '<audio src=x onerror=alert(1)>',
    '<input autofocus onfocus=alert(1)>', '<select autofocus onfocus=alert(1)>', '<button formaction=javascript:alert(1)>x</button>',
    '<isindex action=javascript:alert(1)>', '<body onload=alert(1)>', '<html onmouseover=alert(1)>', '<frameset onload=alert(1)>',
    '<details open ontoggle=alert(1)><summary>x</summary></details>', '</details><script>alert(1)</script>', '</summary></details><img src=x onerror=alert(1)>',
    '<div style="background:url(javascript:alert(1))">x</div>', '<p style="position:fixed;inset:0">x</p>', '<x-custom onclick=alert(1)>x</x-custom>',
    '<table background="javascript:alert(1)"><tr><td onclick=alert(1)>x', '<a id=x tabindex=1 onfocus=alert(1)>x</a>', '<dialog open onclose=alert(1)>x',
    # handlers and broken tags
    '<img src=x onerror=alert(1)>', '<img src="x`` onerror=alert(1)">', '<img/src=x/onerror=alert(1)>', '<img src=x onerror\n=\nalert(1)>', '<b onclick=alert(1)>x</b>',
    '<b\nonmouseover="alert(1)">x', '<img alt="<x" title="/><img src=x onerror=alert(1)>">', '<x y="', '<a href="', '<img src="x', "<img alt='", '<b', '<!--', '<!-- a -- b',
    '-->', '<!--><script>alert(1)</script>-->', '<!---><script>alert(1)</script>', '<![CDATA[<script>alert(1)</script>]]>', '<?php <script>alert(1)</script> ?>',
    '<!DOCTYPE html [<!ENTITY x "<script>">]>', '<<script>alert(1)//<</script>', '<script x', '</script>', '<a/><script>alert(1)</script>', '<%<script>alert(1)</script>%>',
    '<!-- begin\n\n<script>alert(1)</script>\n\nend -->', '<div>\n\n<script>alert(1)</script>\n\n</div>', '<div>\n*a*\n\n```\n</div><script>alert(1)</script>\n```',
    '<pre>\n\n<script>alert(1)</script>\n</pre>', '<pre><code>&lt;script&gt;alert(1)&lt;/script&gt;</code></pre>', '&lt;script&gt;alert(1)&lt;/script&gt;',
    '&amp;lt;script&amp;gt;alert(1)', '\\<script>alert(1)</script>', '\\\\<script>alert(1)</script>', '<table>\n<tr><td>a\n\n<td><script>alert(1)</script></table>',
    # link targets
    '[x](javascript:alert(1))', '[x](JaVaScRiPt:alert(1))', '[x](java&#10;script:alert(1))', '[x](&#106;avascript:alert(1))', '[x](javascript&colon;alert(1))',
    '[x](javascript&amp;colon;alert(1))', '[x](<java\tscript:alert(1)>)', '[x](<javascript:alert(1)>)', '[x](\\javascript:alert(1))', '[x](vbscript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)', '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)', '[x](javascript%3Aalert(1))',
    '[x]( javascript:alert(1) "t")', '[x](\x01javascript:alert(1))', '[x](\u200bjavascript:alert(1))', '<javascript:alert(1)>', '<data:text/html,x>', '<vbscript:x>',
    '[x]\n\n[x]: javascript:alert(1)', '[x][y]\n\n[y]: <java&#9;script:alert(1)>\n"t"', '[javascript:alert(1)][]', '[x](http://a" onmouseover="alert(1))', '[x](<http://a" onclick="alert(1)>)',
    '[x](a "t\\" onclick=alert(1)")', '[x](a \'" onclick=alert(1)\')', '[<script>alert(1)</script>](b)', '[a](b)<c>](javascript:alert(1))', '[![x](y)](javascript:alert(1))',
    '<a href=javascript:alert(1)>x</a>', '<a href="&#x6A;avascript:alert(1)">x</a>', '<a href="jav&#x0A;ascript:alert(1)">x</a>', '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="//e" target=_blank onclick=alert(1) style="x">x</a>', '<a href=`javascript:alert(1)`>x</a>', '<a xlink:href="javascript:alert(1)">x</a>', '<a href="file:///etc/passwd">x</a>',
    '[x](//e/\\"><script>alert(1)</script>)', '[x](a`b)<script>`', '<http://a.b/<script>alert(1)</script>>', '<a@b.c"onclick=alert(1)>', 'www.a.b/"onclick=alert(1)',
    # pictures
    '![x](javascript:alert(1))', '![x](data:text/html,<script>alert(1)</script>)', '![x](data:image/svg+xml,<svg onload=alert(1)>)', '![x](http://e/track.png)', '![x](//e/track.png)',
    '![x" onerror="alert(1)](y)', '![x](y"onerror="alert(1))', f'![`<script>`](data:image/png;base64,{DOT})', f'![$" onerror=alert(1) x="](data:image/png;base64,{DOT}) $" onerror=alert(1) ',
    f'<img alt="$" src="data:image/png;base64,{DOT}"> $" onerror=alert(1) x="', f'![](data:image/png;base64,{DOT}"onerror="alert(1))', '<img srcset="//e/x 1x" src=x>', '<img src=" javascript:alert(1)">',
    '<picture><source srcset=//e/x><img src=//e/y></picture>', '![a][b]\n\n[b]: javascript:alert(1)', '<img src="attachment:a" width="1" onerror=alert(1)">', '<img width="1 onerror=alert(1)" src=x>',
    # code
    '```\n</code></pre><script>alert(1)</script>\n```', '````\n```\n<script>alert(1)</script>\n````', '~~~\n```\n<script>alert(1)</script>\n~~~', '~~~ `x`\n<script>alert(1)</script>\n~~~',
    '```" onclick="alert(1)\nx\n```', '```<script>alert(1)</script>\nx\n```', '```{=html}\n<script>alert(1)</script>\n```', '`<script>alert(1)</script>`{=html}', '```mermaid\ngraph TD; A[<img src=x onerror=alert(1)>]\n```',
    '`` ` <script>alert(1)</script> ` ``', '`a\n<script>alert(1)</script>`', '```\nunclosed <script>alert(1)</script>', '    <script>alert(1)</script>', '\t```\n<script>alert(1)</script>',
    '- ```\n  $\n  ```\n  " $ ```\n  <script>alert(1)</script>', '- ~~~\n  <script>alert(1)</script>\n\n  ~~~', '> ```\n> $\n<script>alert(1)</script>', '```\n```` \n<script>alert(1)</script>\n```', '`$`<b>`$<script>alert(1)</script>`',
    '```\n\\begin{a}\n```\n<script>\\end{a}</script>', '```\n\u2028```\u2028<script>alert(1)</script>\n```', '```\n\r```\r<script>alert(1)</script>\n```', '`\u2028<script>alert(1)</script>`', '- ```\n  $\n  ```\n- ````\n  $\n  ```\n  <script>alert(1)</script>\n  ````', '> ```\n> $\n> ```\n> ````\n> $\n> ```\n> <script>alert(1)</script>\n> ````',
    '1. ```\n   ~~~\n   </code><script>alert(1)</script>\n   ```',
    # maths
    '$\\href{javascript:alert(1)}{x}$', '$$\\unicode{x3c}script$$', '$\\require{html}\\href{javascript:alert(1)}x$', '$\\style{background:url(//e)}{x}$', '$\\class{x}{y}$', '$\\cssId{x}{y}$', '$\\data{x}{y}$',
    '$\\includegraphics{//e/x}$', '$\\bbox[background:url(//e)]{x}$', '$\\mmlToken{mi}[href="javascript:alert(1)"]{x}$', '$\\def\\alpha{\\href{javascript:alert(1)}{x}}$', '$<script>alert(1)</script>$', '$a <img src=x onerror=alert(1)>$',
    '$$\n<script>alert(1)</script>\n$$', '$$\n~~~\n$$\n\n```\n~~~\n<script>alert(1)</script>\n```', '${$ <b title="$}$"> <script>alert(1)</script>', '$x\\\\$ <b> $" onclick=alert(1)', '$`$<script>alert(1)</script>`$', '$[x](javascript:alert(1))$',
    '$[x]: javascript:alert(1)$ [x]', '\\begin{align}<script>alert(1)</script>\\end{align}', '\\begin{align}\\href{javascript:alert(1)}{x}\\end{align}', '\\begin{a}{\\end{a} <b> }\\end{a}', '\\\\(\\href{javascript:alert(1)}{x}\\\\)', '\\\\[ <script> \\\\]',
    '\\(\\href{javascript:alert(1)}{x}\\)', '&#36;\\href{javascript:alert(1)}{x}&#36;', '\\$\\href{javascript:alert(1)}{x}\\$', '<b>&#36;</b>\\href{javascript:alert(1)}{x}&#36;', '@@0@@ $x$ @@1@@', '$@@0@@$ $" onclick="alert(1)$', 'a $ b <i> c $ d',
    '5$ and "6$ onmouseover="alert(1)', '$$x$$$y$$', '$a$$b$ <script>', '$\n\n<script>alert(1)</script>\n\n$', '\\ref{x} \\eqref{<script>}', '<div>$\\href{javascript:alert(1)}{x}$</div>', '<p>\\begin{align}\\href{javascript:alert(1)}{x}\\end{align}</p>',
    # structure
    '| a |\n|---|\n| <script>alert(1)</script> |', '| `|` <script> | `|</script>` |\n|---|---|', '| $|$ | <b |\n|---|---|\n| " onclick=alert(1)> | x |', '<script>\n===', '# <script>alert(1)</script> #', '---\nheader-includes: <script>alert(1)</script>\n---', '::: {onclick=alert(1)}\nx\n:::',
    '[^1]\n\n[^1]: <script>alert(1)</script>', '{{< include /etc/passwd >}}', '[x]{onclick="alert(1)"}', '<!-- fastdebug -->', '*<b*<script>*', '**[x](javascript:alert(1)**)', '<b>*</b><script>*', '> <div\n> onclick=alert(1)>', '- <div\n\n  onclick=alert(1)>', '\ufdd0<script>\ufdd1alert(1)',
    '\x00<script>alert(1)</script>', '<scr\x00ipt>alert(1)</script>', '\ufdd2<b onclick=alert(1)>\ufdd4', '&#0;&#xD800;<script>', '\ud800<script>',
]
FRAMES = ['{}', 'a {} b', '# {}', '- a {}\n- b', '- a\n\n  {}', '> {}', '1. - {}\n   x', '| a | {} |\n|---|---|\n| {} | b |', '[{}](b)', '![{}](b)', '**{}**', '`{}`', '```\n{}\n```', '~~~py\n{}\n~~~', '${}$', '$$\n{}\n$$',
    '<div>{}</div>', '<div>\n{}\n\n</div>', '<p title="{}">x</p>', '<!-- {} -->', '<a href="{}">x</a>', '[x]({})', '[x](<{}>)', '[x]: {}\n\n[x]', '\\begin{{align}}{}\\end{{align}}', '<details><summary>{}</summary>{}</details>', '{}\n\nsafe words $x$ `c` <b>b</b>\n\n```\n<script>alert(2)</script> $ "\n```']

TAGS = set('''html head body a abbr b big blockquote br caption center code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd
    li mark ol p pre q s samp small span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var input section'''.split())
ATTRS = {'href', 'src', 'alt', 'align', 'colspan', 'rowspan', 'start', 'span', 'width', 'height', 'class', 'style', 'title', 'lang', 'id'}
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
        if k not in ATTRS: return f'{tag} {k}'
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
loose = mistune.create_markdown(escape=False, plugins=['strikethrough', 'footnotes', 'table', 'url', 'task_lists', 'def_list', 'math', 'superscript', 'abbr'])
def github(text): return cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
def lab(text):
    rest,maths = take_maths(text)
    return re.sub(r'@@(\d+)@@', lambda m: maths[int(m[1])] if int(m[1])<len(maths) else '', github(rest))
PARSERS = dict(commonmark=commonmark, mistune=loose, github=github, lab=lab)
VIEWS = [View(), View(terms=frozenset(analyze('alert script x b href javascript'))), View(link_target=lambda u: u, load_image=lambda s: ('image/png', DOT))]


def marked(texts):
    "`texts` as the Markdown parser of JupyterLab renders them, with and without maths taken out first; None when it isn't installed"
    folder = os.environ.get('FASTDEBUG_MARKED')
    if not folder: return None
    code = "const{marked}=await import('marked');let s='';for await(const c of process.stdin)s+=c;console.log(JSON.stringify(JSON.parse(s).map(t=>marked.parse(t,{gfm:true}))))"
    ran = subprocess.run(['node', '--input-type=module', '-e', code], input=json.dumps(texts), capture_output=True, text=True, cwd=folder, check=True)
    return json.loads(ran.stdout)


def shown(source, view): return rewrite_markdown(source, view)

def check(sources):
    pages = [(s, shown(s, v)) for s in sources for v in VIEWS]
    for source,md in dict.fromkeys(pages):
        for name,parse in PARSERS.items():
            assert not (bad := find_danger(parse(md))), f'{name}: {bad}\nfrom {source!r}\nas {md!r}'
    split = [take_maths(md) for _,md in pages]
    direct,rest = marked([md for _,md in pages]),marked([r for r,_ in split])
    for (source,md),(_,maths),d,r in zip(pages, split, direct or (), rest or ()):
        for page in (d, re.sub(r'@@(\d+)@@', lambda m: maths[int(m[1])] if int(m[1])<len(maths) else '', r)):
            assert not (bad := find_danger(page)), f'marked: {bad}\nfrom {source!r}\nas {md!r}'


def test_the_judge_sees_danger():
    "Shown as they are, nearly all payloads are dangerous to at least one parser: the test can fail"
    missed = [p for p in PAYLOADS if not any(find_danger(parse(p)) for parse in PARSERS.values())]
    assert len(PAYLOADS)>=200 and len(missed)<len(PAYLOADS)/3, missed


@pytest.mark.parametrize('frame', FRAMES)
def test_payload_in_frame(frame): check([frame.format(p, p) for p in PAYLOADS])


@pytest.mark.parametrize('seed', range(4))
def test_payloads_mixed(seed):
    rng = random.Random(seed)
    glue = ['', '', ' ', '\n', '\n\n', '$', '`', '"', '\n```\n', '\n- ', '\n> ', '|', '<b>', '*']
    def one():
        bits = [rng.choice(PAYLOADS) if rng.random()<.6 else (p := rng.choice(PAYLOADS))[:rng.randrange(1, len(p)+1)] for _ in range(rng.randrange(2, 5))]
        return ''.join(b+rng.choice(glue) for b in bits)
    check([one() for _ in range(400)])


@pytest.mark.parametrize('html', [False, True])
def test_headings(html):
    for p in PAYLOADS:
        line = show_marks(rewrite_inline(p, View(terms=VIEWS[1].terms, html=html, links=not html)))
        for page in [f'<details><summary>{line}</summary>\n\nx\n\n</details>', f'### {line}', f'- [{line}](x)']:
            for name,parse in PARSERS.items(): assert not (bad := find_danger(parse(page))), f'{name}: {bad}\nfrom {p!r}\nas {page!r}'


def evil_hit(p, q):
    "A hit in which everything that comes from a file is a payload"
    md,code = f'## {p}\n\n{q}\n\n[a][r] ![b](attachment:{p})', f'{p}\n{q}'
    fence = f'```\n{code}\n```'
    outs = [Output(k, q, m, d) for k,m,d in [('text', '', ''), ('error', '', ''), ('html', 'text/html', f'<table><tr><td>{p}<td>x{q}</table>{p}'), ('html', 'text/html', p),
        ('markdown', 'text/markdown', p), ('image', 'image/svg+xml', p), ('image', 'image/png', p), ('image', p, DOT), ('other', 'application/javascript', 'alert(1)')]]
    cells = (Cell('markdown', (0, len(md)), attachments=((p, p, p),)),
        Cell('code', (len(md)+2, len(md)+2+len(fence)), lang=p, fences=((len(md)+6, len(md)+6+len(code)),), outputs=tuple(outs)))
    text = md + '\n\n' + fence
    sec = Section(p, 0, p, (q, p), 2, text, (0, len(text)), cells, refs=(('r', p, q), (p, q, p)))
    links = (Link('jupyter', f'Open `{p}` in {q}', p), Link('kaggle', p, f'https://k/{p}'), Link('colab', 'x', f'a.ipynb#{p}'))
    return Hit(sec, 1.0, VIEWS[1].terms, links, title=q)


def folds(page):
    "How many folds stand at the top of `page`, and is the last note there?"
    body = html5lib.parse(page, namespaceHTMLElements=False).find('body')
    return len(body.findall('details')), any('the end' in (e.text or '') for e in body.iter('small'))


@pytest.mark.parametrize('view', VIEWS[1:])
def test_answers(view):
    "Payloads in every field of a hit: nothing runs, and no fold is ended or swallowed"
    rng = random.Random(1)
    for p in PAYLOADS:
        hit = evil_hit(p, rng.choice(PAYLOADS))
        plain = Hit(Section('a', 0, 'Plain', (), 2, '## Plain', (0, 8)), 1.0)
        answers = [render_answer([hit, hit, plain], view, [p, 'the end']), render_answer([], view, [p, 'the end'], meant=[hit, plain]), render_answer([plain], view, [p, 'the end'], meant=[hit, hit]), render_notes([replace(hit, lines=((0, 0), (2, 9)))], view, [p, 'the end']),
            render_contents([(p, p, [(2, p, p), (4, p, 'a#'+p), (3, p, 'b')])], view, [p, 'the end'])]
        for md in answers:
            for name,parse in PARSERS.items():
                page = parse(md)
                assert not (bad := find_danger(page)), f'{name}: {bad}\nfrom {p!r}\nas {md!r}'
                if name!='mistune': assert folds(page)==(len(re.findall('^<details>', md, re.M)), True), (name, p, md)


def test_terminal():
    "No control character of a note reaches the terminal"
    for p in [*PAYLOADS, '\x1b[2J', '\x1b]0;x\x07', '\x9b31m', '\x1bP+q\x1b\\', '\r\x08x', '\u202ex']:
        hit = evil_hit(p, '\x1b[31m\x1b]8;;http://e\x07')
        bare = render_plain([hit, hit], [p], folded=False) + render_text([hit, hit], [p], color=False) + render_plain([hit], meant=[hit]) + render_text([], meant=[hit, hit], color=False)
        colored = re.sub('\x1b\\[[0-9;]*m', '', render_text([hit, hit], [p], meant=[hit]))
        assert not re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]', bare+colored), p
