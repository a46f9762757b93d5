"""Notes as other tools write them: which headings they have, what they are called, and what may be pasted as a question.

One row, one way of writing; every document is tiled by its sections."""
import pytest
from fastdebug.parse import parse_document
from fastdebug.query import parse_query
from fastdebug.utils import fastnbs

HEADINGS = [('# A\n\n$$\nx\n=\ny\n$$\n', ['A']), ('# A\n\ntext\n$$\nx\n---\ny\n$$\n', ['A']), ('# A\n\n\\begin{align}\nx\n=\ny\n\\end{align}\n', ['A']), ('# A\n\n\\[\nx\n=\ny\n\\]\n', ['A']),
    ('# A\n\n```\n$$\n```\n\n# B\n\n```\n$$\n```\n', ['A','B']), ('It costs $5\n\n# A\n\nor $6\n', ['A']), ('<h1 align="center">\n<img src="x.png"/>\nName\n</h1>\n\n<h2>Use</h2>\n', ['Name','Use']),
    ('<p align="center"><h1>Name</h1></p>\n', ['Name']), ('<!--\n<h1>no</h1>\n-->\n\n# A\n', ['A']), ('# A\n\n:::{note} Title\n## inner\n:::\n\n# B\n', ['A','B']),
    ('# A\n\n:::tip[Title]\n## inner\n:::\n', ['A']), ('::::: {.panel-tabset}\n## R\n::: {.callout}\n# x\n:::\n## Py\n:::::\n\n# A\n', ['A']), ('> [!WARNING]\n> # inner\n\n# A\n', ['A']),
    ('> # Quoted\n', ['Quoted']), ('::: never closed\n\n# A\n', ['A']), ('```\n::: x\n```\n\n# A\n\n```\n:::\n```\n', ['A']),
    ('# A\n\n%%\n# a comment\n%%\n\n## B\n', ['A','B']), ('# A\n\n%% a comment\n# of two lines %%\n\n## B\n', ['A','B']), ('# A\n\n%% one %%\n\n## B\n\n%%timeit\n', ['A','B']),
    ('> [!tip]- Folded\n> ## in\n>\n> > [!todo] Nested\n> > ### deeper\n\n# A\n', ['A']), ('- item\n  > [!note]\n  > # in\n\n# A\n', ['A']), ('::: {#thm-line}\n\n## Line\n\ntext\n\n:::\n\n# A\n', ['A']),
    (':::: {.columns}\n::: {.column width="50%"}\n# L\n:::\n::: {.column}\n# R\n:::\n::::\n\n# A\n', ['A']), ('```{note} Title\n# in a directive\n```\n\n# A\n', ['A']), ('(my-label)=\n# A\n\n(other)=\n## B\n', ['A','B']),
    ('# A\n\n+++ {"tags": ["x"]}\n\n## B\n\n+++\n\n## C\n', ['A','B','C']), ('% a comment\n# A\n', ['A']), ('#hashtag\n\n#also/this\n\n# A\n', ['A']), (':::note[Take **care**]\n\n### in\n\n:::\n\n## A\n', ['A']),
    ('import Tabs from "x";\n\n<Tabs>\n<TabItem value="a">\n\n## A\n\n</TabItem>\n</Tabs>\n\n## B\n', ['A','B']), ('# A\n\n$$\na\n=\nb\n$$ {#eq-x}\n\n## B\n', ['A','B']), ('> $$\n> a\n> =\n> b\n> $$\n\n# A\n', ['A']),
    ('- item\n\n  $$\n  a\n  =\n  b\n  $$\n\n# A\n', ['A']), ('```math\na\n=\nb\n```\n\n# A\n', ['A']), ('<h2\n  id="x">A</h2>\n', ['A']), ('<CENTER><H1><font color="red">A</font></H1></CENTER>\n', ['A']),
    ('!!! note "Title"\n    # in\n\n# A\n', ['A']), ('# A\r\n\r\n::: tip\r\n## in\r\n:::\r\n\r\n## B\r\n', ['A','B'])]

@pytest.mark.parametrize('text,known', HEADINGS)
def test_headings(text, known):
    doc = parse_document(text, 'x.md')
    assert doc.headings==known and ''.join(s.text for s in doc.sections)==text==doc.text

# of scripts: their text, and the headings
APP = 'import marimo\napp = marimo.App()\n\n@app.cell\n'
SCRIPTS = [(APP+'def _(mo, n):\n    mo.md(f"# A {n}")\n    return\n', ['A {n}']), (APP+'async def _(mo):\n    mo.md("# A").callout(kind="warn").center()\n    return\n', ['A']), (APP+'def _(mo):\n    mo.md("# no").plan\n    return\n', []),
    ('# %% Load the data [markdown]\n# text\n\n# %% [md]\n# ## B\n', ['B']), ('#%%\nx = 1\n#%% md\n\n# A\n\n', ['A']), ('# %% [markdown] {"slideshow": {"slide_type": "slide"}}\n# # A\n', ['A'])]

@pytest.mark.parametrize('text,known', SCRIPTS)
def test_headings_of_scripts(text, known): assert parse_document(text, 'x.py').headings==known

TITLES = [('---\ntitle: T\n---\n# H\n', 'x.md', 'T'), ('+++\ntitle = "T"\n+++\n# H\n', 'x.md', 'T'), ('# H\n\n## I\n', 'x.md', 'H'), ('## I\n\n# H\n', 'Name.md', 'Name'), ('text\n', '0010_momentum.md', 'momentum'),
    ('text\n', '02. Linear Algebra.md', 'Linear Algebra'), ('text\n', '202401011230 Zettel.md', 'Zettel'), ('text\n', '2024-01-15 Standup.md', '2024-01-15 Standup'),
    ('---\ntags: [a]\n---\ntext\n', '3d_plots.md', '3d_plots'), ('# %% [markdown]\n# # H\n', 'x.py', 'H'), ('---\ntitle: >-\n  Two\n  lines\n---\n', 'x.md', 'Two lines')]

@pytest.mark.parametrize('text,file,title', TITLES)
def test_titles(text, file, title): assert parse_document(text, file).title==title

SORTED = ['01 - Burrow', '01_Burrow', '1. Burrow', '0010_Burrow', '(1) Burrow', '[01] Burrow', '01、Burrow', '1a Burrow', '1) Burrow', '1 - Burrow', '1 – Burrow', '2.1 Burrow', '2.1. Burrow', '2_1_Burrow', '01.02 Burrow',
    '01a_Burrow', '3-Burrow', '12-Burrow', '003 Burrow', '00-Burrow', '12a3b Burrow', '202401151030-Burrow', '20240115103000 Burrow', '1.Burrow', '2: Burrow', '01_02_Burrow', '1_1 Burrow']
NAMED  = ['1-bit burrow', '4-bit quantization', '2-layer net', '0-1 knapsack', '0-1_loss', '404 not found', '404_not_found', '2024 Review', '2024_review', '15.01.2024 Besprechung', '15-01-2024 standup', '9.8.24 journal',
    '20240115 meeting', '20240115-meeting', '7 Habits', '24-7 support', '24-7-support', '3D plots', '3d-plots', '1984', '2024-01-15 Standup', '2024_01_15_meeting', '2024 01 15 meeting', '2024-W03', '2024-Q1 Goals', '01-15 standup',
    '80-20 rule', '50-30-20 budget', '100 days of code', '2x2 matrices', '1x1 Burrow', '5G networks', '90s music', '1st meeting', '1:1 meeting', '8 bit', '0.5 dropout', '42', '01', '1. ', 'Burrow 3', '#1 Burrow', 'v1.2 Burrow']

@pytest.mark.parametrize('name', SORTED)
def test_a_number_that_sorts_is_not_shown(name): assert parse_document('text\n', f'/n/{name}.md').title=='Burrow'

@pytest.mark.parametrize('name', NAMED)
def test_a_number_that_belongs_to_the_name_stays(name): assert parse_document('text\n', f'/n/{name}.md').title==name

def test_the_id_that_notion_adds_is_not_shown(): assert parse_document('text\n', f"/n/Burrow {'0f'*16}.md").title=='Burrow'

STEMS = [('404 not found', '404'), ('20240115 meeting', '20240115'), ('20240115 meeting', '2024-01-15'), ('15.01.2024 Besprechung', '15.01.2024'), ('15.01.2024 Besprechung', '2024'), ('1984', '1984'), ('0010_burrow', '0010'),
    ('2024-01-15 Standup', '2024-01-15'), ('2024-01-15 Standup', 'january standup 2024'), ('3 - Burrow', '3'), ('1-bit', '1-bit'), ('lec03_cnn', 'lec03'), ('a2 (draft 7)', 'draft 7')]

@pytest.mark.parametrize('front', ['', '---\ntitle: Wombats\n---\n\n'])
@pytest.mark.parametrize('name,question', STEMS)
def test_all_words_and_numbers_of_a_name_are_found(tmp_path, name, question, front):
    (tmp_path/f'{name}.md').write_text(f'{front}## Details\n\nplain\n')
    (tmp_path/'other.md').write_text('# Garden\n\nroses\n')
    assert [h.section.heading for h in fastnbs(question, roots=str(tmp_path), meaning=False)][:1]==['Details']

PASTED = ['git checkout -b', 'pip install -e .', 'python -m venv .venv', 'ls -la', 'docker run -it ubuntu', 'find . -name "a b.py"', 'git commit -m "first words"', 'plt.savefig("a b.png", dpi=9)',
    'df["a column"]', 'x = "two words"', 'raise KeyError("no such thing")', 'ValueError: got "a b" -c',
    'make -j4', 'g++ -O2 a', 'what does -inf mean', 'loss is -nan', 'bash -c "two words"', 'export A=-1', 'kaggle competitions download -c titanic', 'head -n5', 'awk -F : "two words"', 'sort -t, -k2']

@pytest.mark.parametrize('text', PASTED)
def test_no_operator_is_read_into_what_was_pasted(text):
    q = parse_query(text)
    assert q.words and not (q.phrases or q.without or q.where or q.path)

@pytest.mark.parametrize('text', ['momentum -adam', 'find momentum -adam', '"two words" momentum', 'momentum in:code', 'python -pandas', 'lr_find() in:code', 'a -"b c"', 'path:x momentum'])
def test_operators_are_still_read(text):
    q = parse_query(text)
    assert q.phrases or q.without or q.where or q.path

LONG = 'A long sentence about wombats, their burrows, their cubes, and whatever else there may be to tell of them'
YAML = [("'It''s me'", "It's me"), ('"A \\"b\\" c"', 'A "b" c'), ('"\\xDCber uns"', 'Über uns'), ('"\\u00dcber"', 'Über'), ("'A title that\n  is wrapped'", 'A title that is wrapped'), ('"A title that\n  is wrapped"', 'A title that is wrapped'),
    ('"A title that \\\n  \\ is wrapped"', 'A title that  is wrapped'), ('"\\ud83d\\ude00 quokka"', '\U0001f600 quokka'), ('"\\U0001F600"', '\U0001f600'), ('null', 'a'), ('~', 'a'), ('Null', 'a'), ('""', 'a'), ("''", 'a'), ('&anchor A', 'A'),
    ('&x "A b"', 'A b'), ('!!str 5', '5'), ('>-\n  A\n  b', 'A b'), ('|\n  A\n  b', 'A b'), ('|+\n  - A\n  - b', '- A - b'), ('>2\n  A: b', 'A: b'), ('"A: B" # why', 'A: B'), ("'A' # why", 'A'), ('A # why', 'A'),
    # as they are written, however odd
    ('A: B', 'A: B'), ('C# basics', 'C# basics'), ("'Tis the season", "'Tis the season"), ('"A" and "B"', '"A" and "B"'), ("don't", "don't"), ('nullable', 'nullable'), ('~/notes', '~/notes'), ('& Co', '& Co'), ('A\\nb', 'A\\nb'),
    ("'A\\nb'", 'A\\nb'), ('"never closed', '"never closed'), ('@home', '@home'), ('{{ title }}', '{{ title }}'), ('`code` first', '`code` first'), ('"\\ud800"', '\ufffd'), ('"\\q"', 'q'), ('"\\xZZ"', 'xZZ')]

@pytest.mark.parametrize('written,title', YAML)
def test_titles_as_dumpers_write_them(written, title):
    doc = parse_document(f'---\ntitle: {written}\ntags: [wombat]\n---\n\ntext\n', 'a.md')
    assert (doc.title, doc.tags)==(title, ('wombat',))

@pytest.mark.parametrize('title', [LONG, LONG.replace("their", "it's"), 'A "quoted" word', "'single' ones", LONG+' Ü', 'null', '~', 'A: B', '- A', '# A', '5', '[A]', 'A\tb', '\U0001f600', 'yes', ' A', LONG.replace(' ', ': ')])
@pytest.mark.parametrize('kw', [dict(allow_unicode=True), dict(), dict(default_style='"'), dict(default_style="'"), dict(default_style='>'), dict(width=20)])
def test_titles_as_pyyaml_writes_them(title, kw):
    yaml = pytest.importorskip('yaml')
    front = yaml.safe_dump(dict(title=title, tags=['wombat, the', "it's"], x=None), **kw)
    doc = parse_document(f'---\n{front}---\n\ntext\n', 'a.md')
    assert ' '.join(doc.title.split())==' '.join(title.split())

LISTS = [('[\n  zebra,\n  lion\n]', ('zebra','lion')), ('["zebra",\n  "lion"]', ('zebra','lion')), ("['zebra',\n   'lion']  # why", ('zebra','lion')), ('[zebra, lion] # why', ('zebra','lion')), ('[zebra,\n lion]', ('zebra','lion')),
    ("['ze''bra', lion]", ("ze'bra",'lion')), ("[don't, can't]", ("don't","can't")), ('\n- "zebra"\n- \'lion\'', ('zebra','lion')), ('\n- &x zebra\n- lion # why', ('zebra','lion')), ('[]', ()), ('null', ()), ('~', ()), ('[a, b', ('a','b')),
    ('[zebra]', ('zebra',)), ('\n  - zebra\n  - lion', ('zebra','lion')), ('["a]b", c]', ('a]b','c'))]

@pytest.mark.parametrize('written,tags', LISTS)
def test_lists_as_dumpers_write_them(written, tags):
    doc = parse_document(f'---\ntags: {written}\ntitle: T\n---\n\ntext\n', 'a.md')
    assert (doc.title, doc.tags)==('T', tags)

@pytest.mark.parametrize('keys', ['"title": A', "'title': A", '"title": "A"\n"tags": ["b"]'])
def test_front_matter_of_quoted_keys_alone(keys): assert parse_document(f'---\n{keys}\n---\n\ntext\n', 'x.md').title=='A'
