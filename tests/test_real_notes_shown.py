"""What a note holds is shown as its writer saw it, and of a long one the part that answers.

Inputs are such as people keep: logs of long trainings, exported pages, tables with formulas, solutions in a fold. One row of a table an input; what must
be in the answer, and what must not."""
import json
from base64 import b64decode
import pytest
from fastdebug.render import Limits
from fastdebug.rewrite import rewrite_markdown
from fastdebug.utils import fastnbs, fastnotes

def code(source, *outputs): return dict(cell_type='code', source=source, metadata={}, outputs=list(outputs))
def note(source): return dict(cell_type='markdown', source=source, metadata={})
def stream(text): return dict(output_type='stream', name='stdout', text=text)
def value(**data): return dict(output_type='display_data', metadata={}, data={k.replace('_', '/', 1):v for k,v in data.items()})
def notebook(*cells, **meta): return json.dumps(dict(nbformat=4, nbformat_minor=5, metadata=meta, cells=list(cells)))

@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path

def shown(here, text, question, name='a.md', **kw):
    (here/name).write_text(text, encoding='utf-8')
    found = fastnbs(question, roots=str(here), **kw)
    assert len(found)==1
    return found._repr_markdown_().replace('<mark style="background-color: #ffff00">', '').replace('</mark>', ''), repr(found)

# ---- the part with the match

LOG   = '\n'.join(f'epoch {i} loss {1/(i+1):.4f}' for i in range(300))
FILL  = ''.join(f'Paragraph {i}: filler without a subject.\n\n' for i in range(900))
FRAME = '<table><thead><tr><th>city</th></tr></thead>' + ''.join(f'<tr><td>town {i}</td></tr>' for i in range(200)) + '<tr><td>wombat</td></tr></table>'
LONG = [(notebook(note('# Train'), code('fit()', stream(LOG+'\nthe numbat stopped\n'))), 'numbat', 'the numbat stopped'),
    (notebook(note('# Train'), code('fit()', stream(LOG))), 'epoch 217', 'epoch 217 loss'),
    (notebook(note('# Frame'), code('df', value(text_html=FRAME, text_plain='frame wombat'))), 'wombat', '<td>wombat</td>'),
    (notebook(note('# Line'), code('print(x)', stream('x '*4000+'numbat '+'y '*4000))), 'numbat', 'numbat'),
    (notebook(note('# Text\n\n'+FILL+'> the numbat digs')), 'numbat', '> the numbat digs'),
    (notebook(note('# Two'), note(FILL), code('numbat = 1'), note('after')), 'numbat', 'numbat = 1'),
    (notebook(note('# Script'), code('\n'.join(f'x{i} = {i}' for i in range(5_000))+'\nnumbat = 2')), 'numbat', 'numbat = 2'),
    (notebook(note('# Late'), code('\n'.join(f'x{i} = {i}' for i in range(5_000)), stream('numbat printed'))), 'numbat', 'numbat printed'),
    (notebook(note('# Markdown\n\n'+FILL), code('show()', value(text_markdown='**numbat** here', text_plain='<Markdown object>'))), 'numbat', 'numbat')]

@pytest.mark.parametrize('text,question,seen', LONG)
def test_the_part_with_the_match_is_shown(here, text, question, seen):
    page, plain = shown(here, text, question, 'a.ipynb', limits=Limits(first=8_000))
    assert seen in page.replace('<strong>', '').replace('</strong>', '') and ('left out' in page or '... ' in page) and len(page)<10_000
    assert question.split()[-1] in plain

NOTES = [FILL+'The numbat digs.\n\n'+FILL, '```python\n'+'\n'.join(f'x{i} = {i}' for i in range(5_000))+'\nnumbat = 1\n```\n\nafter\n',
    '- '+'\n- '.join(f'item {i}' for i in range(2_000))+'\n- a numbat\n', 'word '*9_000+'numbat '+'word '*9_000, '<div>'+FILL+'</div>\n\nThe numbat.\n',
    FILL+'```sh\ngit numbat\n```\n', FILL+'| a | b |\n|---|---|\n| numbat | 1 |\n', FILL+'$$\nx\n$$\n\nof the numbat\n']

@pytest.mark.parametrize('text', NOTES)
def test_of_a_long_note_the_part_with_the_match_is_shown(here, text):
    page, plain = shown(here, '# Long\n\n'+text, 'numbat', limits=Limits(first=8_000))
    assert 'numbat' in page and 'characters before this left out' in page and len(page)<10_000 and page.count('```')%2==0
    assert '### Long' in page and 'numbat' in plain
    lines = fastnotes('numbat', roots=str(here), limits=Limits(folded=8_000))
    assert '>numbat</mark>' in lines._repr_markdown_() and len(lines._repr_markdown_())<10_000

def test_in_a_folded_hit_too(here):
    (here/'long.md').write_text('# Long\n\n'+FILL+'A numbat.\n')
    (here/'short.md').write_text('# Numbat\n\nA numbat.\n')
    page = fastnbs('numbat', roots=str(here))._repr_markdown_()
    assert 'before this left out (limit 20,000)' in page and page.count('>numbat</mark>')+page.count('>Numbat</mark>')>=3

def test_what_fits_is_whole(here):
    page, _ = shown(here, '# Long\n\n'+FILL+'A numbat.\n', 'numbat')
    assert 'left out' not in page and 'Paragraph 0:' in page and 'Paragraph 899:' in page

# ---- outputs

OUTPUTS = [([value(text_plain='42'), stream('done\n')], ['```text\n42\n```', '```text\ndone\n```'], ['42done']),
    ([stream('a\n'), stream('b\n')], ['```text\na\nb\n```'], []),
    ([stream('a\n'), value(text_plain='7'), stream('b\n')], ['```text\na\n```', '```text\n7\n```', '```text\nb\n```'], []),
    ([value(text_latex='$\\displaystyle \\frac{x}{2}$', text_plain='x/2')], ['$$\\displaystyle \\frac{x}{2}$$'], ['```text\nx/2']),
    ([value(text_latex='\\begin{equation}x^2\\end{equation}', text_plain='<Latex object>')], ['\\begin{equation}x^2\\end{equation}'], ['object']),
    ([value(text_latex='$a$ and $b$', text_plain='<Latex object>')], ['$a$ and $b$'], []),
    ([value(text_html='<h4>Report</h4><p onclick="x()">A <b>wallaby</b>.</p>', text_plain='<HTML object>')], ['<b>wallaby</b>', 'Report'], ['onclick', 'object']),
    ([value(text_html='<style>p {}</style><ul><li>one</li></ul>', text_plain='<HTML object>')], ['<li>one</li>'], ['style', 'p {}']),
    ([value(text_html='<script>draw()</script>', text_plain='a chart of sales')], ['a chart of sales'], ['draw']),
    ([value(text_html='<img src="https://e.org/x.png">', text_plain='<Image object>')], ['e.org/x.png'], ['<img'])]

@pytest.mark.parametrize('outputs,there,gone', OUTPUTS)
def test_outputs_are_shown_as_jupyter_shows_them(here, outputs, there, gone):
    page, _ = shown(here, notebook(note('# Result of it'), code('run()', *outputs)), 'result', 'a.ipynb')
    for o in there: assert o in page
    for o in gone: assert o not in page

@pytest.mark.parametrize('output,word', [(value(text_latex='$x + kangaroo$', text_plain='<IPython.core.display.Math object>'), 'kangaroo'),
    (value(text_html='<p>a <i>wallaby</i> &amp; a koala</p>', text_plain='<IPython.core.display.HTML object>'), 'wallaby'), (value(text_html='<b>numbat</b>'), 'numbat'),
    (value(text_html='<style>.quokka {}</style><p>echidna</p>', text_plain='<HTML object>'), 'echidna'), (value(text_markdown='# bilby'), 'bilby')])
def test_the_words_of_rich_outputs_are_found(here, output, word):
    (here/'a.ipynb').write_text(notebook(note('# Result'), code('run()', output)))
    assert [h.section.heading for h in fastnbs(word, roots=str(here))]==['Result'] and not fastnbs('quokka', roots=str(here))

MAGICS = [('%%sql', 'sql'), ('%%bash', 'bash'), ('%%html', 'html'), ('%%writefile train.py', 'python'), ('%%R -o x', 'r'), ('%%js', 'javascript'), ('%%time', 'python'),
    ('%%latex', 'latex'), ('%%script python3', 'python'), ('%%script /usr/bin/env', 'bash'), ('%%script node', 'javascript'), ('%%sql --conn x', 'sql'), ('%%bash --out x', 'bash'), ('%%capture out', 'python'), ('%%R -i df', 'r'), ('%sql select 1', 'python'), ('%%writefile conf.yml', 'yaml'),
    ('%%sparksql', 'sql'), ('%%scala', 'scala'), ('%%cuda', 'cuda'), ('%%cpp -std=17', 'cpp'), ('%%dot', 'dot'), ('%%time\n%%bash', 'bash'), ('%%capture out\n%%time\n%%sql', 'sql'), ('%%time\nx = 1\n%%bash', 'python')]

@pytest.mark.parametrize('magic,lang', MAGICS)
def test_cell_magics_are_fenced_in_their_language(here, magic, lang):
    page, _ = shown(here, notebook(note('# Query of it'), code(magic+'\nselect 1')), 'query', 'a.ipynb')
    assert f'```{lang}\n{magic}\nselect 1\n```' in page

# ---- Markdown

MARKDOWN = [('| a | b |\n|---|---|\n| Bayes | $P(A|B)$ |', ['| Bayes | $P(A\\vert B)$ |'], []),
    ('| a | b |\n|---|---|\n| norm | $\\|x\\|$ of it |', ['$\\Vert x\\Vert$ of it |'], []),
    ('| a | b |\n|---|---|\n| or | `x | y` |', ['<code>x &#124; y</code> |'], []),
    ('| a | b |\n|---|---|\n| esc | `x \\| y` |', ['<code>x &#124; y</code> |'], []),
    ('| a | b |\n|---|---|\n| two | $|x|$ and $|y|$ |', ['$\\vert x\\vert$ and $\\vert y\\vert$ |'], []),
    ('| a | b |\n|---|---|\n| price | $5 | $6 |', ['price'], ['$5 | $6']),
    ('so \\\\(x_1 * y * z\\\\) holds', ['so $x_1 * y * z$ holds'], []), ('so\n\n\\\\[x^2\\\\]\n\nholds', ['$$x^2$$'], []), ('so\n\n\\[\nx^2\n\\]\n\nholds', ['$$x^2$$'], []),
    ('`\\\\(x\\\\)` is code', ['(x'], ['$x$']),
    ('- [ ] todo\n- [x] done\n- [X] Done too\n- [link](b.md)', ['- ☐ todo', '- ☑ done', '- ☑ Done too', '- [link](b.md)'], ['[x]']),
    ('1. [ ] first\n2. second', ['1. ☐ first', '2. second'], []), ('* [ ] a\n  - [x] b', ['☐ a', '☑ b'], []), ('text [ ] in it, `[x]`', ['&#91; &#93;'], ['☐', '☑']),
    ('<details>\n<summary>Solution</summary>\n\nThe answer is **42**.\n\n</details>\n\nAfter.',
        ['<details><summary>Solution</summary>\n\nThe answer is <strong>42</strong>.\n\n</details>\n\nAfter.'], []),
    ('<details open><summary><b>Click</b> me</summary>\n\n```python\nx = 1\n```\n\n</details>', ['<details><summary>Click me</summary>\n\n```python\nx = 1\n```\n\n</details>'], ['open']),
    ('<details>\n\nno summary\n\n</details>', ['<summary>Details</summary>\n\nno summary\n\n</details>'], []),
    ('<details>\n<summary>A</summary>\n\na\n\n</details>\n<details>\n<summary>B</summary>\n\nb\n\n</details>', ['A</summary>\n\na\n\n</details>', 'B</summary>\n\nb\n\n</details>'], []),
    ('<details>\n<summary>A</summary>\n\n<details>\n<summary>B</summary>\n\nb\n\n</details>\n\na\n\n</details>', ['b\n\n</details>\n\na\n\n</details>'], []),
    ('<details>\n<summary>never closed</summary>\n\na', ['<summary>never closed</summary>\n\na\n\n</details>'], []), ('</details>\n\nonly closed', ['only closed'], ['</details>']),
    ('- <details>\n  <summary>S</summary>\n\n  inside\n\n  </details>\n\nAfter', ['<summary>S</summary>\n\n  inside\n\n  </details>'], []),
    ('> [!tip]- Read *this*\n> slowly', ['> <strong>Tip: Read <em>this</em></strong>\n>\n> slowly'], ['!tip']), ('> [!NOTE]\n> plain', ['> <strong>Note</strong>\n>\n> plain'], []),
    ('> > [!bug] deep\n> > inside', ['> > <strong>Bug: deep</strong>'], ['!bug']), (':::{admonition} Leaves\n:class: tip\ngreen\n:::\n\nAfter', ['<strong>Leaves</strong>\n\ngreen\n\nAfter'], ['class', '::']),
    ('::: {.callout-warning title="Teeth"}\nsharp\n:::', ['<strong>Warning: Teeth</strong>\n\nsharp'], ['callout']), (':::danger[Paws]\nsoft\n:::', ['<strong>Danger: Paws</strong>'], ['&#58;']),
    ('!!! note "Tail"\n    long\n\n    thin\n\nAfter', ['<strong>Note: Tail</strong>\n\nlong\n\nthin\n\nAfter'], ['```']), ('::: {.columns}\n::: {.column}\nleft\n:::\n:::', ['left'], ['column', '&#58;']),
    ('see [[Quokka]], [[Quokka#Diet|its food]], [[#Diet]]', ['see Quokka, its food, Diet'], ['91;']), ('| a | b |\n|---|---|\n| [[Quokka\\|alias]] | 2 |', ['| alias | 2 |'], []),
    ('an array [[1, 2]], `[[x]]`, [[Paper]](https://e.org/p)', ['&#91;&#91;1, 2&#93;&#93;', '`[[x]]`', '&#91;Paper&#93;'], []),
    ('```\n> [!note] x\n::: {.y}\n[[z]]\n```', ['> [!note] x\n::: {.y}\n[[z]]'], [])]

def test_an_embedded_picture_is_shown(here):
    (here/'leaf.png').write_bytes(b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='))
    page, _ = shown(here, '# Subject\n\n![[leaf.png|200]]\n', 'subject')
    assert 'data:image/png;base64,' in page and '[[' not in page

@pytest.mark.parametrize('text,there,gone', MARKDOWN)
def test_markdown_is_shown_as_its_writer_saw_it(here, text, there, gone):
    page, _ = shown(here, f'# Subject\n\n{text}\n', 'subject')
    for o in there: assert o in page
    for o in gone: assert o not in page

HEADINGS = [('Methods {#sec-methods}', 'Methods'), ('Notes {.unnumbered .unlisted}', 'Notes'), ('Data {-}', 'Data'), ('Plot {#fig width="50%"}', 'Plot'),
    ('The set {1, 2}', 'The set &#123;1, 2&#125;'), ('A $\\{x\\}$', 'A $\\{x\\}$'), ('f-string {x}', 'f-string &#123;x&#125;'), ('Two {#a} {#b}', 'Two &#123;#a&#125;')]

@pytest.mark.parametrize('heading,seen', HEADINGS)
def test_attributes_of_a_heading_are_not_its_text(here, heading, seen):
    from fastdebug.utils import fastlistnbs
    page, plain = shown(here, f'# Subject\n\n## {heading}\n\na numbat\n', 'numbat', 'a.qmd')
    assert f'### {seen}\n' in page
    assert f'[{seen}](a.qmd#' in fastlistnbs(roots=str(here))._repr_markdown_() and ('{#' in seen or '{#' not in repr(fastlistnbs(roots=str(here))) or '&#123;#' in seen)

SOLVED = [('```python\ny = 1\nx = numbat\n```', 'line 2: numbat'), ('~~~\nnumbat\n~~~', 'line 1: numbat'), ('```python\nx = 1\n```', ''),
    ('````\n```\nnumbat\n```\n````', 'line 2: numbat'), ('text\n\n```\nnumbat\n```\n\n```\nNumbat again\n```', 'line 1: Numbat')]

@pytest.mark.parametrize('solution,caption', SOLVED)
def test_what_matches_in_the_code_of_a_solution_is_said_above_it(here, solution, caption):
    page, _ = shown(here, f'# Subject of a numbat\n\n<details>\n<summary>Solution</summary>\n\n{solution}\n\n</details>\n', 'numbat')
    assert f'<small>{caption}' in page if caption else '<small>line' not in page

NAMED = ['python title="numbat.py"', 'python:src/numbat.py', '{.python filename="numbat.py"}', '{r numbat-plot, fig.cap="x"}', '{python} # numbat', 'js title="a *numbat* $x$"', '{code-block} python numbat.py', 'sh numbat']

@pytest.mark.parametrize('info', NAMED)
@pytest.mark.parametrize('before', ['', '- item\n\n  ', '> ', '<details>\n<summary>S</summary>\n\n'])
def test_what_matches_in_the_first_line_of_a_fence_is_shown(here, info, before):
    lines = f'```{info}\nx = 1\n```'.replace('\n', '\n  ' if '-' in before else '\n> ' if '>' in before[:1] else '\n')
    page, _ = shown(here, f'# Subject\n\n{before}{lines}\n', 'numbat')
    assert 'numbat' in page.partition('[Open')[0] and 'x = 1' in page
    assert '$x$' not in page and '*numbat*' not in page
    page, _ = shown(here, f'# Subject\n\n{before}{lines}\n', 'subject')
    assert 'numbat' not in page

def test_below_hits_that_are_only_headings_the_first_that_is_more_stands_unfolded(tmp_path):
    for name in 'ab': (tmp_path/f'{name}.md').write_text(f'# Quokka trees\n\n## Of book {name}\n\nPick the column.\n')
    (tmp_path/'c.md').write_text('# Splitting trees of a quokka\n\nPick the column that tells most of quokka trees.\n')
    hits = fastnbs('quokka trees', roots=tmp_path, k=3)
    assert [h.section.is_bare for h in hits]==[True, True, False]
    page = hits._repr_markdown_()
    assert page.count('<details open>')==1 and 'tells most' in page.partition('<details open>')[2] and 'tells most' in repr(hits)

def test_below_a_first_hit_that_is_only_a_heading_the_second_stands_unfolded(tmp_path):
    (tmp_path/'a.md').write_text('# Quokka trees\n\n## Splitting quokka trees\n\nPick the column that tells most.\n\n## Leaves of trees\n\nThey answer quokka.\n')
    bare = fastnbs('quokka trees', roots=tmp_path, k=3)
    assert bare[0].section.is_bare and not bare[1].section.is_bare
    assert bare._repr_markdown_().count('<details open>')==1 and bare._repr_markdown_().count('<details>')==1
    assert bare[1].section.prose.split('\n')[-1] in repr(bare) and bare[2].section.prose.split('\n')[-1] not in repr(bare)
    (tmp_path/'a.md').write_text('# Quokka trees\n\nThey are tall.\n\n## Splitting quokka trees\n\nPick the column that tells most.\n')
    told = fastnbs('quokka trees', roots=tmp_path)
    assert not told[0].section.is_bare and '<details open>' not in told._repr_markdown_() and told[1].section.prose.split('\n')[-1] not in repr(told)

# ---- formulas and money

FORMULAS = [('$q$ = 10', '$q$ = 10'), ('- $q$: 5', '- $q$: 5'), ('1. $q$ of 2', '1. $q$ of 2'), ('> $q$, $r$: 3', '> $q$, $r$: 3'), ('## $q$ leaves of 3', '### $q$ leaves of 3'),
    ('| $q$ = 10 | b |\n|---|---|\n| $r$: 2 | 3 |', '| $q$ = 10 | b |\n| --- | --- |\n| $r$: 2 | 3 |'), ('turn 90$^\\circ$ left', 'turn 90$^\\circ$ left'), ('2$\\pi$', '2$\\pi$'),
    ('5$\\mu$m', '5$\\mu$m'), ('$$a$$ and $$b$$', '$$a$$ and $$b$$'), ('- $$a$$ and $$b$$', '- $$a$$ and $$b$$'), ('$$a$$, $$b$$.', '$$a$$, $$b$$.'), ('a leaf is $5, so $q$ is', 'a leaf is %5, so $q$ is'),
    ('$HOME and $q$', '%HOME and $q$'), ('$5 and $10', '%5 and %10'), ('from $5 to $10', 'from %5 to %10'), ('5$ or 6$', '5% or 6%'), ('US$ and $q$', 'US% and $q$'), ('$ q $ eats', '$q$ eats'),
    ('`$q$` is code', '<code>&#36;q&#36;</code> is code'), ('\\$5 and $q$', '%5 and $q$'), ('a $q$-leaf', 'a $q$-leaf'), ('**$q$ 3**', '<strong>$q$ 3</strong>'), ('[a $q$](b)', '[a $q$](b)'), ('$5 or $6 to $7', '%5 or %6 to %7'), ('$a$$b$', '$a$ $b$')]

@pytest.mark.parametrize('text,seen', FORMULAS)
def test_a_dollar_means_a_formula_or_money(text, seen): assert rewrite_markdown(text)==seen.replace('%', '<span>&#36;</span>')

# ---- what other tools write

DIRECTIVES = [('```{warning} Teeth\nBite **hard** $x$\n```', '<strong>Warning: Teeth</strong>\n\nBite <strong>hard</strong> $x$'), ('```{admonition} Of leaves\n:class: tip\ngreen\n```\nafter', '<strong>Of leaves</strong>\n\ngreen\n\nafter'),
    ('```{note}\nplain\n```', '<strong>Note</strong>\n\nplain'), ('```{exercise} Dig\n:label: dig\nDo it.\n```', '<strong>Exercise: Dig</strong>\n\nDo it.'), ('```{prf:theorem} Paws\nAll.\n```', '<strong>Theorem: Paws</strong>\n\nAll.'),
    ('```{figure} a.png\n---\nwidth: 50%\n---\nA leaf\n```', '[&#91;image&#93;](a.png)\n\nA leaf'), ('```{image} a.png\n:alt: Leaf\n```', '[&#91;image: Leaf&#93;](a.png)'), (':::{figure} a.png\n:name: f\nA leaf\n:::', '[&#91;image&#93;](a.png)\n\nA leaf'),
    ('```{math}\n:label: l\na = b\n```', '$$a = b$$'), ('```math\na &= b \\\\\nc &= d\n```', '$$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$$'), ('```{code-block} python\n:linenos:\nx = 1\n```', '```python\nx = 1\n```'),
    ('```{code-cell} ipython3\n:tags: [a]\nx = 1\n```', '```python\nx = 1\n```'), ('```{code} js\n---\nname: x\n---\nx\n```', '```js\nx\n```'), ('````{tip}\n```python\nx = 1\n```\nmore\n````\nafter', '<strong>Tip</strong>\n\n```python\nx = 1\n```\n\nmore\n\nafter'),
    ('`````{tab-set}\n````{tab-item} Mac\n```{code} sh\nls\n```\n````\n`````', '<strong>Mac</strong>\n\n```sh\nls\n```'), ('> ```{tip} Deep\n> a\n> ```\nafter', '> <strong>Tip: Deep</strong>\n>\n> a\n\nafter'), ('- a\n\n  ```{note}\n  b\n  ```', '- a\n\n  <strong>Note</strong>\n\n  b'),
    ('```{python}\nx = 1\n```', '```python\nx = 1\n```'), ('```\n```{note}\nx\n```', '````\n```{note}\nx\n````'), ('```{list-table}\n* a\n```', '```list-table\n* a\n```'), ('```{note', '```note\n\n```')]

@pytest.mark.parametrize('text,seen', DIRECTIVES)
def test_directives_between_backticks_are_shown_as_what_they_are(text, seen): assert rewrite_markdown(text)==seen

FOR_TOOLS = [('![Leaf](a.png){#fig-a width=50%} x', '[&#91;image: Leaf&#93;](a.png) x'), ('$$ x $$ {#eq-a}', '$$x$$'), ('$$\nx\n$$ {#eq-a}\n\nb', '$$x$$\n\nb'), ('| a |\n|---|\n| 1 |\n\n: Of leaves {#tbl-a}', '| a |\n| --- |\n| 1 |\n\n&#58; Of leaves'),
    ('[small]{.small} leaf', 'small leaf'), ('leaf\n{: .wide }', 'leaf'), ('![c](a.png)\n:label:`fig`\n\nb', '[&#91;image: c&#93;](a.png)\n\nb'), ('$$x$$\n:eqlabel:`eq`', '$$x$$'), ('*a*{: .b} c', '<em>a</em> c'), ('`a`{.py} b', '`a` b'),
    ('a {1, 2} and {x}', 'a &#123;1, 2&#125; and &#123;x&#125;'), ('text {.a} b', 'text &#123;.a&#125; b'), ('{:.2f}', '&#123;:.2f&#125;'), ('f(x){a}', 'f(x)&#123;a&#125;'), ('`[a]{.b}`', '`[a]{.b}`'), ('a[0]{.x}', 'a&#91;0&#93;&#123;.x&#125;')]

@pytest.mark.parametrize('text,seen', FOR_TOOLS)
def test_attributes_and_labels_are_not_shown(text, seen): assert rewrite_markdown(text)==seen

BOXES = [('> [!info|wide] Leaves\n> green', '> <strong>Info: Leaves</strong>\n>\n> green'), ('!!! info inline end "Leaves"\n\n    green', '<strong>Info: Leaves</strong>\n\ngreen'), ('???+ note "Leaves"\n    green', '<strong>Note: Leaves</strong>\n\ngreen'),
    ('=== "Mac"\n\n    ```sh\n    if a\n      b\n    ```\n\n=== "Linux"\n\n    c\n\nafter', '<strong>Mac</strong>\n\n```sh\nif a\n  b\n```\n\n<strong>Linux</strong>\n\nc\n\nafter'), ('=== "A"\n    !!! tip\n        b\n    c\nd', '<strong>A</strong>\n\n<strong>Tip</strong>\n\nb\nc\nd'),
    ('a ==marked== leaf', 'a marked leaf'), ('a == b == c', 'a == b == c'), ('`==a==` and x==y==z', '`==a==` and x==y==z'), ('green%% not seen %% leaf', 'green%% not seen %% leaf'), ('green %%not seen%% leaf', 'green  leaf'), ('a\n\n%%\nnot seen\n%%\n\nb', 'a\n\nb'),
    ('Use %%time or %%bash', 'Use %%time or %%bash'), ('```\n%%\na\n%%\n==b==\n```', '```\n%%\na\n%%\n==b==\n```'), ('100%% of 3%%', '100%% of 3%%'), ('a !!! b "c"', 'a !!! b "c"'), ('=== a', '&#61;== a')]

@pytest.mark.parametrize('text,seen', BOXES)
def test_boxes_tabs_marks_and_comments_of_other_tools(text, seen): assert rewrite_markdown(text)==seen

def test_a_list_in_a_terminal_has_titles_without_attributes(here):
    from fastdebug.utils import fastlistnbs
    (here/'a.qmd').write_text('# Leaves {#sec-a .wide}\n\ntext\n')
    assert '{#' not in repr(fastlistnbs(roots=str(here)))

BARS = [('1/9 [.] - 2.3'+'\x08'*13+'9/9 [=] - 0.5\n', '9/9 [=] - 0.5'), ('long words'+'\x08'*10+'end', 'end'), ('1/2'+'\x08'*3+'\r2/2', '2/2'), ('\r1/2'+'\x08'*9+'2/2\n', '2/2'), ('a\n1/2'+'\x08'*9+'2/2', 'a\n2/2'), ('kept'+'\x08'*4+'\nb', 'kept\nb'),
    ('leaf\x08\x08af', 'leaf'), ('1\x082\x083\x084', '4'), ('plain', 'plain')]

@pytest.mark.parametrize('printed,seen', BARS)
def test_of_what_backspaces_wrote_over_the_last_state_is_shown(here, printed, seen):
    page, plain = shown(here, notebook(note('# Result of it'), code('run()', stream(printed))), 'result', 'a.ipynb')
    assert f'```text\n{seen}\n```' in page and '\x08' not in plain

LANGUAGES = [(dict(vscode=dict(languageId='sql')), 'x', 'sql'), (dict(vscode=dict(languageId='python')), 'x', 'python'), (dict(polyglot_notebook=dict(kernelName='csharp')), 'x', 'csharp'), (dict(dotnet_interactive=dict(language='fsharp')), 'x', 'fsharp'),
    (dict(vscode=dict(languageId='r')), '%%bash\nx', 'bash'), (dict(vscode=dict(languageId='a b')), 'x', 'python'), (dict(vscode='sql'), 'x', 'python'), ({}, 'x', 'python')]

@pytest.mark.parametrize('meta,source,lang', LANGUAGES)
def test_the_language_that_an_editor_notes_for_a_cell(here, meta, source, lang):
    page, _ = shown(here, notebook(note('# Query of it'), {**code(source), 'metadata':meta}), 'query', 'a.ipynb')
    assert f'```{lang}\n{source}\n```' in page

FOOTNOTES = [('zebra[^1][^2]\n\n[^1]: Smith\n[^2]: https://e.org', 'zebra[^1][^2]\n\n[^1]: Smith\n\n[^2]: https://e.org'), ('a[^1] b\n\n[^1]: Smith', 'a[^1] b\n\n[^1]: Smith'), ('a[^long-name]\n\n[^long-name]: One\ntwo.', 'a[^long-name]\n\n[^long-name]: One\ntwo.'),
    ('a[^1]\n\n[^1]: One\n\n    Two\n\n    ```python\n    x = 1\n    ```\n\nafter', 'a[^1]\n\n[^1]: One\n\nTwo\n\n```python\nx = 1\n```\n\nafter'), ('- a[^1]\n\n[^1]: b', '- a[^1]\n\n[^1]: b'), ('| a[^1] |\n|---|\n| b |\n\n[^1]: c', '| a[^1] |\n| --- |\n| b |\n\n[^1]: c'),
    ('as said[^1]: b', 'as said[^1]: b'), ('[^a-z] alone', '[^a-z] alone'), ('[x][1]\n\n[1]: https://e.org', '{x}(https://e.org)'), ('[^1]: **b** $x$', '[^1]: <strong>b</strong> $x$')]

@pytest.mark.parametrize('text,seen', FOOTNOTES)
def test_footnotes_are_shown(text, seen): assert rewrite_markdown(text)==seen.translate({91:'&#91;', 93:'&#93;', 123:'[', 125:']'})

@pytest.mark.parametrize('note,seen', [('Smith', 'Smith'), ('https://e.org', 'https://e.org'), ('Of *all* kinds', 'Of <em>all</em> kinds'), ('One\n\n    Two', 'One\n\nTwo'), ('<script>x()</script>y', 'x()y'), ('[b](javascript:x)', 'b'), ('a\nb', 'a\nb'), ('`c`', '`c`')])
def test_a_footnote_at_the_end_of_the_file_is_shown_with_its_section(here, note, seen):
    (here/'a.md').write_text(f'# Book\n\n## Subject\n\na leaf[^q] and `[^r]`\n\n## Other\n\nb[^s]\n\n[^s]: not this\n[^q]: {note}\n')
    page = fastnbs('subject', roots=str(here))[0]
    from fastdebug.render import render_section
    assert render_section(page.section).endswith(f'a leaf&#91;^q&#93; and `[^r]`\n\n&#91;^q&#93;: {seen}')
    assert [s.text.count('[^s]: not') for s in [page.section]]==[0]

def test_in_a_notebook_too(here):
    (here/'a.ipynb').write_text(notebook(note('# Subject\n\na leaf[^q]'), code('x = 1'), note('## Notes'), note('[^q]: Of leaves.')))
    page = fastnbs('subject', roots=str(here), k=1)._repr_markdown_()
    assert 'leaf&#91;^q&#93;\n\n&#91;^q&#93;: Of leaves.' in page and page.index('Of leaves')<page.index('x = 1')

MEDIA = [('<iframe width="3" src="https://e.org/embed/x"></iframe>', 'https://e.org/embed/x', True), ('<video src="https://e.org/a.mp4" controls></video>', 'https://e.org/a.mp4', True), ('see <audio src=\'https://e.org/a.mp3\'></audio> it', 'https://e.org/a.mp3', True),
    ('<video controls>\n<source src="https://e.org/b.mp4">\n</video>', 'https://e.org/b.mp4', True), ('<embed src="https://e.org/c.pdf">', 'https://e.org/c.pdf', True), ('<div><object data="http://e.org/d"></object></div>', 'http://e.org/d', True), ('<iframe src="//e.org/f"></iframe>', 'https://e.org/f', True),
    ('<iframe src="javascript:x()"></iframe>', 'javascript', False), ('<iframe srcdoc="<b>https://e.org</b>"></iframe>', 'href', False), ('<video src="a.mp4"></video>', 'href', False), ('<iframe src="data:text/html,x"></iframe>', 'data:', False), ('`<iframe src="https://e.org/x">`', 'href', False)]

@pytest.mark.parametrize('text,url,linked', MEDIA)
def test_a_film_a_sound_and_a_page_inside_are_links(text, url, linked):
    page = rewrite_markdown(text).replace('&#58;', ':')
    assert (f'<a href="{url}">' in page and f'>{url}</a>' in page) if linked else url not in page
    assert not any(o in page for o in ('<iframe', '<video', '<audio', '<embed', '<object', '<source'))

TITLES = [('# ![logo](a.png)\n\n## Leaves\n', 'quokka diet'), ('# ![logo](a.png)\n\n# Leaves\n', 'Leaves'), ('# [![logo](a.png)](https://e.org)\n\ntext\n', 'quokka diet'), ('# <img src="a.png">\n\n# Leaves\n', 'Leaves'), ('# ![logo](a.png) Leaves\n', '![logo](a.png) Leaves'),
    ('<h1 align="center"><img src="a.png" alt="x"></h1>\n\n# Leaves\n', 'Leaves'), ('# Leaves ![logo](a.png)\n', 'Leaves ![logo](a.png)'), ('# [Leaves](b.md)\n', '[Leaves](b.md)'), ('Say `<h1>Grass</h1>` so.\n\n# Leaves\n', 'Leaves'), ('A ``<h1>`Grass`</h1>`` b\n', 'quokka diet')]

@pytest.mark.parametrize('text,title', TITLES)
def test_a_picture_or_code_is_no_title(text, title):
    from fastdebug.parse import parse_document
    doc = parse_document(text, '/n/quokka diet.md')
    assert doc.title==title and 'Grass' not in doc.headings

UNSEEN = [('<!-- wombat -->', 0), ('<style>\n.wombat {}\n</style>', 0), ('<script>wombat()</script>', 0), ('leaves <!--\nwombat\n--> green', 0), ('`<!-- wombat -->`', 1), ('<!-- x --> wombat', 1), ('<b>wombat</b>', 1), ('```html\n<!-- wombat -->\n```', 1), ('a <!-- wombat', 1)]

@pytest.mark.parametrize('text,hits', UNSEEN)
def test_what_no_page_shows_is_not_found(here, text, hits):
    (here/'a.md').write_text(f'# Leaves\n\n{text}\n')
    (here/'b.md').write_text('# Grass\n\nroots\n')
    assert len(fastnbs('wombat', roots=str(here)))==hits

IN_HTML = [('<div class="alert">\n$x^2$\n</div>', '$x^2$'), ('<table><tr><td>$x$</td><td>$$\\frac{a}{b}$$</td></tr></table>', '<td>$x$</td><td>$$\\frac{a}{b}$$</td>'), ('<p>$a < b$ holds</p>', '<p>$a < b$ holds</p>'), ('<p>$5 and $6</p>', '%5 and %6'), ('<p>from $5 get $x$</p>', 'from %5 get $x$'),
    ('<pre>$x$</pre>', '<pre>&#36;x&#36;</pre>'), ('<p>$\\href{javascript:x}{y}$</p>', '<p><code>&#36;&#92;href'), ('<div><b>$x</b>$</div>', '<b>%x</b>%'), ('<p>$x$: 3</p>', '$x$: 3'), ('<center>$x$ = $y$</center>', '$x$ &#61; $y$')]

@pytest.mark.parametrize('text,seen', IN_HTML)
def test_formulas_in_html_are_formulas(text, seen): assert seen.replace('%', '<span>&#36;</span>') in rewrite_markdown(text).replace('&#58;', ':')
