"The code of a hit as the next cell: all that it needs comes along, what is missing is named, and nothing runs before a person runs it"
import json, subprocess, sys
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
    assert ran is None and text==fastnbs('one step downhill', roots=tmp_path/'notes')[0].copy()
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
    text = fastnbs('feed the quokka', roots=tmp_path)[0].copy()
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
        text = h.copy()
        assert not {'\u202e', '\x1b', '\x07', '\0'} & {*text}
        assert text.startswith('# From ') and (tmp_path/'ran').exists() is False
