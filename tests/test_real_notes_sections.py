"""Notes as other tools write them: which headings they have, what they are called, and what may be pasted as a question.

One row, one way of writing; every document is tiled by its sections."""
import pytest
from fastdebug.parse import parse_document
from fastdebug.query import parse_query

HEADINGS = [('# A\n\n$$\nx\n=\ny\n$$\n', ['A']), ('# A\n\ntext\n$$\nx\n---\ny\n$$\n', ['A']), ('# A\n\n\\begin{align}\nx\n=\ny\n\\end{align}\n', ['A']), ('# A\n\n\\[\nx\n=\ny\n\\]\n', ['A']),
    ('# A\n\n```\n$$\n```\n\n# B\n\n```\n$$\n```\n', ['A','B']), ('It costs $5\n\n# A\n\nor $6\n', ['A']), ('<h1 align="center">\n<img src="x.png"/>\nName\n</h1>\n\n<h2>Use</h2>\n', ['Name','Use']),
    ('<p align="center"><h1>Name</h1></p>\n', ['Name']), ('<!--\n<h1>no</h1>\n-->\n\n# A\n', ['A']), ('# A\n\n:::{note} Title\n## inner\n:::\n\n# B\n', ['A','B']),
    ('# A\n\n:::tip[Title]\n## inner\n:::\n', ['A']), ('::::: {.panel-tabset}\n## R\n::: {.callout}\n# x\n:::\n## Py\n:::::\n\n# A\n', ['A']), ('> [!WARNING]\n> # inner\n\n# A\n', ['A']),
    ('> # Quoted\n', ['Quoted']), ('::: never closed\n\n# A\n', ['A']), ('```\n::: x\n```\n\n# A\n\n```\n:::\n```\n', ['A'])]

@pytest.mark.parametrize('text,known', HEADINGS)
def test_headings(text, known):
    doc = parse_document(text, 'x.md')
    assert doc.headings==known and ''.join(s.text for s in doc.sections)==text==doc.text

TITLES = [('---\ntitle: T\n---\n# H\n', 'x.md', 'T'), ('+++\ntitle = "T"\n+++\n# H\n', 'x.md', 'T'), ('# H\n\n## I\n', 'x.md', 'H'), ('## I\n\n# H\n', 'Name.md', 'Name'), ('text\n', '0010_momentum.md', 'momentum'),
    ('text\n', '02. Linear Algebra.md', 'Linear Algebra'), ('text\n', '202401011230 Zettel.md', 'Zettel'), ('text\n', '2024-01-15 Standup.md', '2024-01-15 Standup'),
    ('---\ntags: [a]\n---\ntext\n', '3d_plots.md', '3d_plots'), ('# %% [markdown]\n# # H\n', 'x.py', 'H'), ('---\ntitle: >-\n  Two\n  lines\n---\n', 'x.md', 'Two lines')]

@pytest.mark.parametrize('text,file,title', TITLES)
def test_titles(text, file, title): assert parse_document(text, file).title==title

PASTED = ['git checkout -b', 'pip install -e .', 'python -m venv .venv', 'ls -la', 'docker run -it ubuntu', 'find . -name "a b.py"', 'git commit -m "first words"', 'plt.savefig("a b.png", dpi=9)',
    'df["a column"]', 'x = "two words"', 'raise KeyError("no such thing")', 'ValueError: got "a b" -c']

@pytest.mark.parametrize('text', PASTED)
def test_no_operator_is_read_into_what_was_pasted(text):
    q = parse_query(text)
    assert q.words and not (q.phrases or q.without or q.where or q.path)

@pytest.mark.parametrize('text', ['momentum -adam', 'find momentum -adam', '"two words" momentum', 'momentum in:code', 'python -pandas', 'lr_find() in:code', 'a -"b c"', 'path:x momentum'])
def test_operators_are_still_read(text):
    q = parse_query(text)
    assert q.phrases or q.without or q.where or q.path
