"A shown answer must not crash or freeze the page, change the reader's own formulas, or pretend to be something else"
import base64, io, json, re, struct

import pytest

from fastdebug.core import Output
from fastdebug.images import why_not_shown
from fastdebug.parse import parse_document
from fastdebug.render import render_links, render_output, section_blocks
from fastdebug.core import Link
from fastdebug.rewrite import RenderOptions, rewrite_inline, rewrite_markdown
from fastdebug.sanitize import clean_html, clean_math, clean_text

DEEP = [r'\frac{1}{'*200+'1'+'}'*200, r'\sqrt'*200+'x', '{'*200+'}'*200, r'\left('*200+r'\right)'*200, r'\begin{matrix}'*60+r'\end{matrix}'*60,
        r'\hat'*100+'x', r'\text{'*60+'}'*60, r'\begin{array}{*{99999}{c}}\end{array}', r'\rule{99999em}{99999em}', r'\hspace{-5000em}x', 'x'*20_000]

@pytest.mark.parametrize('tex', DEEP)
def test_formulas_that_exhaust_a_renderer_are_shown_as_their_source(tex):
    assert clean_math(tex)=='' and '<code>' in rewrite_markdown(f'a ${tex}$ b') or '```' in rewrite_markdown(f'$$\n{tex}\n$$')

@pytest.mark.parametrize('tex', [r'\frac{a}{\sqrt{b^{2}+c_{1}}}', r'\begin{align}a&=b\\c&=d\end{align}', r'\sum_{i=1}^{100} \hat{y}_i \quad\quad\quad', r'\left(\left[x\right]\right)', r'x_1^2 + 12345 \text{ items}', r'\hspace{2em}a'])
def test_ordinary_formulas_stay(tex): assert clean_math(tex)

@pytest.mark.parametrize('tex', [r'\newcommand{\x}{y}', r'\renewcommand\alpha{y}', r'\def\x{y}', r'\gdef\x{y}', r'\let\a\b', r'\definecolor{red}{rgb}{0,0,0}', r'\colorlet{a}{b}',
    r'\DeclareMathOperator{\x}{y}', r'\providecommand{\x}{y}', r'\newenvironment{a}{b}{c}', r'\mathchardef\x=1', r'\ref{\x}'])
def test_a_note_defines_nothing_for_the_readers_formulas(tex): assert clean_math(tex+' a')==''

MOVED = [r'\raise99em{x}', r'\hspace{-99em}x', r'\kern-99em x', r'\begin{matrix}a\\[-99em]b\end{matrix}', r'\rule{99em}{99em}', r'\hspace{-2em}'*40, r'\raise 2em{'*20+'x'+'}'*20, r'\lower-99em{x}', r'\hskip - 99 em x', r'\kern-.99in'*9,
    r'\moveleft99em{x}', r'\raisebox{99em}{x}', r'\mskip-999mu x', r'\colorbox{white}{\rule{50em}{50em}}', r'\vphantom{\rule{0em}{99em}}', r'\\[-9in]', r'\smash{\rule{5em}{9em}}', r'\mathrlap{\rule{50em}{1em}}', r'\hspace{30em}'*3]

@pytest.mark.parametrize('tex', MOVED)
def test_a_formula_stays_where_it_stands(tex): assert clean_math(tex)==''

@pytest.mark.parametrize('tex', [r'a\hspace{1cm}b', r'a\hspace{-1em}b', r'a\\[6pt]b', r'\raise.5ex{a}', r'\kern-.3em b', r'\rule{1em}{.5pt}', r'\begin{aligned}a&=b'+r'\\[1ex]c&=d'*30+r'\end{aligned}', r'\rlap{/}p', r'12 in a row', r'x_{3 in}'])
def test_ordinary_lengths_stay(tex): assert clean_math(tex)

@pytest.mark.parametrize('one', ['$a$ ', '$$a$$\n\n', '\\begin{align}a\\end{align}\n\n', 'a $$b$$ '])
def test_so_many_formulas_are_typeset_and_no_more(one):
    shown = ''.join(section_blocks(parse_document('# a\n\n'+one*3500, '/n/a.md').sections[0]))
    assert shown.count('<code>')+shown.count('```latex')==500

@pytest.mark.parametrize('mark', ['\u0301', '\u0489', '\u0e47', '\u20dd', '\u0301\u0316', '\ufe0f', '\u0f71', '\u302a', '\U000e0100'])
def test_a_pile_of_marks_covers_no_other_line(mark):
    for text in ('a'+mark*500, mark*500, 'a '+mark*500):
        for shown in (clean_text(text), rewrite_markdown(text), rewrite_markdown(f'`{text}`'), rewrite_markdown(f'[{text}](b)'), clean_html(f'<p>{text}')): assert not re.search(f'[{mark}]{{9}}', shown)
        assert len(clean_text(text))==len(text)
    assert clean_text('q\u0323\u0307\u0301 \u05d1\u05bc\u05b0\u05ab')=='q\u0323\u0307\u0301 \u05d1\u05bc\u05b0\u05ab'

def test_labels_are_nobodys():
    assert clean_math(r'a \label{eq:my_loss} = b')=='a  = b' and clean_math(r'see \eqref{eq:my_loss}')==r'see \text{(eq:my_loss)}'

def as_base64(o): return base64.b64encode(o if isinstance(o, bytes) else o.encode()).decode()
def uses(depth): return '<svg><g id="a0"><circle r="1"/></g>'+''.join(f'<g id="a{i+1}">'+f'<use href="#a{i}"/>'*10+'</g>' for i in range(depth))+f'<use href="#a{depth}"/></svg>'

BUSY = [uses(9), uses(1), '<svg><g id="a"><use href="#a"/></g></svg>', '<svg><foreignObject/></svg>', '<svg><filter id="f"/></svg>', '<svg><pattern/></svg>', '<svg><script/></svg>',
    '<svg><animate/></svg>', '<svg><set/></svg>', '<svg><mask/></svg>', '<svg><image href="http://x/y.png"/></svg>', '<svg><use href="other.svg#a"/></svg>', '<svg><style>a{animation:b 1s}</style></svg>',
    '<svg><path style="filter:url(#a)"/></svg>', '<svg><path fill="url(http://x)"/></svg>', '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
    '<svg>'+'<g>'*5000+'</g>'*5000+'</svg>', '<svg>'+'<path d="M0 0"/>'*60_000+'</svg>', '<svg><g id="a">'+'<g/>'*1000+'</g>'+'<use href="#a"/>'*1000+'</svg>', '<svg', '<html/>', '']

# each of these draws more than it seems to: clips in clips, a marker at each point, a picture inside, names that a browser reads otherwise
def clips(n): return ''.join(f'<clipPath id="c{i+1}">'+f'<rect clip-path="url(#c{i})"/>'*10+'</clipPath>' for i in range(n))+f'<rect clip-path="url(#c{n})"/>'
def drawing(o): return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">{o}</svg>'
def sheet(o, inside='<g/>'): return drawing(f'<style>{o}</style>{inside}')
LOTS = '<g id="many">'+'<rect/>'*20_000+'</g>'
WIDE = 'data:image/png;base64,'+as_base64(b'\x89PNG\r\n\x1a\n\0\0\0\rIHDR'+struct.pack('>II', 60_000, 60_000))

BUSY += [drawing(o) for o in (clips(7), clips(3).replace('clip-path="url(#c0)"', 'style="clip-path: url( \'#c0\' )"')+'<clipPath id="c0">'+'<rect/>'*1000+'</clipPath>',
    '<marker id="m">'+'<rect/>'*1000+'</marker><path marker-mid="url(#m)" d="M0 0'+' 1 1'*20_000+'"/>', '<marker id="m">'+'<rect/>'*1000+'</marker><g style="marker:url(#m)"><path d="M0 0'+'h1'*20_000+'"/></g>',
    '<marker id="m">'+'<rect/>'*1000+'</marker><path id="p" d="M0 0'+'h1'*20_000+'"/><use href="#p" marker-start="url(#m)"/>', '<clipPath id="a"><rect clip-path="url(#a)"/></clipPath><rect clip-path="url(#a)"/>',
    f'<image href="{WIDE}"/>', f'<image href="data:image/png;base64,{as_base64(b"BM"+bytes(60))}"/>', '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>', LOTS+'<use href="#many"/>'*20, LOTS+'<use href="#m%61ny"/>',
    LOTS+'<use href="#many" x:href="#none"/>', LOTS.replace('id="many"', 'id="many" x:id="y"')+'<use href="#many"/>'*20, LOTS+'<g id="many"/>'+'<use href="#many"/>'*20, LOTS+'<use href="#many"/>'*9+'<g id="b"><use href="#many"/></g>'+'<use href="#b"/>',
    '<rect style="-webkit-filter:blur(9px)"/>', '<rect clip-path="\\75rl(#a)"/>', '<rect style="fill:var(--a)"/>', '<x:script/>', '<rect fill="url(//e.org/a#b)"/>', '<a href="https://e.org"/>')]
BUSY += [sheet(o) for o in ('@im<![CDATA[port "a"]]>', ' '*9000+'@import "a"', '*{-webkit-filter:blur(9px)}', '*{filter/**/:blur(9px)}', '*{backdrop-filter:blur(9px)}', '*{mask-image:linear-gradient(red,blue)}', '*{clip-path:url(#a)}',
    'g:has(g){fill:red}', 'g~g~g~g{fill:red}', 'g+g{fill:red}', '*{\\66ilter:blur(9px)}', '*{transition:all 9s}')]
BUSY += [sheet('g g g{fill:red}'*500, '<g/>'*9000), '<?xml-stylesheet href="data:text/css,*{filter:blur(9px)}"?>'+drawing('<g/>'), '<?xml version="1.0" encoding="cp500"?>'+drawing('<g/>')]

@pytest.mark.parametrize('svg', BUSY)
def test_a_drawing_that_is_more_than_one_is_not_drawn(svg):
    assert why_not_shown('image/svg+xml', as_base64(svg))
    assert 'base64' not in ''.join(render_output(Output('image', '', 'image/svg+xml', svg), RenderOptions()))

def test_drawings_of_plotting_libraries_are_drawn():
    plot = pytest.importorskip('matplotlib.figure').Figure()
    plot.subplots().plot([1, 2, 3])
    plot.savefig(out := io.BytesIO(), format='svg')
    assert why_not_shown('image/svg+xml', as_base64(out.getvalue()))==''

@pytest.mark.parametrize('kind', ['PNG', 'GIF', 'JPEG', 'WEBP'])
def test_pictures_over_the_pixel_limit_are_not_shown(kind):
    from PIL import Image
    for size,shown in (((9000, 5000), False), ((90, 50), True)):
        Image.new('1' if kind=='PNG' else 'RGB', size).save(out := io.BytesIO(), format=kind, **({'quality':1} if kind=='JPEG' else {}))
        said = ''.join(render_output(Output('image', '', f'image/{kind.lower()}', as_base64(out.getvalue())), RenderOptions(image_limit=5_000_000)))
        assert ('base64' in said)==shown and ('pixels' in said)==(not shown)

DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
PLAIN = ['<clipPath id="c"><rect/></clipPath>'+'<g clip-path="url(#c)"><path d="M0 0L1 1"/></g>'*2000, '<marker id="m"><path d="M0 0"/></marker>'+'<path marker-end="url(#m)" d="M0 0L10 10"/>'*300,
    '<linearGradient id="a"><stop/></linearGradient><linearGradient id="b" href="#a"/><rect fill="url(#b)" style="filter:none;mask:none"/>', '<style>*{stroke-linejoin: round} .a &gt; g{fill:#000}</style><g class="a"/>', f'<image href="data:image/png;base64,{DOT}"/>']

@pytest.mark.parametrize('svg', PLAIN)
def test_ordinary_drawings_are_drawn(svg): assert why_not_shown('image/svg+xml', as_base64(drawing(svg)))==''

def frame(x, y, w, h): return b','+struct.pack('<HHHH', x, y, w, h)+b'\0\2\2\x4c\1\0'
LIARS = dict(bmp=b'BM'+struct.pack('<IHHIIiiHHIIiiII', 154, 0, 0, 54, 40, 60_000, 60_000, 1, 8, 1, 100, 0, 0, 0, 0)+bytes(100), icon=b'\0\0\1\0\1\0'+bytes(60), cursor=b'\0\0\2\0\1\0'+bytes(60), tiff=b'II*\0'+bytes(60),
    avif=b'\0\0\0\x1cftypavif'+bytes(60), heic=b'\0\0\0\x18ftypheic'+bytes(60), jxl=b'\xff\n'+bytes(60), jp2=b'\0\0\0\x0cjP  \r\n'+bytes(60), pdf=b'%PDF-1.4\n', photoshop=b'8BPS'+bytes(60),
    frame=b'GIF89a'+struct.pack('<HH', 1, 1)+b'\x80\0\0'+bytes(6)+frame(0, 0, 60_000, 60_000)+b';', later=b'GIF89a'+struct.pack('<HH', 1, 1)+b'\0\0\0!\xf9\4\0\0\0\0\0'+frame(0, 0, 1, 1)+frame(60_000, 60_000, 9, 9)+b';',
    far=b'\xff\xd8'+(b'\xff\xe1\xff\xff'+bytes(65_533))*6+b'\xff\xc0\0\x11\x08'+struct.pack('>HH', 60_000, 60_000)+b'\3'+bytes(10))

@pytest.mark.parametrize('name', LIARS)
@pytest.mark.parametrize('mime', ['image/png', 'image/gif'])
def test_a_picture_of_another_kind_or_size_than_it_says(name, mime):
    said = ''.join(render_output(Output('image', '', mime, as_base64(LIARS[name])), RenderOptions(image_limit=5_000_000)))
    assert 'base64' not in said and ('pixels' in said or 'known kind' in said)

@pytest.mark.parametrize('mime', ['image/svg+xml', 'IMAGE/SVG+XML', 'image/svg+xml;charset=utf-8', 'image/SVG+xml ; a', 'image/x'])
def test_a_drawing_pasted_under_another_spelling_of_its_type(mime):
    cell = dict(cell_type='markdown', metadata={}, source='# a\n\n![x](attachment:a) <img src="attachment:a">', attachments=dict(a={mime:as_base64('<svg><foreignObject/></svg>')}))
    sections = parse_document(json.dumps(dict(nbformat=4, metadata={}, cells=[cell])), '/n/a.ipynb', rich=True).sections
    assert not [o for s in sections for o in section_blocks(s) if 'base64' in o]

def test_many_pictures_are_not_more_than_ten_large_ones():
    from PIL import Image
    Image.new('1', (6000, 6000)).save(out := io.BytesIO(), 'PNG')
    shown = ''.join(section_blocks(parse_document(f'# a\n\n'+f'![x](data:image/png;base64,{as_base64(out.getvalue())})\n'*20, '/n/a.md').sections[0], limit=10**7))
    assert shown.count('base64')==11 and shown.count('too many pixels')==9

SPOOFS = ['git\u202ehub', 'git\u200bhub', 'git\u2060hub', 'git\ufeffhub', 'git\u00adhub', 'git\u200dhub', 'git\u2066hub', 'git\U000e0041hub', 'git\u200fhub', 'git\u061chub']

@pytest.mark.parametrize('name', SPOOFS)
def test_names_of_links_are_what_they_look_like(name):
    hidden = set(name)-set('github')
    shown = [rewrite_markdown(f'[{name}](https://e.org)'), rewrite_markdown(f'<a href="https://e.org">{name}</a>'), rewrite_markdown(f'a <a href="https://e.org">{name}</a>'),
             clean_html(f'<p><a href="https://e.org"><b>{name}</b></a>'), *render_links([Link('github', f'Open `{name}` on GitHub', 'https://e.org')]), rewrite_inline(name, RenderOptions(links=False))]
    for o in shown: assert not hidden & set(o), o

def test_joiners_of_scripts_that_need_them_stay():
    for word in ('\u0928\u094d\u200d\u0926', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'): assert word in rewrite_markdown(f'[{word}](x.md) {word}')

def test_code_reads_in_the_order_in_which_it_runs():
    assert '\u202e' not in rewrite_markdown('```\nif x: \u202e # } return\n```\n\n`\u2066a`')

@pytest.mark.parametrize('text', ['*a '*5000+'b*'*5000, '<b>'*5000, '> '*5000+'a', '- '*5000+'a', '!['*2000+'a'+'](b)'*2000, '['*5000, '<div>'*5000, '<details><summary>a'*5000])
def test_deep_things_are_shown_somehow(text): assert isinstance(rewrite_markdown(text), str)
