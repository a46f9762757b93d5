"An error or a thing in hand is a question: what a learner meets in a week is found first, and what is no question stays an error"
import json, subprocess, sys
import pytest
from fastdebug.utils import fastnbs, fastnotes
from notebooks import code, md, write

NOTES = {
'Why do mat1 and mat2 not fit?': 'A linear layer wants its inputs in the last dimension: the shapes must agree before they can be multiplied.',
'What to do when tensors are on different devices': 'Expected all tensors on the same device: call `.to(device)` on the model and on each batch, cuda or cpu.',
'Float and Long: which dtype does a layer want?': 'The weights are float, the labels long. Expected the same dtype? Cast with `.float()`.',
'KeyError in a DataFrame or dict': 'The column or key is not there: look at `df.columns`, mind capital letters.',
'No module named ...': 'ModuleNotFoundError: install the package into the environment of this kernel with `%pip install`.',
'CUDA out of memory': 'The GPU can not allocate more memory. Use a smaller batch size, or accumulate gradients.',
'Which tensors are leaf tensors?': 'An optimizer only takes leaf tensors. A non-leaf Tensor was computed from others.',
'view or reshape?': 'A view needs a compatible size and stride; after a transpose the tensor is not contiguous. Use `.reshape` instead.',
'Why is my loss nan?': 'Log of zero, or a learning rate that is too high: a function returned nan values.',
'No such file or directory': 'A FileNotFoundError tells of the folder the notebook runs in. Print `Path.cwd()`.',
"'NoneType' object has no attribute": 'An AttributeError of None: a method that works in place returned nothing, and its result was kept.',
'Unexpected indent, and other IndentationErrors': 'Tabs and blanks were mixed, or a block was pasted half.',
'How does momentum work?': 'It keeps a part of the last step, so that the error of one batch matters less.',
'What is cross entropy?': 'How surprised the model is by the right answer. `F.cross_entropy(preds, targs)` takes raw scores.',
'What does a convolution see?': 'Each output of `nn.Conv2d` sees a small square of the input.',
'How do I read a csv file?': 'With `pd.read_csv`, which gives a DataFrame.',
}

@pytest.fixture(scope='module')
def notes(tmp_path_factory):
    top = tmp_path_factory.mktemp('notes')
    for i,(heading,text) in enumerate(NOTES.items()): (top/f'{i:02}.md').write_text(f'# {heading}\n\n{text}\n', encoding='utf-8')
    return top

def first(hits): return hits[0].section.heading

# as they stand on a screen: class and message, copied from real runs
WEEK = {
'Why do mat1 and mat2 not fit?': ('RuntimeError', 'mat1 and mat2 shapes cannot be multiplied (64x784 and 10x5)'),
'What to do when tensors are on different devices': ('RuntimeError', 'Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu! (when checking argument for argument mat1 in method wrapper_CUDA_addmm)'),
'Float and Long: which dtype does a layer want?': ('RuntimeError', 'expected m1 and m2 to have the same dtype, but got: float != long int'),
'KeyError in a DataFrame or dict': ('KeyError', "'Price_2'"),
'No module named ...': ('ModuleNotFoundError', "No module named 'timm_zz'"),
'CUDA out of memory': ('OutOfMemoryError', 'CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 14.75 GiB of which 11.06 MiB is free. Including non-PyTorch memory, this process has 14.73 GiB memory in use. If reserved but unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True to avoid fragmentation. See documentation for Memory Management  (https://pytorch.org/docs/stable/notes/cuda.html)'),
'Which tensors are leaf tensors?': ('ValueError', "can't optimize a non-leaf Tensor"),
'view or reshape?': ('RuntimeError', "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead."),
'Why is my loss nan?': ('RuntimeError', "Function 'LogBackward0' returned nan values in its 0th output."),
'No such file or directory': ('FileNotFoundError', "[Errno 2] No such file or directory: '/kaggle/input/train.csv'"),
"'NoneType' object has no attribute": ('AttributeError', "'NoneType' object has no attribute 'shape'"),
'Unexpected indent, and other IndentationErrors': ('IndentationError', 'unexpected indent (2904.py, line 2)'),
}

@pytest.mark.parametrize('heading', WEEK)
def test_an_error_finds_the_note_that_explains_it(notes, heading):
    name, message = WEEK[heading]
    hits = fastnbs(type(name, (Exception,), {})(message), roots=notes)
    assert first(hits)==heading, hits.query.text
    assert f'asked for "{hits.query.text}"' in repr(hits).split('\n')[-1] and not hits.answer.missing
    assert not {'2904', '0', '64x784', 'kaggle', 'py'} & {*hits.query.text.split()}

# those whose message says more than the class
TOLD = [o for o in WEEK if o not in ('KeyError in a DataFrame or dict', 'Unexpected indent, and other IndentationErrors')]

def pasted(name, message):
    "What Python prints of such an error, raised in a library"
    lib = '/home/me/.venv/lib/python3.11/site-packages/torch/nn/modules'
    frames = [('/home/me/train.py', 12, '<module>', 'out = model(x)'), (f'{lib}/module.py', 1511, '_wrapped_call_impl', 'return self._call_impl(*args, **kwargs)'),
              (f'{lib}/zzqqy.py', 114, 'forward', 'return F.zzqqy(input, self.weight, self.zzqqb(input))')]
    said = ''.join(f'  File "{file}", line {n}, in {where}\n    {code}\n' for file,n,where,code in frames)
    return f'Traceback (most recent call last):\n{said}{name}: {message}'

@pytest.mark.parametrize('heading', TOLD)
def test_a_pasted_traceback_does_too_and_is_no_weak_question(notes, heading):
    hits = fastnbs(pasted(*WEEK[heading]), roots=notes)
    assert first(hits)==heading and not hits.answer.weak, hits.answer.missing
    assert not {'64x784', '10x5', 'self', '_call_impl', '/kaggle/input/train.csv'} & {*hits.answer.missing}

@pytest.mark.parametrize('heading', TOLD)
def test_so_does_its_last_line(notes, heading):
    "Most people paste no more than that"
    hits = fastnbs(': '.join(WEEK[heading]), roots=notes)
    assert first(hits)==heading and not hits.answer.weak and not hits.answer.missing, hits.answer.missing

@pytest.mark.parametrize('error', [ZeroDivisionError('zzqqy by zzqqz'), type('ZzqqError', (Exception,), {})('the zzqqy of and')])
def test_of_an_error_whose_words_occur_nowhere_no_stray_word_is_asked(notes, error):
    hits = fastnbs(error, roots=notes)
    assert not hits and hits.query.text==f'{type(error).__name__} {error}' and 'Nothing found' in repr(hits)

STRAY = [('ZzqqyError', 'a zzqqa zzqqb zzqqc of the memory zzqqd'), ('ZzqqyError', 'zzqqa by zero'), ('RuntimeError', 'the zzqqa zzqqb csv zzqqc zzqqd')]

@pytest.mark.parametrize('name,message', STRAY)
def test_an_error_most_of_which_occurs_nowhere_may_have_no_answer(notes, name, message):
    for question in (pasted(name, message), type(name, (Exception,), {})(message)):
        hits = fastnbs(question, roots=notes)
        assert hits and hits.answer.weak and 'may not say this' in repr(hits).split('\n')[0]

UNEXPLAINED = [("ValueError", "invalid literal for int() with base 10: 'a'"), ('TypeError', 'can only concatenate str (not "int") to str'), ('KeyError', "'Survivd'"), ('NameError', "name 'np' is not defined"),
    ('TypeError', "unsupported operand type(s) for +: 'int' and 'str'"), ('IndexError', 'list index out of range'), ('RecursionError', 'maximum recursion depth exceeded'), ('TypeError', "'int' object is not callable"),
    ('UnboundLocalError', "cannot access local variable 'x' where it is not associated with a value"), ('UnicodeDecodeError', "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ('ImportError', "cannot import name 'foo' from 'bar' (/x/bar.py)"), ('PermissionError', "[Errno 13] Permission denied: '/etc/x'"), ('JSONDecodeError', 'Expecting value: line 1 column 1 (char 0)'),
    ('TypeError', "forward() missing 1 required positional argument: 'y'"), ('RuntimeError', 'stack expects each tensor to be equal size, but got [3, 4] at entry 0 and [3, 5] at entry 1')]

def test_most_everyday_errors_that_no_note_explains_are_told(root):
    weak = [fastnbs(f'{name}: {message}', roots=str(root/'nbs/lessons')).answer.weak for name,message in UNEXPLAINED]
    assert sum(weak)>=.8*len(weak), weak

@pytest.mark.parametrize('heading', [o for o in WEEK if o!='KeyError in a DataFrame or dict'])
def test_a_notebook_that_failed_with_it_explains_nothing(notes, tmp_path, heading):
    "The one that somebody works in, saved with its error, and an older one with the same"
    name, message = WEEK[heading]
    trace = pasted(name, message).splitlines()
    for o in ('a', 'b'): write(tmp_path/f'{o}.ipynb', md(f'# Try {o}'), code('train(model)', dict(output_type='error', ename=name, evalue=message, traceback=trace)))
    for question in (type(name, (Exception,), {})(message), pasted(name, message), f'{name}: {message}'):
        assert first(fastnbs(question, roots=[str(notes), str(tmp_path)]))==heading
        alone = fastnbs(question, roots=str(tmp_path))
        assert not alone or alone.answer.weak, alone[0].section.heading

RAISED = {
'KeyError in a DataFrame or dict': 'import json\ndef price(row): return row["Price_2"]\nprice({"cost": 1})',
'No module named ...': 'import timm_zz',
'No such file or directory': 'open("/nowhere/train.csv")',
"'NoneType' object has no attribute": 'found = [3, 1].sort()\nfound.shape',
'Unexpected indent, and other IndentationErrors': 'a = 1\n  b = 2',
}
TORCH = {
'Why do mat1 and mat2 not fit?': 'import torch.nn as nn\nnn.Linear(10, 5)(torch.ones(64, 784))',
'What to do when tensors are on different devices': 'import torch.nn as nn\nnn.Linear(10, 5).to("meta")(torch.ones(64, 10))',
'Float and Long: which dtype does a layer want?': 'torch.ones(2, 2) @ torch.ones(2, 2).long()',
'Which tensors are leaf tensors?': 'torch.optim.SGD([torch.ones(2, requires_grad=True)*2], .1)',
'view or reshape?': 'torch.ones(2, 3).t().view(-1)',
'Why is my loss nan?': 'with torch.autograd.detect_anomaly(): (torch.zeros(1, requires_grad=True)*torch.tensor([float("nan")])).log().backward()',
'CUDA out of memory': 'torch.ones(2**50)',
}
CHILD = '''
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell, (cells, roots) = InteractiveShell.instance(), json.loads(sys.stdin.read())
shell.run_cell('from fastdebug.utils import *')
found = []
for cell in cells:
    shell.run_cell(cell)
    shell.run_cell(f'hits = fastnbs(roots={roots!r})')
    found.append([shell.user_ns['hits'][0].section.heading, shell.user_ns['hits'].query.text])
sys.__stderr__.write('\\nFOUND' + json.dumps(found))
'''

def found_after(cells, roots):
    "What `fastnbs()` answers in the cell behind each of `cells`"
    p = subprocess.run([sys.executable, '-W', 'ignore', '-c', CHILD], input=json.dumps([cells, str(roots)]), capture_output=True, text=True)
    return json.loads(p.stderr.partition('FOUND')[2])

@pytest.mark.parametrize('cells', [RAISED, pytest.param({k:f'import torch\n{v}' for k,v in TORCH.items()}, marks=pytest.mark.learn)], ids=['python', 'torch'])
def test_the_cell_that_failed_is_the_question(notes, cells):
    found = found_after([*cells.values()], notes)
    assert [o[0] for o in found]==[*cells], found

STEPS = CHILD.partition("found = []")[0] + '''
for cell in cells: shell.run_cell(cell)
shell.run_cell('from fastdebug.questions import last_error; found = repr(last_error(get_ipython()))')
sys.__stderr__.write('\\nFOUND' + shell.user_ns['found'])
'''

@pytest.mark.parametrize('cells, error', [(['1/0'], 'ZeroDivisionError'), (['1/0', '1'], 'None'), (['raise KeyboardInterrupt'], 'None'), (['1'], 'None'), (['1 +'], 'SyntaxError')])
def test_only_the_cell_before_counts(notes, cells, error):
    "An error of two cells ago is no question, nor is a stop"
    p = subprocess.run([sys.executable, '-c', STEPS], input=json.dumps([cells, str(notes)]), capture_output=True, text=True)
    assert p.stderr.partition('FOUND')[2].startswith(error)

@pytest.mark.learn
def test_a_thing_in_hand_is_a_question(notes):
    import pandas as pd, torch.nn as nn, torch.nn.functional as F
    for thing,heading in ((F.cross_entropy, 'What is cross entropy?'), (nn.Conv2d, 'What does a convolution see?'), (nn.Conv2d(1, 1, 3), 'What does a convolution see?'),
                          (pd.read_csv, 'How do I read a csv file?')):
        assert first(fastnbs(thing, roots=notes))==first(fastnotes(thing, roots=notes))==heading
    assert 'DataFrame' in repr(fastnbs(pd.DataFrame(), roots=notes)).split('asked for')[-1]

@pytest.mark.parametrize('odd', [None, 3, 2.5, True, b'x', [1], (), {}, {1}])
def test_what_is_no_question_stays_an_error(notes, odd):
    for f in (fastnbs, fastnotes):
        with pytest.raises(TypeError, match='write it as text in quotes'): f(odd, roots=notes)

def test_an_object_that_wants_to_be_asked_runs_nothing(notes):
    "Neither its attributes nor its comparisons are used, and a message can hold no operator"
    class Trap:
        def __getattr__(self, name): raise SystemExit
        def __eq__(self, other): raise SystemExit
        def __repr__(self): raise ValueError
    assert 'Trap' in fastnbs(Trap(), roots=notes).query.text
    hits = fastnbs(ValueError('momentum in:code -step kind:api "a b" since:2030'), roots=notes)
    assert first(hits)=='How does momentum work?' and not (hits.query.where or hits.query.kind or hits.query.without or hits.query.since)

# ---- by magics, in a real IPython

MAGICS = '''
import contextlib, io, json, os, sys
from IPython.core.interactiveshell import InteractiveShell
shell, roots = InteractiveShell.instance(), sys.stdin.read()
os.environ['FASTDEBUG_ROOTS'] = roots
def run(cell):
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(said): done = shell.run_cell(cell)
    return [done.success, said.getvalue()]
def tab(line): return shell.complete(None, line, len(line))[1]
told = [run(o) for o in CELLS] + [tab(o) for o in LINES]
sys.__stderr__.write('\\nFOUND' + json.dumps(told))
'''

def told(notes, cells=(), lines=()):
    code = MAGICS.replace('CELLS', repr(['%load_ext fastdebug', *cells])).replace('LINES', repr([*lines]))
    p = subprocess.run([sys.executable, '-c', code], input=str(notes), capture_output=True, text=True)
    return json.loads(p.stderr.partition('FOUND')[2])[1:]

def test_magics_answer_as_the_functions_do(notes):
    nbs, kept, listed, data, wrong, fails, passes = told(notes, ['%fastnbs how does momentum work -k 1', 'hits = %fastnotes momentum -n 0 -k 1\nprint(len(hits))', '%fastlistnbs momentum',
        '%fastnbs momentum --json -k 1', '%fastnbs x -k zero', '%%fastnbs -k 1\n{}["Price_2"]', '%%fastnbs\nprint(6*7)'])
    assert nbs[0] and 'It keeps a part of the last step' in nbs[1] and kept==[True, '1\n'] and 'How does momentum work?' in listed[1]
    assert json.loads(data[1])['hits'][0]['heading']=='How does momentum work?'
    assert 'UsageError' in wrong[1] and 'Traceback' not in wrong[1]
    assert not fails[0] and fails[1].index("'Price_2'")<fails[1].index('KeyError in a DataFrame or dict') and passes==[True, '42\n']

def test_magics_answer_the_cell_before(notes):
    assert 'KeyError in a DataFrame or dict' in told(notes, ['{}["Price_2"]', '%fastnbs'])[1][1]

def test_tab_completes_headings_files_kinds_and_options(notes):
    heading, again, file, kind, option = told(notes, lines=['%fastnbs how does mo', '%fastlistnbs What is c', '%fastnbs nb:1', '%fastnotes x kind:q', '%fastnbs x --ro'])
    assert heading==['momentum work?'] and again==['cross entropy?'] and kind==['question'] and option==['--roots']
    assert file==[f'{i}' for i in range(10, len(NOTES))]

def test_the_extension_is_the_one_thing_the_package_itself_holds():
    import fastdebug
    assert [o for o in vars(fastdebug) if callable(vars(fastdebug)[o])]==['load_ipython_extension']

NAMES = {'b.ipynb zoo.md a.md':['b', 'a', 'zoo'], 'z.ipynb a.qmd':['z', 'a'], 'b.ipynb a.ipynb':['a', 'b'], 'b.md a.md':['a', 'b'], 'a.md a.ipynb b.ipynb':['a', 'b'], 'x.py y.ipynb':['y', 'x'], 'sub/c.md d.ipynb':['d', 'c'], 'sub/c.ipynb b.md':['c', 'b']}

@pytest.mark.parametrize('names', NAMES)
def test_tab_behind_nb_offers_notebooks_first(tmp_path, names):
    from fastdebug.config import find_config
    from fastdebug.magics import _stems
    from fastdebug.search import Searcher
    for o in names.split():
        (tmp_path/o).parent.mkdir(exist_ok=True)
        if o.endswith('.ipynb'): write(tmp_path/o, md(f'# Of {o}'))
        else: (tmp_path/o).write_text(f'# %% [markdown]\n# # Of {o}\n' if o.endswith('.py') else f'# Of {o}\n', encoding='utf-8')
    assert [*_stems(Searcher(find_config(tmp_path), memory=True).look())]==NAMES[names]

TABS = {'%fastnbs nb:':['quokka', 'emu', 'zebra'], '%fastnbs nb:z':['zebra'], '%fastnotes kind:l':['lesson'], 'x = %fastnbs nb:e':['emu'], '%fastlistnbs nb:q':['quokka'], '%fastnbs feeding in:c':['code'], '%fastnbs abs --ro':['--roots'],
        '%fastnbs Food of an e':['emu'], 'absol':[], 'zeb':['zebroid']}

def test_tab_in_a_notebook_offers_what_a_question_may_hold_and_no_names_of_python(tmp_path):
    "As a kernel asks for completions, jedi among those who answer"
    for o in ('zebra', 'emu'): (tmp_path/f'{o}.md').write_text(f'# Food of an {o}\n', encoding='utf-8')
    write(tmp_path/'quokka.ipynb', md('# Food of a quokka'))
    asks = 'from IPython.core.completer import provisionalcompleter\n    with provisionalcompleter(): return [o.text for o in shell.Completer.completions(line, len(line))]'
    code = MAGICS.replace('def tab(line): return shell.complete(None, line, len(line))[1]', f'def tab(line):\n    {asks}')
    code = code.replace('CELLS', repr(['%load_ext fastdebug', '%reload_ext fastdebug', 'zebroid = 1'])).replace('LINES', repr([*TABS]))
    p = subprocess.run([sys.executable, '-c', code], input=str(tmp_path), capture_output=True, text=True)
    assert dict(zip(TABS, json.loads(p.stderr.partition('FOUND')[2])[3:]))==TABS
