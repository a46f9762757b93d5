"""Whatever stands in a file and whatever is asked, there is an answer or a clear reason: no traceback, no hang, no memory without bound.

`make fuzz` tries many more cases than a plain run; both print what reproduces a failure."""
import base64,faulthandler,json,os,re,subprocess,sys,tempfile
from io import BytesIO
from pathlib import Path
import pytest
from hypothesis import event, example, given, settings, strategies as st
from PIL import Image
from fastdebug.analyze import find_tokens
from fastdebug.config import find_config
from fastdebug.core import Hit, ParseError, Section
from fastdebug.highlight import fragments
from fastdebug.links import heading_fragment
from fastdebug.parse import parse_document
from fastdebug.query import Query, parse_query
from fastdebug.render import Limits, render_notes, render_section
from fastdebug.results import describe, show_contents, show_hits, show_notes
from fastdebug.rewrite import rewrite_inline, rewrite_markdown
from fastdebug.images import shrink_image
from fastdebug.reader import find_reader
from fastdebug.search import Searcher
from fastdebug.sources import decode
from fastdebug.terminal import render_text

FUZZING = os.environ.get('HYPOTHESIS_PROFILE')=='fuzz'
CASES = settings() if FUZZING else settings(max_examples=200)
STUCK = 60 # seconds after which a case counts as a hang; nearly all take milliseconds

@pytest.fixture(autouse=True)
def not_for_ever():
    "A hang ends the run with a traceback of where it hangs; each case starts the clock anew"
    yield
    faulthandler.cancel_dump_traceback_later()

def start_clock(): faulthandler.dump_traceback_later(STUCK, exit=True)

# ---- files

NASTY = ['', ' ', '\n', '\r', '\r\n', '\t', '\0', '\x1b[31m', '\x1b]0;t\x07', '\ufeff', '\u2028', '\x85', '\ud800', '\udfff', '\ufdd0', '\ufdd4', '\uffff', '\U0010ffff',
    'é', 'e\u0301', '梯度', 'नमस्ते', 'שלום', '\u202e', '🙂', 'ß', 'İ', 'ǆ', '<Figure size 1x1>', 'quokka']
FENCES = ['```', '~~~', '```python\nquokka = 1\n```', '````\n```', '```{=html}', '    quokka', '\t- x', '`` ` ``', '`']
BLOCKS = ['# Quokka', '#', '####### seven', '## a ##', 'Quokka\n===', 'a\nb\n---', '# `c` [x](y) $z$ <b>', '# '+'*_'*40, '| a | b |\n|---|---|\n| quokka |', '|', '|-|', '---', '---\ntitle: x\n---',
    '---\nsource: ../a.ipynb\n---', '> '*30+'q', '- '*30+'q', '1. '*9+'q', '  - a\n    - b', '- [ ] x', '<div>', '</div>', '<details><summary>', '<!--', '-->', '<!-- fastdebug: nosearch -->',
    '<table><tr><td>quokka', '<script>x</script>', '<svg/onload=x>', '<img src="data:image/png;base64,AAAA">', '[x]: /u "t"', '[x]:', '[^1]: n', ':::', '{{< x >}}', '# %% [markdown]', '# %%']
INLINE = ['*', '**', '_', '~~', '[', '](', '[x][x]', '![a](b.png)', '![a](attachment:a.png)', '<http://a.b>', 'http://a.b/c_d?e=f&g', 'a@b.c', '&amp;', '&#0;', '&#x110000;', '\\', '$x$', '$$', '$',
    '\\begin{align}', '\\end{align}', '\\(', '{', '<b>', '<a href="', 'fine_tune', 'lr_find', 'FineTune', '3e-4', '1.2.3', "don't", 'C++', 'state-of-the-art']
pieces = st.one_of(*map(st.sampled_from, (NASTY, FENCES, BLOCKS, INLINE)), st.text(max_size=20))
joints = st.sampled_from(['', ' ', '\n', '\n\n', '\r\n', '\r', '\n> ', '\n- ', '\n  ', '|'])
markdown = st.lists(st.tuples(pieces, joints), max_size=25).map(lambda o: ''.join(a+b for a,b in o))

DOT = base64.b64encode((lambda b: (Image.new('P', (3, 2)).save(b, 'PNG'), b.getvalue())[1])(BytesIO())).decode()
mimes = st.sampled_from(['text/plain', 'text/html', 'text/markdown', 'image/png', 'image/svg+xml', 'application/json', 'x'])
texts = st.one_of(markdown, markdown.map(lambda s: s.splitlines(True)), st.just(DOT))
outputs = st.one_of(
    st.fixed_dictionaries({'output_type':st.just('stream'), 'text':texts}, optional={'name':st.just('stdout')}),
    st.fixed_dictionaries({'output_type':st.sampled_from(['display_data', 'execute_result']), 'data':st.dictionaries(mimes, texts, max_size=3), 'metadata':st.just({})}),
    st.fixed_dictionaries({'output_type':st.sampled_from(['error', 'pyerr']), 'ename':texts, 'evalue':texts, 'traceback':st.lists(texts, max_size=3)}),
    st.fixed_dictionaries({'output_type':st.just('pyout'), 'text':texts, 'png':st.just(DOT), 'html':texts}))
sources = st.one_of(texts, st.sampled_from(['fastnbs("quokka")', 'fastnbs('*200, "fastnotes('\\d')", '#| default_exp x']))
cells = st.one_of(
    st.fixed_dictionaries({'cell_type':st.just('markdown'), 'metadata':st.sampled_from([{}, {'tags':['nosearch']}]), 'source':texts},
        optional={'id':pieces, 'attachments':st.just({'a.png':{'image/png':DOT}})}),
    st.fixed_dictionaries({'cell_type':st.just('code'), 'metadata':st.just({}), 'source':sources, 'outputs':st.lists(outputs, max_size=3)}, optional={'id':pieces}),
    st.fixed_dictionaries({'cell_type':st.just('heading'), 'level':st.integers(-1, 9), 'source':texts}),
    st.fixed_dictionaries({'cell_type':st.just('code'), 'input':sources, 'language':st.just('python'), 'outputs':st.lists(outputs, max_size=2)}),
    st.fixed_dictionaries({'cell_type':st.just('raw'), 'source':texts}))
metadata = st.sampled_from([{}, {'kernelspec':{'language':'julia'}}, {'colab':{'provenance':[{'file_id':'a'}]}}, {'fastdebug':{'links':{'kaggle':'https://www.kaggle.com/a'}}},
    {'fastdebug':{'links':{'github':'https://github.com/\ud800'}}}])

@st.composite
def notebooks(draw):
    "A valid notebook of format 1 to 5"
    form, found, meta = draw(st.integers(1, 5)), draw(st.lists(cells, max_size=5)), draw(metadata)
    if form<4: return {'nbformat':form, 'metadata':meta, 'worksheets':[{'cells':found}]} if form>1 else {'nbformat':1, 'cells':found}
    return {'nbformat':form, 'nbformat_minor':5, 'metadata':meta, 'cells':found}

def places(value, path=()):
    "The path of every value in a JSON tree"
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for k,v in items: yield from places(v, (*path, k))

def put(value, path, new):
    "A copy of the tree with `new` at `path`"
    if not path: return new
    res = value.copy()
    res[path[0]] = put(value[path[0]], path[1:], new)
    return res

def nest(text, depth, opener, closer):
    "`text` with brackets, too deep for Python's own JSON writer, where the tree says so"
    return text.replace('"@nest@"', opener*depth+closer*depth)

odd = st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from([10**400, -1, 0]), st.floats(), pieces, st.just('@nest@'), st.lists(pieces, max_size=3), st.dictionaries(pieces, pieces, max_size=3),
    st.just([[]]), st.just({'': {}}), st.just([None, 1, 'a', []]), st.just('quokka '*3000), outputs, cells)

@st.composite
def mutated(draw):
    "The text of a notebook in which something is not as it should be"
    nb = draw(notebooks())
    for _ in range(draw(st.integers(0, 3))): nb = put(nb, draw(st.sampled_from(list(places(nb)))), draw(odd))
    text = json.dumps(nb, ensure_ascii=draw(st.booleans()))
    text = nest(text, draw(st.sampled_from([2, 200, 100_000])), *draw(st.sampled_from([('[', ']'), ('{"a":', '}'), ('[', '')])))
    if draw(st.integers(0, 4))==0: text = text.replace('"cells":', '"cells": 1, "cells":').replace('"source":', '"source": {}, "source":') # keys twice
    return text

encodings = st.sampled_from(['utf-8', 'utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be', 'utf-32', 'latin-1', 'cp1252'])

@st.composite
def broken(draw, text):
    "The bytes of a file: `text` in some encoding, perhaps cut, with bytes changed, put in or repeated"
    name = draw(encodings) if draw(st.integers(0, 3))==0 else 'utf-8'
    data = draw(text).encode(name, 'surrogatepass' if name.startswith('utf') else 'replace')
    for _ in range(draw(st.integers(0, 2)) if draw(st.booleans()) else 0):
        at, end = sorted(draw(st.tuples(st.integers(0, len(data)), st.integers(0, len(data)))))
        data = data[:at] + draw(st.sampled_from([b'', b'\0', b'\xff', b'\xed\xa0\x80', b'\xf4\x90', b'\xef\xbb\xbf', b'"', b'\\u', b'}', data[at:end]*2])) + data[draw(st.sampled_from([at, end, len(data)])):]
    return data

files = st.one_of(st.tuples(st.just('a.ipynb'), broken(mutated())), st.tuples(st.sampled_from(['a.md', 'a.qmd', 'a.py']), broken(markdown)),
    st.tuples(st.sampled_from(['a.ipynb', 'a.md', 'a.py']), st.binary(max_size=300)))

# ---- questions

OPERATORS = ['"', '""', '-', '--', '+', 'AND', 'OR', 'NOT', 'NEAR(', 'NEAR/3', '/(a+)+$/', '/[/', 'in:', 'in:code', 'in:nowhere', 'nb:', 'nb:a', 'path:', 'path:..', 'kind:note', 'kind:x', 'heading:', '*', '?', '~2',
    '^3', '(', ')', '[', ']', '{', '}', '[a TO b]', ':', '\\', '\\"', '<mark>', '%00', '|', '&&', '!', '#', '@', '$', "'", '’', '0x1', '-0.5', '1e999', 'the', 'how', 'quokka', 'gradient accumulation', 'x'*300]
questions = st.one_of(st.text(max_size=60), st.lists(st.tuples(st.one_of(st.sampled_from(OPERATORS+NASTY+INLINE), st.text(max_size=8)), st.sampled_from(['', ' ', '  ', '\n', '\u3000']))).map(lambda o: ''.join(a+b for a,b in o)),
    st.characters().map(lambda c: c*3000), st.integers(1, 4000).map('quokka '.__mul__))

# ---- what must hold

def check_parsed(name, data):
    "`data` parses into sections that tile it, or is refused for a reason in words; True when it parses"
    try: doc = parse_document(decode(data, name), name, rich=True)
    except ParseError as e:
        event(f'skipped: {e.reason[:22]}')
        assert e.path==name and e.reason and len(e.reason)<200
        return False
    event(f'parsed {name}')
    assert ''.join(s.text for s in doc.sections)==doc.text
    for s in doc.sections: assert s.text==doc.text[slice(*s.span)] and isinstance(s.prose+s.code+s.heading, str)
    return True

def check_shown(answer):
    "An answer in all its forms can be written down and keeps within its bound"
    data, meta = answer._repr_mimebundle_()
    json.dumps([data, meta], ensure_ascii=False, allow_nan=False).encode()
    assert 'Searched' in repr(answer) or 'No notebook' in repr(answer)
    assert len(answer._repr_markdown_()) < Limits().total + 50_000 # what is said below an answer comes on top

def ask_all(searcher, question):
    "Each of the three functions, as in a notebook and as in a terminal"
    found = searcher.search(question, 5), searcher.find_notes(question, 2, 10), searcher.contents(question)
    for show,answer in zip((show_hits, show_notes, show_contents), found): check_shown(show(answer))
    for a in found[:2]: render_text(a.hits, describe(a)).encode()
    return found

@pytest.fixture(scope='module')
def place():
    "A searcher over a folder with one good note and room for a bad file"
    with tempfile.TemporaryDirectory() as top:
        top = Path(top).resolve()
        (top/'good.md').write_text('# Marsupials\n\nThe wombat digs.\n')
        yield top, Searcher(find_config(top), memory=True, reader=find_reader(folder=top))

def search_with(place, name, data, question):
    top, searcher = place
    for o in top.glob('a.*'): o.unlink()
    (top/name).write_bytes(data)
    found = ask_all(searcher, question)
    return found, dict(found[0].scope.skipped).get(str(top/name))

@CASES
@given(file=files)
@example(file=('a.ipynb', b'{"cells":[{"cell_type":"heading","level":true,"source":"\\ud800"}]}'))
def test_any_file_parses_or_is_refused_in_words(file):
    start_clock()
    check_parsed(*file)

def is_plain_module(data):
    "One that is empty, or in another encoding, and no notebook: it is no loss"
    try: text = decode(data, 'a.py') if data.strip() else ''
    except ParseError: text = '' if not re.search(rb'%%|marimo|jupytext|^# ?\+', data, re.M) else 'a notebook'
    return not text.strip()

@CASES
@given(file=files, question=questions)
def test_any_file_and_any_question_are_answered(place, file, question):
    start_clock()
    parsed = check_parsed(*file)
    found, why = search_with(place, *file, question)
    silent = file[0].endswith('.py') and is_plain_module(file[1])
    assert (parsed or silent)==(why is None)

@CASES
@given(file=files)
def test_a_bad_file_hides_no_good_one(place, file):
    start_clock()
    found, _ = search_with(place, *file, 'wombat')
    assert 'Marsupials' in [h.section.heading for h in found[0].hits]

@CASES
@given(question=questions)
def test_any_question_is_understood_and_can_be_said_back(question):
    start_clock()
    q = parse_query(question)
    assert isinstance(q, Query) and len(q.text)<=2_000
    q.text.encode()

@CASES
@given(text=markdown)
def test_any_markdown_can_be_shown(text):
    start_clock()
    rewrite_markdown(text).encode()
    rewrite_inline(text).encode()
    heading_fragment(text.replace('\n', ' ')).encode()
    spans = [(t.start, t.end) for t in find_tokens(text)]
    last = text.count('\n')
    assert all(0<=a<=b<=last for a,b in fragments(text, spans, 2))

@CASES
@given(kind=st.sampled_from(['PNG', 'JPEG', 'GIF', 'WEBP']), at=st.integers(0, 400), data=st.binary(max_size=8))
def test_any_picture_is_made_smaller_or_left_out(kind, at, data):
    start_clock()
    Image.new('RGB', (40, 30), 'red').save(buf := BytesIO(), kind)
    raw = buf.getvalue()
    small = shrink_image.__wrapped__(base64.b64encode(raw[:at]+data+raw[at+len(data):]).decode(), 10_000)
    event('shown' if small else 'left out')
    assert small is None or small[0]=='image/jpeg' and len(small[1])<=10_000

# ---- each fault that was found

def parse_output(text):
    nb = {'nbformat':4, 'cells':[{'cell_type':'code', 'source':'x', 'outputs':[{'output_type':'stream', 'text':text}]}]}
    return parse_document(json.dumps(nb), 'a.ipynb').sections[0].outputs

def test_a_long_line_behind_a_carriage_return_is_read():
    "Removing what a progress bar wrote over took time by the square of the line's length"
    start_clock()
    assert parse_output('\r\n'+'a'*1_000_000)[0].text.startswith('\r\naaa')

@pytest.mark.parametrize('question', ['a'*300_000, '中'*100_000, 'Aa'*100_000, 'qzx '*50_000, '"a b" '*20_000, '-a '*50_000, 'nb:x '*50_000, 'in:x '*50_000, '"'*100_000], ids=lambda o: o[:6])
def test_a_question_of_any_length_is_answered(place, question):
    "Each word was compared with all known ones, and the whole with every heading, for minutes"
    start_clock()
    top,searcher = place
    for a in ask_all(searcher, question): assert any('only the first 2,000' in o for o in a.scope.notes)

def test_half_a_character_in_a_question_can_be_saved(place):
    "The question stands in the answer's metadata, and Jupyter could not write it down"
    found = ask_all(place[1], 'wombat \ud800')
    assert found[0].query.text=='wombat \ufffd' and found[0].hits

def test_an_endless_word_beside_no_address_is_shown():
    "The search for mail addresses began anew at each of its letters"
    start_clock()
    assert len(rewrite_markdown('a'*200_000))==200_000

def test_an_endless_heading_is_cut():
    "A link was made of all of it"
    start_clock()
    doc = parse_document('# '+'['*5_000_000+'\n\nx\n', 'a.md')
    assert len(doc.sections[0].heading)==2_000 and len(doc.sections[0].text)>5_000_000

def test_an_endless_line_is_shown_in_part():
    "`fastnotes` rendered the whole line and then left it out"
    start_clock()
    sec = Section('a.md', 0, 'H', (), 1, (text := '['*3_000_000), (0, len(text)))
    hit = Hit(sec, 1.0, lines=((0, 0),))
    assert len(render_notes([hit]))<50_000 and len(render_text([hit]))<50_000
    assert len(render_section(sec, limit=50_000))<100_000 and '2,750,000 more characters' in render_text([Hit(sec, 1.0)])

def test_a_large_rich_output_is_shown_in_part():
    "Markdown and a table that a cell made were rendered whole, whatever their size"
    start_clock()
    big = {'text/markdown':'*a '*1_000_000}, {'text/html':'<table><tr>'+'<td>a'*1_000_000}
    for data in big:
        nb = {'nbformat':4, 'cells':[{'cell_type':'code', 'source':'x', 'outputs':[{'output_type':'display_data', 'data':data}]}]}
        sec = parse_document(json.dumps(nb), 'a.ipynb', rich=True).sections[0]
        assert 'left out' in render_section(sec)

def test_a_lone_carriage_return_moves_no_line():
    "Lines are counted by line feeds; elsewhere a carriage return counted as well, and other lines were shown than said"
    text = 'a\rb\n\nquokka\rx\n\n```\nc\n```\n'
    sec = Section('a.md', 0, '', (), 0, text, (0, len(text)))
    assert fragments(text, [(text.index('quokka'), text.index('quokka')+6)], 0)==[(2, 2)]
    assert fragments(text, [(text.index('c\n'), text.index('c\n')+1)], 0)==[(4, 6)]
    shown = render_text([Hit(sec, 1.0, lines=((2, 2),))], color=False)
    assert 'line 3:\nquokka\nx\n' in shown and 'a\nb' not in shown

def test_a_picture_of_impossible_size_is_left_out():
    "Pillow has an error of its own for it"
    assert shrink_image(base64.b64encode(b'GIF87a'+b'\xff'*300).decode(), 100) is None

def test_a_stored_call_with_an_odd_escape_warns_nobody(recwarn):
    "Python's parser, which tells our own calls from others, wrote its warning about somebody's note on the reader's screen"
    nb = {'nbformat':4, 'cells':[{'cell_type':'code', 'source':'fastnotes("\\d")', 'outputs':[]}]}
    assert parse_document(json.dumps(nb), 'a.ipynb').sections[0].cells[0].echo and not recwarn.list

# ---- memory

BOUND = 1_200 # MB on top of an interpreter with everything imported; a file of 50 MB must be held as bytes, text and JSON

MEASURE = '''
import resource,sys,json
from pathlib import Path
from fastdebug.config import find_config
from fastdebug.reader import find_reader
from fastdebug.search import Searcher
from fastdebug.results import show_hits, show_notes, describe
from fastdebug.terminal import render_text
def peak():
    "MB; what the kernel tells of a process in getrusage begins with its parent's"
    status = Path('/proc/self/status')
    if status.exists(): return int(status.read_text().split('VmHWM:')[1].split()[0])//1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//2**20
top = sys.argv[1]
(Path(top)/'small').mkdir()
(Path(top)/'small/s.md').write_text('# Quokka\\n\\nquokka')
def ask(roots):
    s = Searcher(find_config(roots), memory=True)
    a = s.search('quokka', 5)
    show_hits(a)._repr_mimebundle_()
    show_notes(s.find_notes('quokka'))._repr_markdown_()
    render_text(a.hits, describe(a))
    return a
ask(top+'/small')
before = peak()
resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, 4_000_000_000))
a = ask(top+'/large')
print(json.dumps([peak()-before, len(a.hits), [w for _,w in a.scope.skipped]]))
'''

def of_size(what, size): return (what*(size//len(what)+1))[:size]

def notebook_bytes(output): return json.dumps({'nbformat':4, 'cells':[{'cell_type':'markdown', 'source':'# Quokka'}, {'cell_type':'code', 'source':'x', 'outputs':[output]}]}).encode()

MB = 1_000_000
LARGE = {
    'a 50 MB output': ('a.ipynb', lambda: notebook_bytes({'output_type':'stream', 'text':of_size('loss 0.5\n', 44*MB)})),
    'a 50 MB picture': ('a.ipynb', lambda: notebook_bytes({'output_type':'display_data', 'data':{'image/png':of_size('iVBO', 49*MB)}})),
    'a picture of 160 million dots': ('a.ipynb', lambda: notebook_bytes({'output_type':'display_data', 'data':{'image/png':many_dots()}})),
    'nested brackets': ('a.ipynb', lambda: b'{"cells":'+b'['*100_000),
    'a line of 20 MB': ('a.md', lambda: b'# Quokka\n\nquokka '+of_size('word [a](b) *c* ', 20*MB).encode()),
    'a word of 40 MB': ('a.md', lambda: b'# Quokka\n\nquokka '+of_size('Aa', 40*MB).encode()),
    'a text without blanks': ('a.md', lambda: b'# Quokka\n\nquokka '+of_size('梯度', 10*MB).encode()),
    '40 MB of headings': ('a.md', lambda: of_size('# quokka\n', 40*MB).encode()),
    '40 MB of cells': ('a.ipynb', lambda: b'{"cells":['+b'{},'*13_000_000+b'{}]}'),
    '40 MB of cells in a script': ('a.py', lambda: of_size('# %%\nx\n', 40*MB).encode()),
    'a call of ours of 40 MB': ('a.ipynb', lambda: json.dumps({'cells':[{'cell_type':'code', 'source':'fastnbs(quokka'+',a'*20_000_000+')'}]}).encode()),
}
REFUSED = {'nested brackets':'nested too deeply', '40 MB of headings':'more than 200,000 lines', '40 MB of cells':'more than 100,000 cells', '40 MB of cells in a script':'more than 100,000 cells'}

def many_dots():
    "A picture in a few kilobytes that unfolds to gigabytes, padded so that it is too large to be shown as it is"
    Image.new('1', (16_000, 10_000)).save(buf := BytesIO(), 'PNG')
    return base64.b64encode(buf.getvalue()+bytes(300_000)).decode()

SLOW = {'a word of 40 MB', 'a text without blanks', 'a call of ours of 40 MB', 'a 50 MB picture'} # minutes on a busy machine

@pytest.mark.parametrize('name', [o for o in LARGE if FUZZING or o not in SLOW])
def test_memory_has_a_bound(name, tmp_path):
    file,make = LARGE[name]
    (tmp_path/'large').mkdir()
    (tmp_path/'large'/file).write_bytes(make())
    ran = subprocess.run([sys.executable, '-c', MEASURE, str(tmp_path)], capture_output=True, text=True, timeout=300)
    assert ran.returncode==0, ran.stderr[-2000:]
    used,hits,skipped = json.loads(ran.stdout.splitlines()[-1])
    assert used<BOUND, f'{used} MB'
    assert [o for o in skipped if o.startswith(REFUSED[name])] if name in REFUSED else hits==1 and not skipped
