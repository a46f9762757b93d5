"Sections are exact: they tile their file, and begin where an independent CommonMark parser sees a heading"
import json,re
from pathlib import Path
import cmarkgfm, pytest
from hypothesis import given, settings, strategies as st
from fastdebug.links import heading_text
from fastdebug.blocks import parse_blocks
from fastdebug.parse import parse_document
import commonmark

@pytest.fixture(scope='module')
def documents(shared):
    "Every file of the corpora, parsed"
    return [commonmark.parsed(p) for p in commonmark.corpus_files(shared/'corpora')]

# ---- nothing is lost, nothing twice

def check_tiles(doc):
    edges = [0, *(s.span[1] for s in doc.sections)]
    assert [s.span[0] for s in doc.sections]==edges[:-1] and edges[-1]==len(doc.text), doc.file
    assert all(s.text==doc.text[slice(*s.span)] for s in doc.sections), doc.file
    assert [s.number for s in doc.sections]==list(range(len(doc.sections))), doc.file

def check_pieces(doc):
    "Cells, fences and outputs stand where they say"
    for s in doc.sections:
        assert all(s.span[0]<=c.span[0]<=c.span[1]<=s.span[1] for c in s.cells), doc.file
        assert all(c.span[0]<=a<=b<=c.span[1] for c in s.cells for a,b in c.fences), doc.file
        assert all(doc.text[slice(*o.span)]==o.text for o in s.outputs if o.span), doc.file
        between = [0, *(e-s.span[0] for c in s.cells for e in c.span), len(s.text)]
        assert not any(s.text[a:b].strip() for a,b in zip(between[::2], between[1::2])), doc.file

def test_sections_tile_the_text(documents):
    for d in documents: check_tiles(d)

def test_cells_and_fences_and_outputs_stand_where_they_say(documents):
    for d in documents: check_pieces(d)

def test_the_text_of_a_note_is_its_file(documents):
    notes = [d for d in documents if d.file.endswith('.md')]
    assert len(notes)>200
    for d in notes: assert d.text==Path(d.file).read_bytes().decode('utf-8-sig'), d.file

def sources(path):
    "(kind, source) of the cells of a notebook"
    nb = json.loads(Path(path).read_text(encoding='utf-8'))
    cells = nb.get('cells') or [c for w in nb.get('worksheets', []) for c in w['cells']]
    for c in cells: yield c['cell_type'], ''.join(c.get('source', c.get('input', '')))

def places(doc):
    "(kind, start, source) of the cells of a notebook, found in its document"
    at = 0
    for kind,source in sources(doc.file):
        at = doc.text.find(source, at)
        assert at>=0, (doc.file, source[:80])
        yield kind,at,source
        at += len(source)

def test_no_cell_is_lost(documents):
    notebooks = [d for d in documents if d.file.endswith('.ipynb')]
    assert sum(1 for d in notebooks for _ in places(d))>4000

# ---- as cmark sees it

def markdown_of(doc):
    "(start, text) of each piece of Markdown, without our parser"
    if doc.file.endswith('.ipynb'): return [(at, source) for kind,at,source in places(doc) if kind=='markdown']
    return [(0, doc.text)]

def check_headings(doc, pieces):
    ours = [(s.level, s.span[0], ' '.join(heading_text(s.heading).split())) for s in doc.sections if s.level]
    theirs = [(level, base+at, text) for base,source in pieces for level,at,text in commonmark.placed_headings(source)]
    same = lambda heads: [(l, at, commonmark.plain(t) if '$' in t else t) for l,at,t in heads] # signs inside of maths are hidden
    assert same(ours)==same(theirs), doc.file
    return len(ours)

def test_sections_begin_and_end_where_cmark_sees_headings(documents):
    assert sum(check_headings(d, markdown_of(d)) for d in documents)>4000

def test_the_path_is_the_headings_above(documents):
    for d in documents:
        open = []
        for s in d.sections:
            if not s.level: continue
            while open and open[-1][0]>=s.level: open.pop()
            assert s.path==tuple(h[:300] for _,h in open), (d.file, s.heading) # longer ones are cut: they would stand in every section below
            open.append((s.level, s.heading))

# ---- Markdown made of whatever makes headings hard to see

LINES = ['# a', '## b c ##', '#no', '####### seven', '#', '   ### d', '    # code', '\t# code', 'text', 'text `# x`', '===', '---', '   ---', '- item', '- # in item', '  # under item',
    '> # quoted', '> text', '>> ## deeper', '1. one', '```', '```python', '~~~', '````', '    indented', '', '', '  ', '<div>', '</div>', '<!--', '-->', '<script>', '[x]: /u\n', '[z]: <y',
    '| a | b |\n|---|---|', '***', '\\# no', '# *e* `c` [l](u) &amp; \\*', '# a\u00a0b', 'a  ', 'b\\', '# é 梯度', '...', '# x {#id}', '$$', '\\begin{a}', '*   # far', '-\t# tab', '+ > ## both']

@settings(max_examples=1500, deadline=None)
@given(st.text('ab \n\r=-`~[]:>*1.<', max_size=12))
def test_what_seems_too_plain_to_be_parsed(text):
    "Text without any sign of a heading or of code is not given to the parser: another one finds nothing in it either"
    if parse_blocks(text)==([], {}):
        assert not re.search('<h[1-6]|<pre', cmarkgfm.github_flavored_markdown_to_html(text))

@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=14), st.sampled_from(['\n', '\n', '\r\n']), st.booleans())
def test_generated_notes(lines, end, front):
    text = end.join([*(['---', 'title: x', '# no heading', '---'] if front else []), *lines])
    if not front and commonmark.FRONT.match(text.replace('\r\n', '\n')): return # dashes that only look like front matter hide what is between them
    doc = parse_document(text, 'x.md')
    check_tiles(doc)
    check_pieces(doc)
    assert doc.text==text
    check_headings(doc, [(0, text)])
