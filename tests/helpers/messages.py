"""Every message a person can meet: how it comes about, and what it must say.

`CASES` is read twice: tests/test_messages.py provokes each and looks at it, and nbs/explanations/messages.ipynb lists them.
A message must hold the `value` that was wrong and the `way` out."""
import contextlib,errno,io,os,tarfile,tempfile,time
from dataclasses import dataclass
from pathlib import Path
from unittest import mock
from notebooks import code, md, write

@dataclass(frozen=True)
class Case:
    when:str         # in words: 'a folder that is not there'
    value:str        # what of the situation the message must repeat
    way:str          # what of the way out it must say
    provoke:object   # function of an empty folder, the current one: the message
    learn:bool=False # from the from-scratch examples?

CASES = []

def case(when, value, way, learn=False):
    def add(f):
        CASES.append(Case(when, value, way, f, learn))
        return f
    return add

def told(case):
    "What `case` says, folders that differ from run to run called ~/notes and ~/cache"
    here = os.getcwd()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as top, contextlib.ExitStack() as stack: # an index may still be closing
        home = Path(top).resolve()
        (home/'notes').mkdir()
        env = {'HOME':str(home), 'USERPROFILE':str(home), 'FASTDEBUG_CACHE':str(home/'cache'), 'JUPYTER_RUNTIME_DIR':str(home/'runtime'), 'FASTDEBUG_SETTINGS':str(home/'own.ini')}
        note(home/'own.ini', '[fastdebug]\nmeaning = no\n')
        stack.enter_context(mock.patch.dict(os.environ, env))
        for o in ('FASTDEBUG_ROOTS', 'JPY_SESSION_NAME', 'JPY_PARENT_PID'): os.environ.pop(o, None)
        os.chdir(home/'notes')
        try: return case.provoke(home/'notes').replace(str(home), '~')
        finally: os.chdir(here)

def write_bytes(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)

def error(f, *args, **kw):
    "The error that a call raises, as Python prints it"
    try: f(*args, **kw)
    except Exception as e: return f'{type(e).__name__}: {e}'
    raise AssertionError('no error was raised')

def last(answer): return repr(answer).split('\n')[-1]

# imported late, so that a test can pretend that something is missing
def fastnbs(*args, **kw):
    from fastdebug.utils import fastnbs
    return fastnbs(*args, **kw)

def note(path, text='# Quokka\n\nIt smiles.\n'):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding='utf-8')

# ---- called wrongly

@case('an argument that does not exist', "'root'", 'did you mean roots=')
def _(top): return error(fastnbs, 'quokka', root='.')

@case('no question, no error to ask for, and no notebook for a box', 'a search box needs a notebook', 'ask something, such as fastnbs("momentum")')
def _(top): return repr(fastnbs(roots='.'))

@case('no question to the lines of notes', "'question'", 'It takes question, n, k, roots')
def _(top):
    from fastdebug.utils import fastnotes
    return error(fastnotes)

@case('a question that is no text', '3', 'write it as text in quotes')
def _(top): return error(fastnbs, 3, roots='.')

@case('a place to look in that does not exist', "'title'", 'use any of heading, prose, code, output')
def _(top): return error(fastnbs, 'quokka', roots='.', where='title')

@case('no hits wanted', 'k=0', 'use a whole number of at least 1')
def _(top): return error(fastnbs, 'quokka', roots='.', k=0)

@case('a level that no heading has', 'level=7', 'use a whole number from 1 to 6')
def _(top):
    from fastdebug.utils import fastlistnbs
    return error(fastlistnbs, roots='.', level=7)

@case('limits that are a number', 'limits=9', 'use Limits(...)')
def _(top): return error(fastnbs, 'quokka', limits=9)

@case('a wrong option in a terminal', "'title'", "choose from")
def _(top):
    from fastdebug.cli import run_fastnbs
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.suppress(SystemExit), mock.patch.dict(os.environ, COLUMNS='200'): run_fastnbs(['quokka', '--where', 'title'])
    return said.getvalue().strip().split('\n')[-1]

@case('a hit that nothing can open', 'notes/a.md', 'start one, or set EDITOR')
def _(top):
    from fastdebug.cli import open_hit
    from fastdebug.utils import ask
    note(top/'a.md')
    with mock.patch.dict(os.environ, EDITOR='', VISUAL=''): return error(open_hit, ask('quokka', roots='.'), 1)

@case('a browser that does not open', 'http://localhost:1/lab', 'set BROWSER, or open the address yourself')
def _(top):
    from fastdebug.cli import _browse
    with mock.patch('webbrowser.open', return_value=False): return error(_browse, 'http://localhost:1/lab')

@case('a hit with more code than a cell should hold', 'holds more code', 'open its notebook')
def _(top):
    note(top/'a.md', '# Quokka\n\n```python\n'+'x = 1\n'*40_000+'```\n')
    return error(fastnbs('quokka', roots='.')[0].insert)

@case('a hit without code', 'holds no code', 'insert another hit')
def _(top):
    note(top/'a.md')
    return error(fastnbs('quokka', roots='.')[0].insert)

@case('no cell to insert into', 'no cell below', 'use hits[0].copy()')
def _(top):
    from fastdebug.insert import insert_section
    note(top/'a.md', '# Quokka\n\n```python\na = 1\n```\n')
    return error(insert_section, fastnbs('quokka', roots='.')[0].section, None)

@case('a hit that is not there', 'hits[3]: 1 hit found', 'counted from hits[0]')
def _(top):
    note(top/'a.md')
    return error(lambda: fastnbs('quokka', roots='.')[3])

@case('no answer to take a hit from', 'no answer', 'ask first, such as fastnbs("momentum")')
def _(top):
    from fastdebug.utils import fastinsert
    fastnbs('zzqqy', roots='.')
    return error(fastinsert)

@case('an assistant without notes', 'nothing to serve', 'fastdebug notes add FOLDER')
def _(top):
    from fastdebug.mcp import serve_roots
    return error(serve_roots)

@case('an assistant that asks for a section that is gone', "'a.md#gone'", 'search again')
def _(top):
    from fastdebug.config import find_config
    from fastdebug.mcp import read_by_id
    from fastdebug.search import Searcher
    note(top/'a.md')
    return error(read_by_id, Searcher(find_config('.')), 'a.md#gone')

@case('a server for assistants without its extra', 'needs more', 'install the mcp extra')
def _(top):
    from fastdebug.mcp import make_server
    with mock.patch.dict('sys.modules', {'mcp.server.mcpserver':None}): return error(make_server)

# ---- where to look

@case('a folder that is not there', "'nowhere'", 'pass roots=... with a path that exists')
def _(top): return error(fastnbs, 'quokka', roots='nowhere')

@case('a folder that may not be read', "'closed'", 'pass roots=... with a path that exists')
def _(top):
    with mock.patch('fastdebug.config.os.stat', side_effect=PermissionError(errno.EACCES, 'x')): return error(fastnbs, 'quokka', roots='closed')

@case('no place named', 'roots=[]', 'pass a folder, a file, or several')
def _(top): return error(fastnbs, 'quokka', roots=[])

@case('a place that is no path', 'roots=5', 'pass a folder, a file, or a list')
def _(top): return error(fastnbs, 'quokka', roots=5)

@case('FASTDEBUG_ROOTS leads nowhere', "'nowhere' (from FASTDEBUG_ROOTS)", 'pass roots=... with a path that exists')
def _(top):
    with mock.patch.dict(os.environ, FASTDEBUG_ROOTS='nowhere'): return last(fastnbs('quokka'))

@case('a process that may not grow', 'no more than 0 MB', 'raise its limit')
def _(top):
    note(top/'a.md')
    with mock.patch('resource.getrlimit', return_value=(1, 1)): return error(fastnbs, 'quokka', roots='.')

@case('settings that cannot be read', "notes/pyproject.toml'", 'mend what it says about fastdebug')
def _(top):
    note(top/'pyproject.toml', '[tool.fastdebug]\nroots = 5\n')
    return last(fastnbs('quokka'))

@case('settings that are larger than settings are', 'it is larger than 250,000 bytes', 'mend what it says about fastdebug')
def _(top):
    note(top/'pyproject.toml', '[tool.fastdebug]\n' + '#'*250_000)
    return last(fastnbs('quokka'))

@case('settings that are no text', 'it holds NUL, so it is no text', 'mend what it says about fastdebug')
def _(top):
    note(top/'pyproject.toml', '[tool.fastdebug]\n\0')
    return last(fastnbs('quokka'))

@case('settings with deep brackets', 'it is nested more than 60 deep', 'mend what it says about fastdebug')
def _(top):
    note(top/'pyproject.toml', f'[tool.fastdebug]\nroots = {"["*99}')
    return last(fastnbs('quokka'))

@case('settings with a name of a hundred parts', 'it has a name of more than fifty parts', 'mend what it says about fastdebug')
def _(top):
    note(top/'pyproject.toml', f'[tool.fastdebug]\n{".".join("a"*100)} = 1')
    return last(fastnbs('quokka'))

@case('settings of a project that name a place outside of it', 'lies outside of the project', 'pass roots=... or set FASTDEBUG_ROOTS')
def _(top):
    note(top/'settings.ini', '[fastdebug]\nroots = ..\n')
    return last(fastnbs('quokka'))

@case('a cache folder of another user', 'belongs to another user', 'set FASTDEBUG_CACHE to a folder of your own')
def _(top):
    from fastdebug import cli
    said = io.StringIO()
    refuse = mock.patch.object(cli, 'clear_cache', side_effect=PermissionError('~/cache belongs to another user'))
    with refuse, contextlib.redirect_stderr(said), contextlib.suppress(SystemExit): cli.main(['clear', '--all'])
    return said.getvalue()

@case('the current folder is gone', 'the current folder', 'pass roots=')
def _(top):
    (top/'gone').mkdir()
    os.chdir(top/'gone')
    (top/'gone').rmdir()
    return last(fastnbs('quokka'))

@case('the home folder, unasked', 'holds one notebook or note', "pass roots=")
def _(top):
    note(top.parent/'a.md')
    os.chdir(top.parent)
    return last(fastnbs('quokka'))

@case('too many files, unasked', 'more than 2 files', 'pass roots=')
def _(top):
    from fastdebug.config import find_config
    from fastdebug.sources import check_size
    for i in range(3): note(top/f'{i}.md')
    return error(check_size, find_config(), limit=2).replace('more than 2 files', 'more than 2 files') # 5,000 but in this test

@case('no notebook or note there', 'Here is no notebook or note', 'name a folder with roots="FOLDER"')
def _(top): return repr(fastnbs('gradient')).split('\n')[0]

@case('notes kept under a name of two words', "name='my course'", 'such as course')
def _(top):
    from fastdebug.utils import add_notes
    return error(add_notes, top, 'my course')

@case('notes kept under the name of the lessons', "name='lessons' is taken", 'use another')
def _(top):
    from fastdebug.utils import add_notes
    return error(add_notes, top, '@lessons')

@case('notes kept that are not there', "'nowhere'", 'name one that is there')
def _(top):
    from fastdebug.utils import add_notes
    return error(add_notes, 'nowhere')

@case('the home folder kept as notes', "'~' is too large to be searched always", 'name a folder in it, such as ~/notes')
def _(top):
    from fastdebug.utils import add_notes
    return error(add_notes, '~')

@case('notes removed that are not kept', "'@course' is not among your notes", 'known: ~/notes')
def _(top):
    from fastdebug.notes import add_notes, remove_notes
    add_notes(top)
    return error(remove_notes, '@course')

@case('own settings that cannot be written', "own.ini'", 'mend that file, or name another with FASTDEBUG_SETTINGS')
def _(top):
    from fastdebug.notes import add_notes
    with mock.patch('os.replace', side_effect=OSError(errno.EROFS, 'read-only file system')): return error(add_notes, top)

@case('a name that keeps no notes', '@curse', 'known: @course')
def _(top):
    from fastdebug.utils import add_notes
    note(top/'a.md')
    add_notes(top, 'course')
    return last(fastnbs('quokka in:@curse'))

# ---- files that are skipped: the last line of an answer

BAD = {'not valid JSON':('cut.ipynb', b'{"cells": [', 'save it again in Jupyter'), 'the JSON is no object':('list.ipynb', b'[]', 'rename it'), 'it has no cells':('other.ipynb', b'{}', 'rename it'),
    'nested too deeply':('deep.ipynb', b'['*100_000, 'clear its outputs'), 'empty file':('empty.md', b'', 'fill or remove it'), 'not UTF-8 (looks like Latin-1)':('latin.md', b'# \xe9', 'save it as UTF-8'),
    'not UTF-8 (looks like binary data)':('data.md', b'\x89PNG\0', 'save it as UTF-8'), 'not UTF-16':('wide.md', b'\xff\xfe\x00\xd8', 'save it as UTF-8'),
    'not UTF-8 (looks like UTF-16 without its mark)':('unmarked.md', '# A note'.encode('utf-16-le'), 'save it as UTF-8')}

def _skips(why, name, data, way):
    @case(f'a file that is skipped: {why}', name+': '+('not a notebook: ' if name in ('list.ipynb', 'other.ipynb') else '')+why, way)
    def _(top):
        note(top/'a.md')
        (top/name).write_bytes(data)
        return last(fastnbs('quokka', roots='.'))

for why,(name, data, way) in BAD.items(): _skips(why, name, data, way)

@case('a file that is skipped: no permission', 'closed.md: permission denied', 'make it readable for you')
def _(top):
    note(top/'closed.md')
    def refuse(path, *args, opener=os.open):
        if str(path).endswith('closed.md'): raise PermissionError(errno.EACCES, 'x')
        return opener(path, *args)
    with mock.patch('fastdebug.sources.os.open', refuse): return last(fastnbs('quokka', roots='.'))

@case('a file that is skipped: too large', 'huge.md: larger than 50 MB', 'clear its outputs')
def _(top):
    with open(top/'huge.md', 'wb') as f: f.truncate(50_000_001)
    return last(fastnbs('quokka', roots='.'))

@case('a file that grew too large while it was read', 'larger than 10 MB', 'clear its outputs')
def _(top):
    from fastdebug.results import advise
    from fastdebug.sources import read_bytes
    note(top/'a.md', 'x'*10_000_001)
    said = error(read_bytes, 'a.md', 10_000_000)
    return f'{said}, {advise(said.split(": ")[-1])}'

@case('a file that is skipped: a folder with such a name', 'folder.ipynb: a directory', 'remove it or name it in .gitignore')
def _(top):
    (top/'folder.ipynb').mkdir()
    return last(fastnbs('quokka', roots='.'))

@case('a file that is skipped: a pipe', 'pipe.ipynb: not a regular file', 'remove it or name it in .gitignore')
def _(top):
    os.mkfifo(top/'pipe.ipynb')
    return last(fastnbs('quokka', roots='.'))

@case('a file that became a pipe while it was read', 'not a regular file', 'remove it or name it in .gitignore')
def _(top):
    from fastdebug.results import advise
    from fastdebug.sources import read_bytes
    note(top/'a.md')
    with mock.patch('fastdebug.sources.os.fstat', return_value=os.stat(top)): said = error(read_bytes, 'a.md')
    return f'{said}, {advise(said.split(": ")[-1])}'

@case('a file in whose place a link was put while it was read', 'replaced while it was read', 'run the cell again')
def _(top):
    from fastdebug.results import advise
    from fastdebug.sources import read_bytes
    note(top/'b.md')
    os.symlink(top/'b.md', top/'a.md')
    said = error(read_bytes, str(top/'a.md'), inode=1)
    return f'{said}, {advise(said.split(": ")[-1])}'

@case('a file that became a folder while it was read', 'a directory', 'remove it or name it in .gitignore')
def _(top):
    from fastdebug.results import advise
    from fastdebug.sources import read_bytes
    (top/'a.md').mkdir()
    said = error(read_bytes, 'a.md')
    return f'{said}, {advise(said.split(": ")[-1])}'

@case('a link that leads nowhere', 'gone.ipynb: broken link', 'remove or mend the link')
def _(top):
    (top/'gone.ipynb').symlink_to('nowhere')
    return last(fastnbs('quokka', roots='.'))

@case('links in a circle', 'round.ipynb: links in a circle', 'remove it or name it in .gitignore')
def _(top):
    (top/'round.ipynb').symlink_to('round.ipynb')
    return last(fastnbs('quokka', roots='.'))

@case('a file that is no note, named', 'a.txt: not a notebook or note', 'rename it if it is something else')
def _(top):
    note(top/'a.txt')
    return last(fastnbs('quokka', roots='a.txt'))

# ---- answers that need a word

@case('nothing found', '"zzqqy"', 'The nearest headings')
def _(top):
    note(top/'a.md')
    return repr(fastnbs('zzqqy', roots='.'))

@case('a word that occurs nowhere', '"zzqqy" occurs nowhere', 'Searched 1')
def _(top):
    note(top/'a.md')
    return last(fastnbs('quokka zzqqy', roots='.'))

@case('a typo', 'instead of "quoka"', 'searched for "quokka"')
def _(top):
    note(top/'a.md')
    return last(fastnbs('quoka', roots='.'))

@case('conditions of a question that nothing answers', '-smiles', 'These conditions had to hold')
def _(top):
    note(top/'a.md')
    return repr(fastnbs('walrus in:code -smiles', roots='.'))

@case('a condition that nothing meets', 'nothing fits -smile', 'this was left out of the question')
def _(top):
    note(top/'a.md')
    return last(fastnbs('quokka -smiles', roots='.'))

@case('a place after in: that does not exist', '"in:title" was taken literally', 'in: knows heading, prose, code, output')
def _(top):
    note(top/'a.md')
    return last(fastnbs('quokka in:title', roots='.'))

@case('a day after since: that is none', '"since:yesterday" was taken literally', 'since: knows days such as 2026-02-14')
def _(top):
    note(top/'a.md')
    return last(fastnbs('quokka since:yesterday', roots='.'))

@case('an empty question', 'Ask something', 'for example: fastnbs(')
def _(top):
    note(top/'a.md')
    return repr(fastnbs('', roots='.'))

@case('a long output', '60 more lines left out', '(limit 40)')
def _(top):
    write(top/'a.ipynb', md('# Quokka'), code('run()', {'output_type':'stream', 'name':'stdout', 'text':'row\n'*100}))
    return next(o for o in fastnbs('quokka', roots='.')._repr_markdown_().split('\n') if 'left out' in o)

@case('a long section', 'The rest of this section is left out', 'limit 500 characters')
def _(top):
    from fastdebug.render import Limits
    note(top/'a.md', '# Quokka\n\n'+'smile '*1000)
    return next(o for o in fastnbs('quokka', roots='.', limits=Limits(first=500))._repr_markdown_().split('\n') if 'left out' in o)

# ---- the index

@case('a cache folder that cannot be made', '~/file/fastdebug', 'set FASTDEBUG_CACHE')
def _(top):
    note(top/'a.md')
    (top.parent/'file').touch()
    with mock.patch.dict(os.environ, FASTDEBUG_CACHE=str(top.parent/'file/fastdebug')): return last(fastnbs('quokka', roots='.'))

@case('an index that cannot be written', 'No space left on device', 'set FASTDEBUG_CACHE to another')
def _(top):
    from fastdebug import library
    note(top/'a.md')
    def full(folder=None, real=library.Index):
        if folder: raise library.IndexUnusable('No space left on device')
        return real()
    with mock.patch('fastdebug.library.Index', full): return last(fastnbs('quokka', roots='.'))

@case('another process is writing the index', 'another process is writing the index', 'changed files were read for this answer only')
def _(top):
    from fastdebug.config import find_config
    from fastdebug.engine import open_writer
    from fastdebug.results import show_hits
    from fastdebug.search import Searcher
    note(top/'a.md')
    s = Searcher(find_config('.'))
    s.search('quokka')
    s.library.wait = 0
    note(top/'b.md')
    with open_writer(s.library.index): return last(show_hits(s.search('quokka')))

# ---- search by meaning: said below the answer of the words

def _meant(top, model='', **kw):
    "The last line of an answer for a person whose own settings name `model`"
    note(top/'a.md')
    note(top.parent/'own.ini', f'[fastdebug]\nmodel = {model}\n')
    return last(fastnbs('happy animal', **kw))

@case('search by meaning without its extra', 'search by meaning needs more', "pip install -e '.[meaning]'")
def _(top):
    with mock.patch('fastdebug.encoder.find_spec', return_value=None), mock.patch('fastdebug.model.find_model', return_value=True): return _meant(top, meaning=True)

@case('search by meaning without its model, and without a network', "'Xenova/all-MiniLM-L6-v2'", 'fastdebug fetch --from FILE_OR_FOLDER')
def _(top):
    with mock.patch('urllib.request.urlopen', mock.Mock(side_effect=OSError('Name or service not known'))): return _meant(top, meaning=True)

@case('search by meaning with a folder that holds no model', 'holds no sentence model', 'model.onnx (or model_quantized.onnx) and tokenizer.json')
def _(top):
    (top/'empty').mkdir()
    return _meant(top, './notes/empty')

@case('search by meaning with a model that has no revision', 'OWNER/NAME@REVISION', 'change it in your own settings')
def _(top): return _meant(top, 'ann/small')

def _fetch(top, name='', source=None):
    from fastdebug.model import fetch_model
    return error(fetch_model, name, str(top.parent/'cache'), source)

def _other_bytes(top, **kw):
    "What is said of a model whose network is something else than it was"
    from fastdebug.model import FILES, model_folder
    for f in FILES: write_bytes(model_folder('', str(top.parent/'cache'))/f.name, b'half of it')
    return _meant(top, **kw)

@case('search by meaning with a model of no known family', "'whatever'", '1_Pooling/config.json says mean or cls')
def _(top):
    for o in ('model.onnx', 'tokenizer.json'): note(top/'whatever'/o)
    return _meant(top, './notes/whatever')

@case('search by meaning with a model whose bytes changed', 'onnx/model_quantized.onnx', '`fastdebug fetch`')
def _(top): return _other_bytes(top)

@case('half a model is downloaded', '10 bytes', 'nothing was kept, try again')
def _(top):
    response = mock.MagicMock()
    response.__enter__.return_value = io.BytesIO(b'half of it')
    with mock.patch('urllib.request.urlopen', return_value=response): return _fetch(top)

@case('a model is to come from a file that is not there', "'nowhere.zip'", 'no file or folder')
def _(top): return _fetch(top, source='nowhere.zip')

@case('a model is to come from a folder that holds another', 'onnx/model_quantized.onnx', 'is it another model, or half a download?')
def _(top):
    note(top/'other/model.onnx')
    return _fetch(top, source=top/'other')

@case('another model than the usual one is to come from a file', 'only the usual model', 'name a folder as `model` in your own settings')
def _(top): return _fetch(top, 'ann/minilm@main', source=top)

@case('a model gives no numbers', "'broken'", 'words alone answer')
def _(top):
    from fastdebug.encoder import Encoder
    from fastdebug.model import Model, Way
    return error(Encoder(Model('broken', 'no.onnx', 'no.json', Way('mean'), 'k')).encode_question, 'x')

@case('a model from a zip that is damaged', "a.zip' can not be read", 'fetch it anew, or unpack it and name the folder')
def _(top):
    write_bytes(top/'a.zip', b'PK\5\6'+b'\xff'*18)
    return _fetch(top, source=top/'a.zip')

@case('words and meaning are compared without a model', "'ann/minilm@main' is not here", '`fastdebug fetch`')
def _(top):
    from fastdebug.eval import compare_ways
    note(top/'a.md', '# Happy animals\n\nA quokka smiles.')
    return error(compare_ways, [top], models=['ann/minilm@main'])

@case('personal settings that name a list of notes without a folder', 'notes = @course', 'mend or remove that file')
def _(top):
    note(top/'a.md')
    note(top.parent/'own.ini', '[fastdebug]\nnotes = @course\n')
    return last(fastnbs('quokka'))

@case('a folder for your notes that no line of settings can hold', 'read otherwise', 'name another with FASTDEBUG_SETTINGS')
def _(top):
    from fastdebug.notes import add_notes
    (top/'a ').mkdir()
    return error(add_notes, top/'a ')

@case('personal settings that say something else than yes or no', 'neither yes nor no', 'mend or remove that file')
def _(top):
    note(top/'a.md')
    note(top.parent/'own.ini', '[fastdebug]\nmeaning = perhaps\n')
    return last(fastnbs('quokka'))

# ---- making the pages of the project

@case('a tool for making pages is missing', 'no_such_tool is missing', "pip install -e '.[dev]'")
def _(top):
    from fastdebug import mds
    return error(mds._need, 'no_such_tool')

@case('pages outside of a project', 'no folder with settings.ini and nbs', 'pass root=')
def _(top):
    from fastdebug.mds import find_root
    return error(find_root)

@case("another project's pages", 'is another project', 'pass root=')
def _(top):
    from fastdebug.mds import find_root
    note(top/'settings.ini', '[DEFAULT]\nlib_name = other\n')
    (top/'nbs').mkdir()
    return error(find_root)

@case('pages that would be written through a link', "'mds' is a link", 'remove it')
def _(top):
    from fastdebug.mds import build_mds
    write(top/'nbs/a.ipynb', md('# A'))
    note(top/'settings.ini', '')
    (top/'mds').symlink_to(top.parent, target_is_directory=True)
    return error(build_mds, top)

# ---- measuring

@case('measuring without its extra', 'evaluate needs', 'install the eval extra')
def _(top):
    from fastdebug import eval as ev
    with mock.patch.object(ev, 'find_spec', return_value=None): return error(ev.evaluate, '.')

def _asked(top, line):
    "What reading a file of one question says"
    from fastdebug.eval import read_questions
    from commonmark import parsed
    note(top/'a.md')
    note(top/'questions.jsonl', line)
    return error(read_questions, 'questions.jsonl', list(parsed(top/'a.md').sections))

@case('a file of questions with something else in it', "'hello'", 'questions.jsonl, line 1: expected a JSON object with q and file')
def _(top): return _asked(top, 'hello')

@case('a question about a file that is not searched', "line 1: 'b.md'", 'search its folder')
def _(top): return _asked(top, '{"q": "quokka", "file": "b.md"}')

@case('a question about a heading that is not there', "line 1: 'a.md' has no heading 'Wombat'", "it has 'Quokka'")
def _(top): return _asked(top, '{"q": "quokka", "file": "a.md", "heading": "Wombat"}')

@case('nothing to measure', 'no questions', 'give a file with questions=')
def _(top):
    from fastdebug.eval import evaluate
    note(top/'a.md')
    return error(evaluate, '.')

@case('a file that is no report', 'a.md', 'is not a report that save_report wrote')
def _(top):
    from fastdebug.eval import load_report
    note(top/'a.md')
    return error(load_report, 'a.md')

@case('reports of different questions', 'no question in common', 'same notes, questions and seed')
def _(top):
    from fastdebug.eval import Report, compare_reports
    return error(compare_reports, Report('', ()), Report('', ()))

# ---- learning from scratch

def _learn(when, value, way):
    return case(when, value, way, learn=True)

@_learn('the learn extra is missing', 'needs no_such_module', 'install the learn extra')
def _(top):
    from fastdebug.learn.core import need_learn
    return error(need_learn, 'no_such_module')

@_learn('a seed that is no number', "'one'", 'must be a whole number or a torch.Generator')
def _(top):
    from fastdebug.learn.core import seeded
    return error(seeded, 'one')

@_learn('a learning rate below 0', '-1', 'must be a number above 0')
def _(top):
    from fastdebug.learn.core import check_positive
    return error(check_positive, -1)

@_learn('no steps', '0', 'a whole number of at least 1')
def _(top):
    from fastdebug.learn.core import check_count
    return error(check_count, 0)

def _zeros(*shape):
    import torch
    return torch.zeros(shape)

@_learn('predictions and targets of different shape', '(3, 1)', 'give both the same shape')
def _(top):
    from fastdebug.learn.core import check_same_shape
    return error(check_same_shape, _zeros(3), _zeros(3, 1))

@_learn('weights that do not fit the inputs', '(5,)', 'its first size must be 2')
def _(top):
    from fastdebug.learn.core import check_product
    return error(check_product, _zeros(3, 2), _zeros(5))

@_learn('targets that are no classes', '[2.0]', 'targets must be 0 or 1')
def _(top):
    from fastdebug.learn.core import check_binary
    return error(check_binary, _zeros(3)+2)

@_learn('no batches', 'list has no batches', 'expected at least one row')
def _(top):
    from fastdebug.learn.core import check_batches
    return error(check_batches, [])

@_learn('a folder without images', "'empty'", 'expected a folder such as train/3')
def _(top):
    from fastdebug.learn.digits import read_images
    (top/'empty').mkdir()
    return error(read_images, 'empty')

@_learn('images of an odd shape', '(1, 1, 2, 2)', 'expected (n, height, width)')
def _(top):
    from fastdebug.learn.digits import show_images
    return error(show_images, _zeros(1, 1, 2, 2))

@_learn('images of two sizes', '(2, 3, 3)', 'must be the same')
def _(top):
    from fastdebug.learn.mnist import mnist_distance
    return error(mnist_distance, _zeros(2, 2, 2), _zeros(2, 3, 3))

@_learn('a class without images', '0 threes', 'at least one of each')
def _(top):
    from fastdebug.learn.mnist import make_dataset
    return error(make_dataset, _zeros(0, 2, 2), _zeros(1, 2, 2))

@_learn('nothing to optimise', 'no parameters', 'at least one tensor')
def _(top):
    from fastdebug.learn.sgd import SGD
    return error(SGD, [], .1)

@_learn('a momentum of 1', 'momentum=1', 'expected 0 <= momentum < 1')
def _(top):
    from fastdebug.learn.sgd import SGD
    return error(SGD, [_zeros(1)], .1, momentum=1)

@_learn('a negative weight decay', 'wd=-1', 'expected 0 or more')
def _(top):
    from fastdebug.learn.sgd import SGD
    return error(SGD, [_zeros(1)], .1, wd=-1)

@_learn('inputs and targets of different length', '3 inputs, 2 targets', 'expected as many of each')
def _(top):
    from fastdebug.learn.sgd import minibatches
    return error(lambda: next(minibatches(_zeros(3), _zeros(2), 1)))

@_learn('a loss surface of three parameters', '(4, 3)', 'expected (n, 2)')
def _(top):
    from fastdebug.learn.sgd import loss_surface
    return error(loss_surface, _zeros(4, 3), _zeros(4))

@_learn('a slider that is not there', "'d'", 'there are a, b, c')
def _(top):
    import matplotlib
    matplotlib.use('agg')
    from fastdebug.learn.quadratic import fit_sliders
    from fastdebug.learn.quadratic import mk_quad
    with contextlib.redirect_stdout(io.StringIO()): return error(fit_sliders(mk_quad, _zeros(3), _zeros(3)+1, a=1, b=1, c=1).move, d=1)

@_learn('a gradient that is kept twice', 'got 2', 'must be from 0')
def _(top):
    from fastdebug.learn.quadratic import _check_fit
    return error(_check_fit, _zeros(3), _zeros(3), .1, 1, 2)

@_learn('inputs that are all the same', '(3,)', 'expected finite values that are not all the same')
def _(top):
    from fastdebug.learn.quadratic import standardize
    return error(standardize, _zeros(3))

@_learn('a function that is not finite', 'f gives inf at x=0', 'choose lo and hi')
def _(top):
    from fastdebug.learn.quadratic import _measure
    return error(_measure, lambda x: 1/x, _zeros(1))

@_learn('a data set that does not exist', "'NOPE'", "a name in fastai's URLs")
def _(top):
    from fastdebug.learn.lessons import find_data
    return error(find_data, 'NOPE')

@_learn('a data set that does not come along', 'IMDB_SAMPLE', 'full=True')
def _(top):
    from fastdebug.learn.lessons import find_data
    return error(find_data, 'IMDB_SAMPLE')

@_learn('a data set without a clone', 'PETS', 'run this from a clone')
def _(top):
    from fastdebug.learn import lessons
    with mock.patch.object(lessons, 'lessons_folder', lambda: top): return error(lessons.find_data, 'PETS')

@_learn('a data set that was changed', 'oxford-iiit-pet.tgz', 'git checkout')
def _(top):
    from fastdebug.learn import lessons
    write_bytes(top/'data/oxford-iiit-pet.tgz', b'not what it was')
    with mock.patch.object(lessons, 'lessons_folder', lambda: top): return error(lessons.find_data, 'PETS')

@_learn('a data set without room to unpack it', 'titanic', 'let FASTDEBUG_CACHE name another folder')
def _(top):
    from fastdebug.learn.lessons import find_data
    write_bytes(top/'full', b'')
    with mock.patch.dict(os.environ, FASTDEBUG_CACHE=str(top/'full')): return error(find_data, 'titanic')

@_learn('an archive that leads out of its folder', "'../evil.txt'", 'leads out of its folder')
def _(top):
    from fastdebug.learn.lessons import unpack
    with io.BytesIO() as f:
        with tarfile.open(fileobj=f, mode='w:gz') as tar: tar.addfile(tarfile.TarInfo('../evil.txt'))
        return error(unpack, f.getvalue(), top)

@_learn('a whole data set without a network', 'PETS', 'connect to the network')
def _(top):
    from fastdebug.learn import lessons
    with mock.patch.object(lessons, 'is_here', return_value=False), mock.patch.object(lessons, 'answers', return_value=False): return error(lessons.find_data, 'PETS', full=True)

@_learn('a data set that one must fetch oneself', 'train.csv', 'put it into the folder')
def _(top):
    from fastdebug.learn import lessons
    with mock.patch.dict(lessons.BY_HAND, {'none such': lessons.BY_HAND['titanic']}): return error(lessons._by_hand, 'none such')

@_learn('an exercise without a case', 'no cases', 'expected at least one')
def _(top):
    from fastdebug.learn.exercises import check
    return error(check, len)

@case('a practice notebook where nothing may be written', '0001-practice.ipynb', 'go to a folder of your own')
def _(top):
    from fastdebug.practice import _write_new
    return error(_write_new, '{}', top/'gone', '0001')

@case('a practice notebook of one in an older format', 'old.ipynb', 'open it in Jupyter and save it once')
def _(top):
    from fastdebug.practice import make_practice
    note(top/'old.ipynb', '{"nbformat": 3, "metadata": {}, "worksheets": [{"cells": []}]}')
    return error(make_practice, 'old.ipynb')

# ---- a hub

def hub_error(f, *args, **kw):
    "The error of a call that asks no network"
    from fastdebug import hub
    hub._bounded.cache_clear()
    try: return error(f, *args, **kw)
    finally: hub._bounded.cache_clear()

@case('an address of a hub without an index', 'https://search.example.org', 'write it like https://search.example.org/team-notes')
def _(top): return error(fastnbs, 'quokka', roots='https://search.example.org')

@case('an address of a hub that is none', "'https://search.example.org:port/notes'", 'write it like https://search.example.org/team-notes')
def _(top): return error(fastnbs, 'quokka', roots='https://search.example.org:port/notes')

@case('an address of a hub that others could read along', 'http://search.example.org/notes', 'use https')
def _(top): return error(fastnbs, 'quokka', roots='http://search.example.org/notes')

@case('an address of a hub with a password in it', 'name or password', 'put them into FASTDEBUG_HUB_AUTH or .netrc')
def _(top): return error(fastnbs, 'quokka', roots='https://mary:horse@search.example.org/notes')

@case('an address of a hub that ends in a number', 'https://search.example.org/notes-2', 'write it like https://search.example.org/team-notes')
def _(top): return error(fastnbs, 'quokka', roots='https://search.example.org/notes-2')

@case('two hubs at once', 'names 2 hubs', 'pass one of them')
def _(top): return error(fastnbs, 'quokka', roots=['https://search.example.org/a', 'https://search.example.org/b'])

@case('a hub without its extra', 'a hub needs more', "pip install -e '.[hub]'")
def _(top):
    import sys
    with mock.patch.dict(sys.modules, {'opensearchpy':None}): return hub_error(fastnbs, 'quokka', roots='https://search.example.org/notes')

@case('a hub that nobody can reach', 'http://127.0.0.1:9', "can't be reached")
def _(top): return error(fastnbs, 'quokka', roots='http://127.0.0.1:9/notes')

@case('an authority that is no file', "'/nowhere/ca.pem'", 'name the certificate of an authority')
def _(top):
    with mock.patch.dict(os.environ, FASTDEBUG_HUB_CA='/nowhere/ca.pem'): return error(fastnbs, 'quokka', roots='https://search.example.org/notes')

@case('an authority that is no certificate', 'FASTDEBUG_HUB_CA', 'name that of an authority')
def _(top):
    note(top/'ca.pem')
    with mock.patch.dict(os.environ, FASTDEBUG_HUB_CA=str(top/'ca.pem')): return error(fastnbs, 'quokka', roots='https://search.example.org/notes')

@case('a login that is none', 'FASTDEBUG_HUB_AUTH', 'set it anew')
def _(top):
    from fastdebug.address import find_login, parse_address
    with mock.patch.dict(os.environ, FASTDEBUG_HUB_AUTH='m\xe4ry:horse'): return error(find_login, parse_address('https://search.example.org/notes'), True)

@case('a .netrc that is none', '.netrc', 'mend it, or use FASTDEBUG_HUB_AUTH')
def _(top):
    note(top.parent/'.netrc', 'machine search.example.org horse\n')
    return error(fastnbs, 'quokka', roots='https://search.example.org/notes')

def asked(answer):
    "A hub whose searches all answer `answer`"
    from fastdebug.address import parse_address
    from fastdebug.hub import Hub
    hub = Hub(parse_address('http://127.0.0.1:9/notes'))
    hub.ask = lambda work, ignore=(): answer
    return hub

@case('a hub of another version', '0.1', 'use the same')
def _(top):
    from fastdebug.hub import _sum_up
    return error(_sum_up, [{'hits':{'hits':[{'_source':{'format':'0.1', 'at':1}}]}}, None, None])

@case('a hub of another version, to be filled', '0.1', 'make it anew with --rebuild')
def _(top):
    found = {'_shards':{'failed':0}, 'hits':{'hits':[{'_source':{'format':'0.1'}}]}}
    return error(asked({'responses':[found]}).check_format)

@case('a server that is no OpenSearch', 'Elasticsearch 8.1', 'a hub needs OpenSearch 2 or 3')
def _(top): return error(asked({'version':{'number':'8.1'}}).check_engine)

def crawl(top, **how):
    from fastdebug.crawl import Crawler
    with mock.patch('fastdebug.crawl.Hub', return_value=asked(None)): return error(Crawler, 'http://127.0.0.1:9/notes', [top], **how)

@case('a crawl that does not say who may read', 'say who may read it', '--rights FILE, or --public')
def _(top): return crawl(top)

@case('a crawl with and without rights', 'either --rights or --public', 'not both')
def _(top): return crawl(top, rights='rights', public=True)

@case('rights that nobody would enforce', 'has no security plugin', 'use --public, or install it')
def _(top): return crawl(top, rights='rights')

def anew(**said):
    "A crawler that makes a hub anew, of which this is known"
    from types import SimpleNamespace as fake
    hub = fake(find_roots=lambda: set(), written_at=lambda n: time.time(), count_files=lambda *index: 9, index='notes')
    return fake(named={'notes':'/srv/notes'}, before=1, grace=900, prune=False, hub=fake(**{**vars(hub), **said}), _lacks=lambda scan: '4 of 9 files are gone at once')

@case('a hub made anew without one of its folders', 'papers would be lost by --rebuild', 'name all the folders')
def _(top):
    from fastdebug.crawl import Crawler
    return error(Crawler._begin_anew, anew(find_roots=lambda: {'papers'}), None, {})

@case('a hub that two make anew', 'by somebody else', 'try again later')
def _(top):
    from fastdebug.crawl import Crawler
    return error(Crawler._begin_anew, anew(), None, {})

@case('a hub made anew while a disk is not there', '4 of 9 files', '--prune shows the new one all the same')
def _(top):
    from fastdebug.crawl import Crawler
    return error(Crawler._show, anew(), None)

@case('rights among what is crawled', 'lies in what is crawled', 'keep the rights outside of it')
def _(top):
    from fastdebug.crawl import read_rights
    return error(read_rights, str(top/'rights'), [str(top)])

@case('rights that are not there', 'rights', 'mend it or name another')
def _(top):
    from fastdebug.crawl import read_rights
    return error(read_rights, 'rights', [str(top/'notes')])

def rights(line):
    from fastdebug.crawl import parse_rights
    return error(parse_rights, line)

@case('rights for somebody unknown', "'everybody'", 'write public, u:NAME or g:GROUP')
def _(top): return rights('lectures everybody')

@case('rights for nobody', "'lectures'", 'write who may read it behind the pattern')
def _(top): return rights('lectures')

@case('rights for a name with a quote in it', 'x"', 'rename it without quotes and backslashes')
def _(top): return rights("lectures 'g:x\"'")

@case('rights with a quote that does not end', '\'"lectures public\'', 'mend that line')
def _(top): return rights('"lectures public')

@case('a file to be crawled', 'a.md is no folder', 'crawl the folder it stands in')
def _(top):
    from fastdebug.crawl import name_roots
    note(top/'a.md')
    return error(name_roots, [str(top/'a.md')])

@case('two folders of one name to be crawled', 'two folders are called notes', 'crawl the folder above them')
def _(top):
    from fastdebug.crawl import name_roots
    for o in 'ab': note(top/o/'notes'/'a.md')
    return error(name_roots, [str(top/o/'notes') for o in 'ab'])

@case('an address form that opens no file', "'https://jupyter.example.org/'", 'write it like')
def _(top):
    from fastdebug.crawl import check_form
    return error(check_form, 'https://jupyter.example.org/')

@case('a hit of a hub that opens nowhere', 'hub://team-notes/a.md', 'the section is in the answer')
def _(top):
    from fastdebug.cli import _browse_hub
    return error(_browse_hub, {'file':'hub://team-notes/a.md', 'links':[]})

@case('a hub whose sections are broken', 'https://search.example.org/notes', 'ask its administrator')
def _(top):
    from fastdebug.config import find_config
    from fastdebug.core import IndexUnusable
    from fastdebug.search import Searcher
    def broken(look): raise IndexUnusable('broken')
    searcher = Searcher(find_config('https://search.example.org/notes'))
    searcher.join_hub = lambda look: look._replace(trouble='')
    return error(searcher._answer_with_hub, broken, searcher.look())
