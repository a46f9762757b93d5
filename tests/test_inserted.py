"The code of a hit as the next cell: all that it needs comes along, what is missing is named, and nothing runs before a person runs it"
import json, subprocess, sys
import pytest
from fastdebug.insert import code_of
from fastdebug.utils import fastnbs
from notebooks import code, md, write

CHILD = '''
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in json.loads(sys.stdin.read()): shell.run_cell(cell)
sys.__stderr__.write('\\nFOUND' + json.dumps([shell.rl_next_input, shell.user_ns.get('ran')]))
'''

def after(*cells):
    "(what the next cell holds, the variable `ran`) of a real IPython that ran `cells`"
    child = CHILD.replace('shell.rl_next_input', 'getattr(shell, "next_text", None)').replace('for cell in', 'shell.set_next_input = lambda s, replace=False: setattr(shell, "next_text", s)\nfor cell in')
    p = subprocess.run([sys.executable, '-c', child], input=json.dumps(cells), capture_output=True, text=True)
    return json.loads(p.stderr.partition('FOUND')[2])

def test_three_earlier_cells_come_along(tmp_path, reader):
    write(tmp_path/'notes/sgd.ipynb', md('# SGD'), code('import math\nimport os'), md('## A slope'), code('def slope(x):\n    return math.cos(x)'), code('ran = "all"\nlr = .5'),
          md('## One step downhill'), code('w = 1.\nw -= lr*slope(w)'), md('## Later'), code('lr = 9'))
    ask = f'from fastdebug.utils import *\nhits = fastnbs("one step downhill", roots={str(tmp_path/"notes")!r})'
    text, ran = after(ask, 'fastinsert()')
    assert ran is None and text==code_of(fastnbs('one step downhill', roots=tmp_path/'notes')[0].section)
    assert text.split('\n')[1:]==['import math', 'def slope(x):', '    return math.cos(x)', 'lr = 0.5', '', 'w = 1.', 'w -= lr*slope(w)']
    here = {}
    exec(text, here)
    assert 0<here['w']<1 and 'os' not in here

def test_the_second_hit_is_meant_by_its_number(tmp_path, reader):
    for o in 'ab': (tmp_path/f'{o}.md').write_text(f'# Quokka {o}\n\n```python\n{o} = 1\n```\n', encoding='utf-8')
    ask = f'from fastdebug.utils import *\nhits = fastnbs("quokka", roots={str(tmp_path)!r})'
    assert after(ask, 'fastinsert(2)')[0].endswith('\n\nb = 1') and after(ask, 'hits[0].insert()')[0].endswith('\n\na = 1')

def test_what_is_missing_is_named(tmp_path, reader):
    write(tmp_path/'a.ipynb', md('# Quokka'), code('%matplotlib inline\n!rm -rf x\nfrom os.path import *'), md('## Feed the quokka'), code('feed(quokka, leaves)'))
    text = code_of(fastnbs('feed the quokka', roots=tmp_path)[0].section)
    assert '# Not found there, though it may be needed: feed, leaves, quokka' in text and 'from os.path import *' in text and 'rm -rf' not in text

def test_a_hostile_note_runs_nothing_and_hides_nothing(tmp_path, reader):
    ran  = f'open({str(tmp_path/"ran")!r}, "w")'
    deep = '('*300 + ran + ')'*300
    bad  = [f'import sys; {ran}', f'{ran}\nquokka = 1', f'@{ran}\ndef quokka(x={ran}): pass', f'%%python\n{ran}', f'!{ran}', deep, f'x = 1 # \u202e \x1b]0;owned\x07', 'quokka(' + 'x+'*5000 + 'x)', 'def quokka(:', '\0']
    for i,o in enumerate(bad): write(tmp_path/f'notes/{i}.ipynb', md('# Above'), code(o), md(f'## Quokka {i} "\\n{ran}'), code(f'quokka\n{o}'))
    hits = fastnbs('quokka', k=20, roots=tmp_path/'notes')
    assert len(hits)>=len(bad)
    for h in hits:
        if not h.section.code: continue
        text = code_of(h.section)
        assert not {'\u202e', '\x1b', '\x07', '\0'} & {*text, *h.copy()}
        assert text.startswith('# From ') and (tmp_path/'ran').exists() is False

# ---- what `copy` gives, and hits without code

SECTIONS = {'prose alone': '## Quokka\n\nIt smiles.\n', 'code alone': '## Quokka\n\n```python\nsmile = 1\n```\n', 'both': '## Quokka\n\nIt smiles.\n\n```python\nsmile = 1\n```\n\nOften.\n',
            'a table': '## Quokka\n\n| a | b |\n|---|---|\n| 1 | 2 |\n', 'a formula': '## Quokka\n\n$$\nq = 2\n$$\n', 'a link': '## Quokka\n\nSee [there](https://example.org).\n', 'another language': '## Quokka\n\n```bash\nls\n```\n',
            'a list': '## Quokka\n\n- one\n\t- two\n'}

@pytest.mark.parametrize('kind', SECTIONS)
def test_copy_gives_the_text_of_the_section(tmp_path, reader, kind):
    (tmp_path/'a.md').write_text(f'# Animals\n\n{SECTIONS[kind]}\n## Another\n\nkoala\n', encoding='utf-8')
    assert fastnbs('quokka', roots=tmp_path)[0].copy().strip()==SECTIONS[kind].strip()

def outputs_of(tmp_path, *cells):
    "What a real kernel shows below each cell"
    import nbformat
    from nbclient import NotebookClient
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(o) for o in cells], metadata={'kernelspec':{'name':'python3', 'display_name':'Python 3', 'language':'python'}})
    NotebookClient(nb, timeout=600, allow_errors=True, resources={'metadata':{'path':str(tmp_path)}}).execute()
    return [c.outputs for c in nb.cells]

def test_a_hit_without_code_is_said_in_a_line_and_a_failed_cell_is_shown_once(tmp_path, reader):
    (tmp_path/'a.md').write_text('# Animals\n\n## Quokka\n\nIt smiles.\n', encoding='utf-8')
    cells = ['%load_ext fastdebug\nfrom fastdebug.utils import *', f'hits = fastnbs("quokka", roots={str(tmp_path)!r})\nhits[0].insert()', 'fastinsert()', f'%%fastnbs --roots "{tmp_path}"\nint("quokka")',
             '%%fastnbs\nquokka(', '%%fastnbs\n{}["quokka"]', '%%fastnbs\nraise RuntimeError("quokka")', '%%fastnbs\nx = 1', 'fastnbs("x", roots="nowhere")', '1/0']
    shown = outputs_of(tmp_path, *cells)
    errors = [[o for o in out if o.output_type=='error'] for out in shown]
    for out in (errors[1], errors[2], errors[8]):
        assert [len(o.traceback) for o in out]==[1] and len(out[0].traceback[0].splitlines())==1, errors
    assert 'holds no code' in errors[1][0].traceback[0]
    assert [[o.ename for o in out] for out in errors[3:8]]==[['ValueError'], ['SyntaxError'], ['KeyError'], ['RuntimeError'], []]
    assert all('Traceback' in ''.join(o.traceback) or o.ename=='SyntaxError' for out in errors[3:8] for o in out)
    assert all(any('fastdebug' in o.metadata for o in out if o.output_type=='display_data') for out in shown[3:7])
    assert [o.ename for o in errors[9]]==['ZeroDivisionError'] and len(errors[9][0].traceback)>1 # shown as ever

def test_what_only_asks_is_not_copied(tmp_path, reader):
    asks = ['fastnbs("quokka")', '%fastnotes quokka', 'hits = fastnbs("quokka")\nprint(hits[0].copy())', 'fastpractice("0001")', 'from fastdebug.utils import *\nfastlistnbs()', 'fastinsert()', 'fastbox()', 'fastnbs("quokka")[0].insert()']
    for i,o in enumerate(asks): write(tmp_path/f'n{i}.ipynb', md('# Above'), code(f'smile = {i}\nhits = 0'), code(o), md(f'## Quokka of day {i}\n\nIt smiles.'), code(o), code('print(smile, hits)'))
    for h in fastnbs('quokka of day', k=20, roots=tmp_path):
        if not h.section.heading.startswith('Quokka'): continue
        text = code_of(h.section)
        assert 'print(smile, hits)' in text and 'hits = 0' in text and 'fast' not in text, text

def test_options_of_a_directive_are_no_code(tmp_path):
    "Neither shown, nor copied into a cell, as of MyST"
    (tmp_path/'a.md').write_text('# Quokkas\n\n```{code-cell} ipython3\n---\nslideshow: fragment\n---\nquokka = 1\n```\n\n```{code} python\n:tags: [hide]\n\nquokka += 1\n```\n')
    hit = fastnbs('quokka', roots=str(tmp_path))[0]
    assert [l for l in hit.section.code.splitlines() if l]==['quokka = 1', 'quokka += 1'], hit.section.code
