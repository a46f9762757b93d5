"Every message says what was wrong, with the value, and what to do; and every error the package can raise has a case"
import ast,functools,re
from pathlib import Path
import pytest
import fastdebug
from messages import CASES, told

PACKAGE = Path(fastdebug.__file__).parent

message = functools.cache(told)

def heavy(case): return case.learn or case.when.startswith('search by meaning') # it needs torch
def marks(case): return pytest.mark.learn if heavy(case) else ()

@pytest.mark.parametrize('case', [pytest.param(c, marks=marks(c), id=c.when) for c in CASES])
def test_a_message_says_what_was_wrong_and_what_to_do(case):
    said = message(case)
    assert case.value in said and case.way in said, said
    assert 'Traceback' not in said and not re.search(r'/(?:tmp|home|root|Users)/', said)

def test_each_case_has_a_name_of_its_own(): assert len({c.when for c in CASES})==len(CASES)

# ---- every raise has a case

# caught by ours, and told in another way: whatever goes wrong in the index makes it anew, or keeps it in memory
INTERNAL = {('engine', 'IndexUnusable'), ('engine', 'IndexLocked'), ('manifest', 'ValueError'), ('folder', 'PermissionError'), ('images', 'ValueError'), ('reader', 'ValueError'), ('meaning', 'FileNotFoundError'),
            ('hub', 'TransportError'), ('hub', 'ValueError'), ('hub_reader', 'KeyError'), ('hub_reader', 'ValueError'),
            ('magics', 'UsageError')} # of these the words are another error's, in one line

def wordings(node):
    "Alternatives of the literal pieces that the message of an error is made of"
    if isinstance(node, ast.IfExp): return wordings(node.body)+wordings(node.orelse)
    if isinstance(node, ast.Constant): return [[node.value]] if isinstance(node.value, str) else [[]]
    if isinstance(node, ast.JoinedStr): return [[o.value for o in node.values if isinstance(o, ast.Constant)]]
    if isinstance(node, ast.BinOp): return [a+b for a in wordings(node.left) for b in wordings(node.right)]
    return [[]]

def raises():
    "(where, class, pieces) of each error the package raises by name"
    for path in sorted(PACKAGE.rglob('*.py')):
        for o in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            if not isinstance(o, ast.Raise) or not isinstance(o.exc, ast.Call): continue # `raise` and `raise error` hand on what another raised
            name = o.exc.func.id
            for pieces in wordings(o.exc.args[-1]) if o.exc.args else [[]]:
                if (path.stem, name) not in INTERNAL: yield f'{path.relative_to(PACKAGE.parent).as_posix()}:{o.lineno}', name, [p for p in pieces if p.strip()]

def says(message, name, pieces):
    "Could `message` be of an error with these literal pieces?"
    at = 0
    for p in pieces:
        if (at := message.find(p, at))<0: return False
        at += len(p)
    return bool(pieces)

WITHOUT_WORDS = {'ParseError':'permission denied', 'TypeError':'did you mean'} # what they say is put together elsewhere

@pytest.mark.parametrize('learn', [False, pytest.param(True, marks=pytest.mark.learn)], ids=['search', 'learn'])
def test_every_raise_has_a_case(learn):
    messages = [message(c) for c in CASES if learn or not heavy(c)]
    found = [o for o in raises() if o[0].startswith(('fastdebug/learn/', 'fastdebug/meaning', 'fastdebug/model', 'fastdebug/encoder'))==learn]
    assert len(found)>20 and (learn or all(any(o in m for m in messages) for o in WITHOUT_WORDS.values()))
    bare = [o for o in found if not o[2] and o[1] not in WITHOUT_WORDS]
    missing = [o for o in found if o[2] and not any(says(m, o[1], o[2]) for m in messages)]
    assert not bare and not missing, '\n'.join(map(str, [*bare, *missing]))

def test_no_message_is_a_warning_or_a_print():
    "What must be said stands in an answer or an error, where it is seen; only the commands print"
    for path in sorted(PACKAGE.glob('*.py')):
        calls = [o.func for o in ast.walk(ast.parse(path.read_text(encoding='utf-8'))) if isinstance(o, ast.Call)]
        assert not [f for f in calls if getattr(f, 'id', getattr(f, 'attr', ''))=='warn'], path.name
        assert path.stem=='cli' or not [f for f in calls if getattr(f, 'id', '')=='print'], path.name
