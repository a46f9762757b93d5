"No door leaves an echo: a cell that is one call or one line magic of ours weighs nothing, and saving its answer changes no later ranking"
import json
import nbformat, pytest
from fastdebug.config import find_config
from fastdebug.core import Reader
from fastdebug.search import Searcher
from nbclient import NotebookClient
from fastdebug.cells import is_echo
from fastdebug.utils import fastnbs, fastnotes
from notebooks import code, md, write

ASKED = 'how does momentum damp zigzags'
NOTES = {'Momentum': 'It keeps a part of the last step, so that zigzags cancel out.\n\n```python\nv = beta*v + grad\n```', 'Learning rate': 'Raise it until the loss explodes; zigzags tell.',
         'KeyError of a column': 'A KeyError: look at `df.columns`.'}

# what a person may run at each door; the setup and the cells that fail on purpose are their own
DOORS = {'fastnbs': f'fastnbs("{ASKED}")', 'kept': f'hits = fastnbs("{ASKED}", k=2)', 'kept and inserted': f'hits = fastnbs("{ASKED}", k=2)\nhits[0].copy()', 'by a name': f'question = "{ASKED}"\nfastnbs(question)', 'fastnotes': f'fastnotes("{ASKED}")', 'fastlistnbs': 'fastlistnbs("momentum")', 'fastbox': f'fastbox("{ASKED}")',
         'fastbox kept': f'box = fastbox("{ASKED}", k=3)', 'the error before': 'fastnbs()', 'an error in hand': 'fastnbs(KeyError("momentum zigzags"))', 'an object': 'fastnbs(ZigzagsOfMomentum)', 'insert': 'fastinsert(2)', 'inserted': 'fastinsert()',
         '%fastnbs': f'%fastnbs {ASKED} -k 2', '%fastnbs kept': f'found = %fastnbs {ASKED}', '%fastnotes': f'%fastnotes {ASKED} -n 0', '%fastlistnbs': '%fastlistnbs momentum', '%fastnbs -l': f'%fastnbs {ASKED} -l',
         '--json': f'%fastnbs {ASKED} --json', '!fastnbs': f'!fastnbs "{ASKED}"', '! --json': f'!fastnotes "{ASKED}" --json', 'with an import': f'from fastdebug.utils import *\nfastnbs("{ASKED}")', 'with the extension': f'%load_ext fastdebug\n%fastnbs {ASKED}'}

@pytest.fixture
def notes(tmp_path, reader):
    for i,(heading,text) in enumerate(NOTES.items()): write(reader/f'{i}.ipynb', md(f'# Page {i}'), md(f'## {heading}\n\n{text}'))
    (reader/'pyproject.toml').touch()
    return reader

def ranking(roots):
    "Everything of several answers but the numbers, which the mere number of sections changes"
    asked = (ASKED, 'zigzags', 'momentum', 'KeyError', 'fastnbs', 'beta grad')
    return {(f.__name__, q): [(h.section.file, h.section.heading, h.lines) for h in f(q, roots=roots)] for q in asked for f in (fastnbs, fastnotes)}

@pytest.mark.parametrize('door', DOORS)
def test_its_cell_weighs_nothing(notes, door):
    assert is_echo(DOORS[door])
    alone = ranking(notes)
    write(notes/'scratch.ipynb', md('# Scratch'), code(DOORS[door]))
    assert ranking(notes)==alone

def run(notes, cells):
    "A notebook in which a real kernel ran `cells`, as it is saved"
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(o) for o in cells], metadata={'kernelspec':{'name':'python3', 'display_name':'Python 3', 'language':'python'}})
    NotebookClient(nb, timeout=600, allow_errors=True, resources={'metadata':{'path':str(notes)}}).execute()
    return nb

def test_saving_their_answers_changes_nothing(notes):
    "All doors in one notebook, run by a real kernel: with what they showed and without, and as the ones before them left it"
    setup = ['from fastdebug.utils import *', '%load_ext fastdebug', 'class ZigzagsOfMomentum: pass', '{}["column"]']
    cells = [*setup, 'fastnbs()', *DOORS.values(), '%%fastnbs -k 1\n{}["column"]']
    plain = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(o) for o in cells])
    nb = run(notes, cells)
    assert 'zigzags cancel out' in json.dumps(nb) and 'A KeyError: look at' in json.dumps(nb)
    for c in plain.cells: # an error that a cell of theirs printed is their own text
        c.outputs = [o for s in nb.cells if s.source==c.source for o in s.outputs if o.output_type=='error' and o.ename!='_Failed']
    nbformat.write(plain, notes/'scratch.ipynb')
    asked = ranking(notes)
    nbformat.write(nb, notes/'scratch.ipynb')
    assert ranking(notes)==asked
    shown = {c.source:c.outputs for c in nb.cells}
    assert [sorted(o.data) for o in shown[DOORS['fastbox']]]==[['application/vnd.jupyter.widget-view+json', 'text/markdown', 'text/plain']]
    assert ASKED not in json.dumps(shown[DOORS['fastbox']])

# ---- the notebook one is in

ERROR = 'ValueError: unsupported wombat gadget'
# what stands above the cell that fails: may its section answer?
OWN = {'nothing': ('', False), 'a title': ('# Tuesday', False), 'other words': ('## Load the quokkas\n\nThey come from a table.', False), 'one word of the message': ('## My gadget\n\nIt is new.', False),
       'the name of the error': ('## A ValueError\n\nMind the units.', True), 'the message': ('## Gadgets\n\nA wombat is unsupported: take a koala.', True), 'the whole error': (f'## {ERROR}\n\nCharge it.', True),
       'the name in prose': ('## Tuesday\n\nWhy this ValueError? The battery is empty.', True), 'a question of theirs': ('## Which quokka?\n\nUnsupported ones.', False)}

@pytest.mark.parametrize('above', OWN)
@pytest.mark.parametrize('asked', [ERROR, f'Traceback (most recent call last):\n  Cell In[3], line 1\n    charge(wombat)\n{ERROR}'], ids=['error', 'traceback'])
def test_an_error_is_not_answered_by_the_cell_that_failed(tmp_path, above, asked):
    said, may = OWN[above]
    fails = dict(output_type='error', ename='ValueError', evalue=ERROR, traceback=[ERROR])
    own = write(tmp_path/'day.ipynb', *[md(said)]*bool(said), code('charge(wombat, gadget)  # unsupported ValueError', fails), code('fastnbs()'))
    write(tmp_path/'book.ipynb', md('# Book'), md('## Koalas\n\nThey sleep near a gadget.'), code('charge(wombat)'))
    found = lambda notebook: [h.section.file for h in Searcher(find_config(tmp_path), memory=True, reader=Reader(str(tmp_path), notebook=notebook)).search(asked).hits]
    mine = str(tmp_path/'day.ipynb')
    assert (mine in found(mine))==may and str(tmp_path/'book.ipynb') in found(mine)
    assert mine in found(str(tmp_path/'other.ipynb')) # a cell that failed in another notebook is a note like any

ONLY_ASKS = [['fastnbs("momentum zigzags")']*30, ['%fastnbs momentum', '%fastnotes momentum zigzags'], ['from fastdebug.utils import *', 'fastnbs("momentum")'], ['%load_ext fastdebug', '%fastlistnbs momentum'], ['fastbox("momentum")'],
             ['import fastdebug.utils as fd', 'hits = fd.fastnbs("momentum")\nprint(hits[0].copy())'], ['fastpractice("Momentum")', 'fastinsert()'], ['%load_ext fastdebug\nfrom fastdebug.utils import *', 'print(fastnbs("momentum"))']]

@pytest.mark.parametrize('cells', ONLY_ASKS, ids=lambda o: o[-1])
@pytest.mark.parametrize('name', ['Untitled', 'Momentum'])
def test_a_notebook_of_questions_is_no_answer(tmp_path, cells, name):
    write(tmp_path/'book.ipynb', md('# Book'), md('## Zigzags\n\nThe momentum damps them.'))
    write(tmp_path/f'{name}.ipynb', *map(code, cells))
    write(tmp_path/f'sub/{name}.ipynb', md('# What I asked about momentum'), *map(code, cells))
    write(tmp_path/f'sub/{name} noted.ipynb', md('# Momentum\n\nIt is speed.'), *map(code, cells))
    found = [h.section for h in Searcher(find_config(tmp_path), memory=True).search('momentum', k=20).hits]
    assert {s.file for s in found}=={str(tmp_path/o) for o in ('book.ipynb', f'sub/{name} noted.ipynb', f'sub/{name}.ipynb')}
    assert [s.heading for s in found if s.file==str(tmp_path/f'sub/{name}.ipynb')]==['What I asked about momentum'] # which a person wrote
