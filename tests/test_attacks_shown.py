"A shown answer must not crash or freeze the page, change the reader's own formulas, or pretend to be something else"
import base64, io

import pytest

from fastdebug.core import Output
from fastdebug.images import why_not_shown
from fastdebug.render import render_links, render_output
from fastdebug.core import Link
from fastdebug.rewrite import RenderOptions, rewrite_inline, rewrite_markdown
from fastdebug.sanitize import clean_html, clean_math

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

def test_labels_are_nobodys():
    assert clean_math(r'a \label{eq:my_loss} = b')=='a  = b' and clean_math(r'see \eqref{eq:my_loss}')==r'see \text{(eq:my_loss)}'

def as_base64(o): return base64.b64encode(o if isinstance(o, bytes) else o.encode()).decode()
def uses(depth): return '<svg><g id="a0"><circle r="1"/></g>'+''.join(f'<g id="a{i+1}">'+f'<use href="#a{i}"/>'*10+'</g>' for i in range(depth))+f'<use href="#a{depth}"/></svg>'

BUSY = [uses(9), uses(1), '<svg><g id="a"><use href="#a"/></g></svg>', '<svg><foreignObject/></svg>', '<svg><filter id="f"/></svg>', '<svg><pattern/></svg>', '<svg><script/></svg>',
    '<svg><animate/></svg>', '<svg><set/></svg>', '<svg><mask/></svg>', '<svg><image href="http://x/y.png"/></svg>', '<svg><use href="other.svg#a"/></svg>', '<svg><style>a{animation:b 1s}</style></svg>',
    '<svg><path style="filter:url(#a)"/></svg>', '<svg><path fill="url(http://x)"/></svg>', '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
    '<svg>'+'<g>'*5000+'</g>'*5000+'</svg>', '<svg>'+'<path d="M0 0"/>'*60_000+'</svg>', '<svg><g id="a">'+'<g/>'*1000+'</g>'+'<use href="#a"/>'*1000+'</svg>', '<svg', '<html/>', '']

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
