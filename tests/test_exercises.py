"Every lesson's exercises: unfilled they wait, their solution passes, and planted mistakes are named in a learner's words"
import ast,contextlib,io,json,re
from pathlib import Path
import pytest

pytestmark = pytest.mark.learn
ROOT = Path(__file__).resolve().parent.parent
LESSONS = sorted((ROOT/'nbs/lessons').glob('0*.ipynb'))
PLANTED = json.loads((ROOT/'tests/data/exercises.json').read_text(encoding='utf-8'))

def exercise_cells(path):
    "The cells below the heading Exercises"
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    first = next((i for i,c in enumerate(cells) if ''.join(c['source']).startswith('## Exercises')), len(cells))
    return cells[first:]

WITH = [p for p in LESSONS if exercise_cells(p)]
NAMED = {p.stem[:4]:p for p in WITH}

def source(cell): return ''.join(cell['source'])
def code(cells): return [source(c) for c in cells if c['cell_type']=='code']
def to_complete(cells): return {re.match(r'def (\w+)', o)[1]:o for o in code(cells) if re.match(r'def \w+\(.*\): \.\.\.', o)}
def solutions(cells):
    fences = [re.search(r'<summary>Solution</summary>\n\n```python\n(.*?)\n```', source(c), re.S)[1] for c in cells if '### Exercise' in source(c)]
    return {re.match(r'def (\w+)', o)[1]:o for o in fences}

def run(cells, name='', filled=''):
    "What the cells print, with the cell that defines `name` completed by `filled`"
    out, ns = io.StringIO(), {'__name__':'__main__'}
    for o in code(cells):
        if name and o.startswith(f'def {name}('): o = re.sub(r'^def .*: \.\.\.$', lambda m: filled, o, count=1, flags=re.M)
        with contextlib.redirect_stdout(out): exec(compile(o, name or 'unfilled', 'exec'), ns)
    return out.getvalue().splitlines()

def planted(): return [pytest.param(n, f, *m, id=f'{n}-{f}-{i}') for n,fs in PLANTED.items() for f,ms in fs.items() for i,m in enumerate(ms)]

@pytest.mark.parametrize('path', WITH, ids=lambda p: p.stem[:4])
def test_three_exercises_with_hint_and_solution_that_no_search_ranks(path):
    cells = exercise_cells(path)
    asked = [source(c) for c in cells if '### Exercise' in source(c)]
    assert len(asked)==3 and all('<summary>Hint</summary>' in o and '<summary>Solution</summary>' in o for o in asked)
    assert all('nosearch' in c['metadata'].get('tags', ()) for c in cells)
    assert list(to_complete(cells))==list(solutions(cells))==list(PLANTED[path.stem[:4]])

@pytest.mark.parametrize('path', WITH, ids=lambda p: p.stem[:4])
def test_unfilled_it_is_your_turn_and_filled_it_is_right(path):
    cells = exercise_cells(path)
    assert run(cells)==[f'your turn: complete {o}' for o in to_complete(cells)]
    for name,filled in solutions(cells).items(): assert [o for o in run(cells, name, filled) if 'your turn' not in o]==['right'], name

@pytest.mark.parametrize('lesson,name,old,new,says', planted())
def test_a_planted_mistake_is_named(lesson, name, old, new, says):
    cells = exercise_cells(NAMED[lesson])
    filled = solutions(cells)[name]
    assert old in filled, (old, filled)
    said = [o for o in run(cells, name, filled.replace(old, new)) if 'your turn' not in o]
    assert said[0].startswith('not yet: ') and says in said[0], said

def test_two_mistakes_are_planted_in_each():
    assert set(PLANTED)==set(NAMED)
    assert all(len(ms)>=2 for fs in PLANTED.values() for ms in fs.values())

def test_every_lesson_has_them(): assert WITH==LESSONS and len(LESSONS)>=34
