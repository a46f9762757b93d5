"""Which files are read, which of two answers, and what is said of the rest: collections as people keep them.

A row is one file: its name, what is in it, and whether a question for its word finds it."""
import ast, json
import pytest
from fastdebug.utils import fastlistnbs, fastnbs

def notebook(*sources, **meta):
    cells = [dict(cell_type='code' if o.startswith('x') else 'markdown', metadata={}, source=o, **({'outputs':[]} if o.startswith('x') else {})) for o in sources]
    return json.dumps(dict(nbformat=4, nbformat_minor=5, metadata=meta, cells=cells))

@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path

def write(here, **files):
    for name,text in files.items(): put(here, name, text)

def put(here, name, text):
    (here/name).parent.mkdir(parents=True, exist_ok=True)
    (here/name).write_bytes(text if isinstance(text, bytes) else text.encode())

def asked(here, question='wombat', **kw): return fastnbs(question, roots=str(here), **kw)
def files(found): return [h.section.file.rpartition('/')[2] for h in found]
def last(found): return found._repr_markdown_().split('\n')[-1].replace('&#95;', '_').replace('&#96;', '`')

NOTE, BOOK = '# A wombat\n\ntext\n', notebook('# A wombat')
LIGHT  = '# -*- coding: utf-8 -*-\n# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n#       format_name: light\n# ---\n\n# # A wombat\n\nx = 1\n'
MARIMO = 'import marimo\napp = marimo.App()\n\n@app.cell\ndef _():\n    mo.md("""# A wombat""")\n    return\n'
READ = [('README.MD', NOTE), ('Lecture.IPYNB', BOOK), ('notes.markdown', NOTE), ('analysis.Rmd', NOTE), ('analysis.rmd', NOTE), ('Page.QMD', NOTE), ('light.py', LIGHT), ('app.py', MARIMO),
    ('SCRIPT.PY', '# %% [markdown]\n# # A wombat\n'), ('wide.md', NOTE.encode('utf-16')), ('marked.md', b'\xef\xbb\xbf'+NOTE.encode()),
    *((f'note.{o}', NOTE) for o in ('mkd', 'mkdn', 'mdown', 'mdwn', 'mdx', 'Rmarkdown')), ('bricks.py', '# Databricks notebook source\n# MAGIC %md\n# MAGIC # A wombat\n\n# COMMAND ----------\n\nx = 1\n'),
    ('bricks2.py', '# Databricks notebook source\n# MAGIC %md-sandbox # A wombat\n\n# COMMAND ----------\n\n# MAGIC %sql\n# MAGIC select 1\n'), ('made.py', '#!/usr/bin/env python\n# coding: utf-8\n\n# # A wombat\n# digs\n\n# In[1]:\n\n\nx = 1\n'),
    ('made2.py', '# # A wombat\r\n\r\n# In[ ]:\r\n\r\nx = 1\r\n'), ('app2.py', MARIMO.replace('import marimo\n', 'import marimo as m\n').replace('marimo.App', 'm.App')), ('charm.py', '#%% md\n# A wombat\n\ntext\n#%%\nx = 1\n')]

@pytest.mark.parametrize('name,text', READ)
def test_is_read(here, name, text):
    put(here, name, text)
    found = asked(here)
    assert files(found)==[name] and found[0].section.heading=='A wombat' and 'not read' not in last(found) and 'Skipped' not in last(found)

UNREAD = [({'a.rst':1, 'b.rst':1, 'sub/c.RST':1, 'd.docx':1}, '3 .rst, 1 .docx not read'), ({'a.txt':1}, '1 .txt not read'), ({'a.org':1, 'b.adoc':1}, '1 .adoc, 1 .org not read'),
    ({'t.tex':1, 't.pdf':1, 'u.odt':1, 'v.rtf':1, 'w.pdf':1}, '2 .pdf, 1 .odt, 1 .rtf, 1 .tex not read'), ({'requirements.txt':1, 'LICENSE.txt':1, 'requirements-dev.txt':1}, ''),
    ({'a.csv':1, 'b.png':1, 'c.py':'x = 1', 'd.ipynb.bak':1}, ''), ({'c.py':1, 'd.py':1, 'e.py':1}, '3 .py not read'), ({'a.R':1, 'b.jl':1, 'c.html':1, 'd.html':1}, '2 .html, 1 .jl, 1 .r not read'),
    ({'a.asciidoc':1, 'a.textile':1, 'a.Rnw':1, 'a.doc':1, 'a.pptx':1}, '1 .asciidoc, 1 .doc, 1 .pptx, 1 .rnw, 1 .textile not read'), ({'setup.py':1, 'tests/conftest.py':1, '_x.py':1}, ''),
    ({'pkg/__init__.py':1, 'pkg/core.py':1, 'pkg/sub/__init__.py':1, 'pkg/sub/a.py':1}, ''), ({'pkg/__init__.py':1, 'pkg/core.py':1, 'scripts/a.py':1}, '1 .py not read'), ({'.hidden.rst':1, '.git/x.txt':1, 'node_modules/y.txt':1}, ''), ({'data/Notes on it.txt':1}, '1 .txt not read')]

@pytest.mark.parametrize('others,said', UNREAD)
def test_what_may_hold_notes_and_is_not_read_is_counted(here, others, said):
    put(here, 'n.md', NOTE)
    for o,text in others.items(): put(here, o, '# a wombat' if text==1 else text)
    found = asked(here)
    assert files(found)==['n.md'] and (said in last(found) if said else 'not read' not in last(found))
    (here/'one more.rst').write_text('a wombat')
    assert ' .rst' in last(asked(here)) # at once

def test_the_lessons_own_data_are_not_counted(here):
    assert 'not read' not in last(fastnbs('momentum'))

PERCENT = '# %% [markdown]\n# # A wombat\n# digs deep\n\n# %%\nx = 1\n'
DIGS    = notebook('# A wombat\ndigs deep', 'x = 1')
def header(formats, mark='# '): return ''.join(mark+o+'\n' for o in ('---', 'jupyter:', '  jupytext:', f'    formats: {formats}', '    text_representation:', '      extension: .py', '---'))
UNPAIRED = '# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n#       extension: .py\n# ---\n' # it says nowhere with what
PAIRS = [{'a.ipynb':DIGS, 'a.py':PERCENT}, {'a.ipynb':DIGS, 'a.md':'# A wombat\n\ndigs deep\n\n```python\nx = 1\n```\n'}, {'a.ipynb':DIGS, 'a-Copy1.ipynb':DIGS}, {'A.IPYNB':DIGS, 'A.md':'# A wombat\n\ndigs deep\n'},
    {'notebooks/a.ipynb':DIGS, 'scripts/a.py':header('notebooks///ipynb,scripts///py:percent')+PERCENT},
    {'notebooks/w/a.ipynb':DIGS, 'scripts/w/a.py':header('notebooks///ipynb,scripts///py:percent')+PERCENT},
    {'a.ipynb':DIGS, 'md/a.md':header('ipynb,md//md:myst', '')+'\n# A wombat\n\ndigs deep\n'}, {'a.ipynb':DIGS, 'a.Rmd':'# A wombat\n\ndigs deep\n'}, {'a.ipynb':DIGS, 'a.qmd':'# A wombat\n\ndigs deep\n'},
    {'nb/a.ipynb':DIGS, 'b/a.md':'---\nsource: nb/a.ipynb\n---\n# A wombat\n\ndigs deep\n'},
    {'a.py':PERCENT, 'a.md':'# A wombat\n\ndigs deep\n\n```python\nx = 1\n```\n'}, {'a.py':header('md,py:percent')+PERCENT, 'a.md':header('md,py:percent', '')+'\n# A wombat\n\ndigs deep\n'}]

@pytest.mark.parametrize('pair', PAIRS)
def test_a_pair_answers_once(here, pair):
    for o,text in pair.items(): put(here, o, text)
    found = asked(here)
    assert files(found)==[next(iter(pair)).rpartition('/')[2]] and 'Left out: 1 ' in last(found)

OTHERS = [{'a.ipynb':DIGS, 'b.py':PERCENT}, {'a.ipynb':DIGS, 'a.md':'# A wombat\n\nburrows, grazes and sleeps somewhere else\n'}, {'nb/a.ipynb':DIGS, 'b/a.md':'# A wombat\n\ndigs deep\n'},
    {'notebooks/a.ipynb':DIGS, 'other/a.py':header('notebooks///ipynb,scripts///py:percent')+PERCENT},
    {'a.py':'# %%\nx = 1 # a wombat digs\n', 'a.md':'a wombat digs\n'}, {'a.py':PERCENT, 'a.md':'# A wombat\n\nburrows, grazes and sleeps somewhere else\n'},
    {'notebooks/a.ipynb':DIGS, 'scripts/a.py':UNPAIRED+PERCENT}]

@pytest.mark.parametrize('pair', OTHERS)
def test_what_only_looks_like_a_pair_answers_twice(here, pair):
    for o,text in pair.items(): put(here, o, text)
    assert len(asked(here))==2

def test_empty_modules_are_no_news(here):
    write(here, **{'n.md':NOTE, 'pkg/__init__.py':'', 'pkg/py.typed.py':' \n', 'empty.md':''})
    said = last(asked(here))
    assert '__init__' not in said and 'py.typed' not in said and 'Skipped 1 file: empty.md: empty file' in said

@pytest.mark.parametrize('encoding', ['utf-16-le', 'utf-16-be'])
@pytest.mark.parametrize('text', [NOTE, '# Заметка\n\nо вомбатах и не только, 2024 год\n'])
def test_wide_text_without_a_mark_is_named(here, encoding, text):
    write(here, **{'n.md':NOTE, 'old.md':text.encode(encoding)})
    assert 'old.md: not UTF-8 (looks like UTF-16 without its mark), save it as UTF-8' in last(asked(here))

IGNORED = [('*.md\n', {'a.md':NOTE, 'b.md':NOTE}, '2 notes are ignored by .gitignore'), ('a.ipynb\n', {'a.ipynb':BOOK}, '1 note is ignored by .gitignore'),
    ('\ufeff*.md\n', {'a.md':NOTE}, '1 note is ignored by .gitignore'), ('*.csv\n', {'a.csv':'1'}, ''), ('*.py\n', {'a.py':PERCENT}, ''), ('sub/*.md\n', {'sub/a.md':NOTE, 'sub/b.md':NOTE}, '2 notes are'),
    ('drafts/\n', {'drafts/a.md':NOTE, 'drafts/deep/b.ipynb':BOOK}, '2 notes are'), ('drafts\n', {'drafts/a.md':NOTE, 'x/drafts/b.Rmd':NOTE}, '2 notes are'),
    ('/build/\n*.qmd\n', {'build/a.md':NOTE, 'b.qmd':NOTE}, '2 notes are'), ('drafts/*\n', {'drafts/a.md':NOTE}, '1 note is'), ('data/\n', {'data/a.csv':'1', 'data/b.py':PERCENT}, ''),
    ('env\n', {'env/pyvenv.cfg':'', 'env/lib/README.md':NOTE}, ''), ('node_modules\n', {'node_modules/a/README.md':NOTE}, ''), ('.obsidian/\n', {'.obsidian/a.md':NOTE}, ''),
    ('out/\n', {f'out/{i}.md':NOTE for i in range(2_001)}, '2,000 or more notes are'),
    ('*.rst\n', {'a.rst':NOTE}, ''), ('*\n!*.txt\n', {'a.md':NOTE, 'b.QMD':NOTE}, '2 notes are')]

@pytest.mark.parametrize('rules,ignored,said', IGNORED)
def test_notes_that_git_ignores_are_said_to_be(here, rules, ignored, said):
    (here/'.git').mkdir()
    put(here, '.gitignore', rules)
    for o,text in ignored.items(): put(here, o, text)
    found = asked(here)
    assert not found and (said in last(found) if said else 'ignored' not in last(found))
    assert 'lessons' not in found._repr_markdown_() and not fastlistnbs(roots=str(here))

@pytest.mark.parametrize('setting', ['argument', 'environment', 'settings'])
def test_lessons_do_not_answer_for_roots_that_were_named(here, monkeypatch, setting):
    (here/'empty').mkdir()
    if setting=='environment': monkeypatch.setenv('FASTDEBUG_ROOTS', str(here/'empty'))
    if setting=='settings': put(here, 'settings.ini', '[DEFAULT]\nlib_name=x\n[fastdebug]\nroots=empty\n')
    found = fastnbs('momentum', roots=str(here/'empty') if setting=='argument' else None)
    assert not found and 'lessons' not in found._repr_markdown_() and 'Searched 0 notebooks and notes' in last(found)

def test_lessons_answer_where_nobody_named_a_place(here): assert fastnbs('momentum') and 'lessons' in last(fastnbs('momentum'))

def test_what_the_lessons_come_with_is_not_counted_in_a_clone(root):
    from fastdebug.sources import Walker
    assert any((root/'nbs/lessons/data').glob('*.txt')) and '.txt' not in Walker([str(root/'nbs/lessons')]).scan().unread

# ---- the page that says so

def page_tables(root):
    "Name -> rows of the tables in the page's code"
    page  = json.loads((root/'nbs/explanations/what_is_read.ipynb').read_text(encoding='utf-8'))
    nodes = (o for c in page['cells'] if c['cell_type']=='code' for o in ast.parse(''.join(c['source'])).body)
    return {o.targets[0].id:ast.literal_eval(o.value) for o in nodes if isinstance(o, ast.Assign) and o.targets[0].id.isupper()}

def test_the_page_shows_rows_of_the_tests(root):
    import test_real_notes_sections as sections, test_real_notes_words as words
    known = dict(READ=[o[0] for o in READ], HEADINGS=sections.HEADINGS, TITLES=sections.TITLES, FOUND=words.FOUND+words.OTHERWISE+words.TWO_WAYS)
    shown = page_tables(root)
    assert shown.keys()==known.keys()
    for name,rows in shown.items(): assert len(rows)>5 and not [o for o in rows if o not in known[name]], name

# ---- modules that nbdev made of a notebook

def made(code, book='../nbs/00_core.ipynb', doc='"""Fill in a module description here"""\n\n'):
    return f"{doc}# AUTOGENERATED! DO NOT EDIT! File to edit: {book}.\n\n# %% auto 0\n__all__ = ['dig',\n           'rest']\n\n# %% {book} 3\n{code}\n\n# %% {book} 5\ndef rest(hours): return hours*60\n"

DIG   = 'def dig(depth, soil="clay"):\n    "A wombat digs"\n    return depth*2'
CORE  = notebook('# core\n\n> Core of it', 'x #| default_exp core', '## Where they dig', f'x = 1\n#| export\n{DIG}\n', 'x #| export\ndef rest(hours): return hours*60\n')
EXPORTS = [made(DIG), made(DIG, doc=''), made(DIG.replace('"clay"', "'clay'").replace('\n    return', '\n\n    return')), made('from .other import *\n'+DIG), made(DIG).replace(' 3\n', ' #33fe41af\n').replace('auto 0', 'auto #0'),
    made(DIG).replace('\n', '\r\n'), made(DIG, doc='"""Core of it\n\nDocs: https://e.org/core.html.md"""\n\n'), made(DIG, '..\\nbs\\00_core.ipynb')]
OWN = [made(DIG.replace('depth*2', 'wombat(depth, burrow, tunnel, chamber, entrance, nest, grass)')), made('def wombat(burrow, tunnel): return burrow in tunnel and tunnel in burrow'), made(DIG, '../nbs/01_other.ipynb'),
    '# %% auto 0\n'+DIG, made(DIG).replace('AUTOGENERATED!', ''), DIG+'\n# %% ../nbs/00_core.ipynb 3\nx = 1\n', '# %% AUTOGENERATED! DO NOT EDIT! File to edit: ../nbs/00_core.ipynb\n'+DIG, '# %%\n# AUTOGENERATED! DO NOT EDIT! File to edit: ../nbs/00_core.ipynb\n'+DIG]

@pytest.mark.parametrize('module', EXPORTS)
def test_a_module_answers_by_its_notebook(here, module):
    write(here, **{'nbs/00_core.ipynb':CORE, 'proj/core.py':module})
    found = asked(here)
    assert files(found)==['00_core.ipynb'] and found[0].section.heading=='Where they dig' and 'Left out: 1 ' in last(found)
    (here/'nbs/00_core.ipynb').unlink()
    assert files(asked(here))==['core.py'] and not asked(here, 'autogenerated') and not asked(here, 'ipynb')

@pytest.mark.parametrize('module', OWN)
def test_a_module_that_says_more_than_the_notebook_it_names_answers(here, module):
    write(here, **{'nbs/00_core.ipynb':CORE, 'proj/core.py':module})
    assert 'core.py' in files(asked(here))

def test_what_nbdev_writes_is_no_heading(here):
    write(here, **{'proj/core.py':made(DIG)})
    listed, = fastlistnbs(roots=str(here))
    assert not listed.headings and not asked(here, 'auto')
    put(here, 'proj/core.py', '# %% auto 0\nx = 1\n')
    assert [h.text for h in fastlistnbs(roots=str(here))[0].headings]==[] and asked(here, 'auto')

@pytest.mark.parametrize('book,copy,twin', [('x = burrow(3)\ny = nest(x)', 'x = burrow(3)\ny = nest(x)', True), ('x = burrow(3)\ny = nest(x)', 'x = wombat(3)\nz = tunnel(x)', False)])
def test_scripts_without_a_word_of_prose_are_compared_by_their_code(here, book, copy, twin):
    write(here, **{'a.ipynb':notebook(book), 'a.py':f'# %%\n{copy}\n'})
    assert ('Left out: 1 ' in last(asked(here, 'burrow')))==twin

# ---- the day of a note

DAYS = [('2026-11-04.md', ''), ('20261104 x.md', ''), ('2026-11-04-post.md', ''), ('_posts/2026-11-04-post.md', ''), ('2026_11_04.md', ''), ('4.11.2026 x.md', ''), ('202611041530 x.md', ''), ('20261104153000.md', ''), ('2026-11-04 x.ipynb', ''),
    ('a.md', 'date: 2026-11-04'), ('a.md', 'created: 2026-11-04T10:00:00Z'), ('a.md', 'date created: 2026-11-04 10:00'), ('a.md', 'Date_Created: "2026/11/04"'), ('a.md', 'creation_date: 20261104'), ('a.md', 'created: "[[2026-11-04]]"'),
    ('2020-01-01 x.md', 'date: 2026-11-04'), ('2020-01-01 x.md', 'created: 2026-11-04'), ('a.md', 'created: 2020-01-01\ndate: 2026-11-04'), ('2026-11-04 x.md', 'date: soon'), ('2026-11-04 x.md', 'updated: 2020-01-01')]
NO_DAYS = [('2026-13-04.md', ''), ('2026.md', ''), ('2026-11 x.md', ''), ('x 2026-11-04.md', ''), ('120261104.md', ''), ('202611041.md', ''), ('2026114.md', ''), ('a.md', 'modified: 2026-11-04'), ('2026-02-30.md', '')]

def dated(here, name, front):
    import os
    put(here, name, notebook('# A wombat') if name.endswith('ipynb') else f'---\n{front}\n---\n\n{NOTE}' if front else NOTE)
    os.utime(here/name, (1_000_000_000,)*2) # 2001
    return [bool(asked(here, f'wombat {o}')) for o in ('since:2026-11-04 before:2026-11-05', 'before:2001-12-31')]

@pytest.mark.parametrize('name,front', DAYS)
def test_the_day_of_a_note_is_what_it_says(here, name, front): assert dated(here, name, front)[0]

@pytest.mark.parametrize('name,front', NO_DAYS)
def test_the_day_of_other_notes_is_that_of_their_last_change(here, name, front): assert dated(here, name, front)[1]

OTHER_BYTES = [('cp1251', '# Вомбат\n\nроет норы и ест траву, а ночью спит\n'), ('gbk', '# 袋熊\n\n中文的笔记，关于动物\n'), ('shift_jis', '# カナ\n\nウォンバットの話です\n'), ('euc-kr', '# 웜뱃\n\n한글로 쓴 메모\n'), ('koi8-r', '# Вомбат\n\nроет норы\n'),
    ('big5', '# 袋熊\n\n中文筆記\n'), ('iso-8859-7', '# Γουόμπατ\n\nσκάβει\n'), ('cp1256', '# ومبت\n\nيحفر\n'), ('tis-620', '# วอมแบต\n\nขุด\n')]

@pytest.mark.parametrize('encoding,text', OTHER_BYTES)
def test_bytes_of_other_alphabets_are_not_called_latin(here, encoding, text):
    write(here, **{'n.md':NOTE, 'old.md':text.encode(encoding)})
    assert 'old.md: not UTF-8, save it as UTF-8' in last(asked(here))

@pytest.mark.parametrize('encoding', ['latin-1', 'cp1252', 'iso8859-15'])
@pytest.mark.parametrize('text', ['# Wombat à gogo\n\ncreusé, très déçu\n', '# Über Wombats\n\nFüße\n', 'año\n', 'é'])
def test_latin_is_called_latin(here, encoding, text):
    write(here, **{'n.md':NOTE, 'old.md':text.encode(encoding)})
    assert 'old.md: not UTF-8 (looks like Latin-1), save it as UTF-8' in last(asked(here))

@pytest.mark.parametrize('script', ['# %% [markdown]\n# ---\n# title: T\n# tags: [a]\n# ---\n\n# %%\nx = 1\n', '# %% [markdown]\n"""\n---\ntitle: T\ntags: [a]\n---\n\n## Wombat\n"""\n', '# ---\n# title: T\n# tags: [a]\n# ---\n\n# %%\nx = 1\n', '#%% md\n---\ntitle: T\ntags: [a]\n---\n\n#%%\nx = 1\n'])
def test_front_matter_of_scripts(here, script):
    put(here, 'a.py', script)
    assert [o.title for o in fastlistnbs(roots=str(here))]==['T'] and [h.section.heading for h in asked(here, 'tag:a')] and not asked(here, 'tags')

# ---- more copies

RMD  = '---\ntitle: Marsupials\noutput: github_document\n---\n\n## A wombat\n\ndigs deep\n\n```{r}\nx <- 1\nx\n```\n'
KNIT = 'Marsupials\n================\n\n## A wombat\n\ndigs deep\n\n``` r\nx <- 1\nx\n```\n\n    ## [1] 1\n'
QMD  = RMD.replace('{r}', '{python}').replace('output: github_document', 'format: gfm')
COPIES = [{'a.Rmd':RMD, 'a.md':KNIT}, {'README.Rmd':RMD, 'README.md':KNIT}, {'a.qmd':QMD, 'a.md':KNIT}, {'a.Rmarkdown':RMD, 'a.markdown':KNIT}, {'a.Rmd':RMD, 'a.knit.md':KNIT}, {'a.Rmd':RMD, 'a.md':KNIT.replace('Marsupials\n====', '# Marsupials\n\n====')[:13]+KNIT[27:]},
    *({'a.ipynb':DIGS, o:DIGS} for o in ('a (1).ipynb', 'a (12).ipynb', 'a copy.ipynb', 'a copy 2.ipynb', 'a-practice.ipynb', 'a-practice-2.ipynb', 'a-Copy2.ipynb')),
    {'a.ipynb':DIGS, 'a.pct.py':PERCENT}, {'a.ipynb':DIGS, 'a.lgt.py':'# # A wombat\n# digs deep\n\n# +\nx = 1\n'}, {'a.ipynb':DIGS, 'a.myst.md':'# A wombat\n\ndigs deep\n\n```{code-cell}\nx = 1\n```\n'}, {'a.ipynb':DIGS, 'a.nomd.md':'# A wombat\n\ndigs deep\n'}]

@pytest.mark.parametrize('files_', COPIES)
def test_copies_of_other_tools_answer_once(here, files_):
    for o,text in files_.items(): put(here, o, text)
    first, second = files_
    assert files(asked(here))==[first] and 'Left out: 1 ' in last(asked(here))
    (here/first).unlink() # what repeated it answers now
    assert files(asked(here))==[second]
    put(here, first, files_[first])
    assert files(asked(here))==[first]
    put(here, second, KNIT.replace('digs deep', 'sleeps in a burrow of its own, all day') if second.endswith('md') else notebook('# A wombat\nsleeps in a burrow of its own, all day'))
    assert second.endswith('.py') or len(asked(here))==2

@pytest.mark.parametrize('pair', [{'a.qmd':NOTE, 'a.md':NOTE}, {'a.Rmd':RMD, 'b/a.md':KNIT}, {'a.Rmd':RMD, 'a.md':KNIT.replace('digs deep', 'a wombat of another burrow, far away')}, {'a (1).ipynb':DIGS, 'a (2).ipynb':DIGS}, {'a.ipynb':notebook('# A wombat\neats'), 'a copy.ipynb':DIGS},
    {'a.ipynb':DIGS, 'a copycat.ipynb':DIGS}, {'a.ipynb':DIGS, 'a (draft).ipynb':DIGS}, {'a.Rmd':RMD, 'a.md':KNIT+'\n## Diet of a wombat\n\n## Sleep of a wombat\n\n## Voice\n'}])
def test_what_only_looks_like_a_copy_answers_too(here, pair):
    for o,text in pair.items(): put(here, o, text)
    assert {*files(asked(here))}=={o.rpartition('/')[2] for o in pair}

def test_of_three_forms_the_notebook_answers(here):
    write(here, **{'a.ipynb':notebook('# Marsupials', '## A wombat\ndigs deep', 'x <- 1\nx'), 'a.qmd':QMD, 'a.md':KNIT})
    assert files(asked(here))==['a.ipynb'] and 'Left out: 2 ' in last(asked(here))
    (here/'a.ipynb').unlink()
    assert files(asked(here))==['a.qmd']
    (here/'a.qmd').unlink()
    assert files(asked(here))==['a.md']

def test_practice_of_a_notebook_answers_once_wherever_it_stands(here, monkeypatch):
    from fastdebug.practice import make_practice
    cell = dict(cell_type='code', metadata={}, source='x = 1\nx', execution_count=1, outputs=[dict(output_type='stream', name='stdout', text='a wombat counted\n'*9)])
    book = json.loads(notebook('# A wombat\ndigs deep, see [the others](b/c.md)'))
    write(here, **{'n/a.ipynb':json.dumps({**book, 'cells':book['cells']+[cell]}), 'here/x.md':'# Garden\n'})
    for folder in ('n', 'n', 'here'):
        monkeypatch.chdir(here/folder)
        make_practice('a', roots=str(here))
    assert files(asked(here))==['a.ipynb'] and 'Left out: 3 ' in last(asked(here))

def test_a_notebook_whose_name_ends_in_a_number_is_practised(here):
    from fastdebug.practice import find_books
    put(here, 'Part (1).ipynb', DIGS)
    assert [o.rpartition('/')[2] for o in find_books('Part (1)', roots=str(here))]==['Part (1).ipynb']
