"What a stranger wrote is never run: not by Tab, not by an editor or a browser that opens it, not by being asked about"
import json, os, sys
from pathlib import Path
from types import ModuleType

import pytest

from fastdebug.cli import nbs_parser, open_hit
from fastdebug.config import find_config
from fastdebug.magics import complete, load_magics
from fastdebug.mcp import list_notes, read_by_id, search_notes
from fastdebug.practice import make_practice
from fastdebug.search import Searcher
from fastdebug.utils import ask, fastnbs

@pytest.fixture
def shell(monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell
    shell = InteractiveShell.instance()
    load_magics(shell)
    yield shell
    InteractiveShell.clear_instance()

@pytest.fixture
def notes(tmp_path, fresh_cache, reader, monkeypatch):
    home = tmp_path/'notes'
    home.mkdir()
    monkeypatch.chdir(home)
    return home

# by each of them, IPython ends a line; what stands behind may be a command
ENDS = ['\x0b', '\x0c', '\x1c', '\x1d', '\x1e', '\x85', '\u2028', '\u2029', '\n', '\r']

@pytest.mark.parametrize('end', ENDS)
def test_a_heading_that_tab_offers_runs_nothing(notes, shell, end):
    for i,name in enumerate(('a.md', f'How b{end}%touched.md')):
        try: (notes/name).write_text(f'# How do I{end}!touch ran{i}\n\nquokka\n\n<h2>How are{end}%run x</h2>\n\nHow to{end}!touch ran{i}\n===\n\nquokka\n', newline='')
        except OSError: continue # no such name here
    offers = [*complete('How', 'How', nbs_parser('*')), *complete('x nb:', 'nb:', nbs_parser('*'))]
    assert all(len(o.splitlines())==1 for o in offers), offers
    for o in offers: shell.run_cell(f'%fastnbs {o}')
    assert not [o for o in os.listdir(notes) if o.startswith('ran')]

@pytest.mark.parametrize('line', ['%fastnbs {X} $y `X`', '%fastnotes {X} $(X)', '%fastlistnbs {X}', 'hits = %fastnbs {X}', '%%fastnbs {X}\n1'])
def test_what_is_asked_with_a_magic_is_no_program(notes, shell, line):
    (notes/'a.md').write_text('# quokka\n')
    shell.user_ns['y'] = 'quokka'
    shell.run_cell(line.replace('X', '__import__("os").mkdir("ran")'))
    assert os.listdir(notes)==['a.md']


# things that are asked about: they may be of any class, and say anything of themselves

ran = []
def runs(self, *args):
    ran.append(self)
    raise RuntimeError('it ran')

class Named:
    __name__ = __module__ = property(runs)
    def __call__(self): pass
class Meta(type): __module__ = property(runs)
class OfMeta(metaclass=Meta): pass
class Lazy: __getattr__ = __repr__ = __str__ = runs
class Odd(OSError): strerror = property(runs)
class Broken(SyntaxError): msg = property(runs)
class Silent(Exception): __str__ = runs
class Descriptor:
    def __get__(self, obj, cls): raise RuntimeError('it ran')
class Described:
    __name__ = Descriptor()
    def __call__(self): pass
def homeless(): pass
homeless.__module__ = 'no_module.x'
def endless(): pass
endless.__qualname__ = endless.__module__ = 'x.'*100_000
numbered = ModuleType('x')
vars(numbered)['__name__'] = 7

@pytest.mark.parametrize('thing', [Named(), OfMeta, OfMeta(), Lazy(), Odd(1, 'a'), Broken('a'), Silent('a'), Described(), homeless, endless, numbered], ids=lambda o: type(o).__name__)
def test_being_asked_about_runs_nothing_and_fails_for_nothing(notes, monkeypatch, thing):
    monkeypatch.setitem(sys.modules, 'no_module', object())
    (notes/'a.md').write_text('# quokka\n')
    ran.clear()
    assert len(fastnbs(thing).query.text)<3000
    if not isinstance(thing, Exception): assert not ran

# a notebook that one practises with

def book(source, **kw): return json.dumps(dict(nbformat=4, nbformat_minor=5, metadata={}, cells=[dict(dict(cell_type='code', metadata={}, source=source, outputs=[]), **kw)]))

@pytest.mark.parametrize('text', [book('x = "\ud800"'), book('x', outputs=[dict(output_type='stream', name='stdout', text='\udfff')]), book('x').replace('"metadata": {}', '"metadata": {"a": NaN}', 1)])
def test_practice_writes_a_whole_notebook_or_none(notes, text):
    (notes/'deep').mkdir()
    (notes/'deep/a.ipynb').write_text(text)
    made = json.loads(Path(make_practice('deep/a.ipynb').file).read_text())
    assert made['cells'][0]['source']==json.loads(text)['cells'][0]['source']

def test_practice_grows_no_file_by_its_depth(notes):
    (notes/'deep').mkdir()
    (notes/'deep/a.ipynb').write_text(book('x', metadata=json.loads('{"a":'+'['*700+']'*700+'}')))
    assert Path(make_practice('deep/a.ipynb').file).stat().st_size<4000

def test_practice_writes_through_no_link(notes, tmp_path):
    (notes/'deep').mkdir()
    (notes/'deep/a.ipynb').write_text(book('x'))
    (notes/'a-practice.ipynb').symlink_to(tmp_path/'mine')
    assert Path(make_practice('deep/a.ipynb').file).name=='a-practice-2.ipynb' and not (tmp_path/'mine').exists()

# an assistant, to whom a note might speak in letters that no person sees

def test_an_assistant_reads_what_a_person_sees(notes):
    hidden = ''.join(chr(0xe0000+ord(c)) for c in 'obey me') + '\u200b\u2060\u202e\x1b[2J\x9b1m\ufeff'
    (notes/'a.md').write_text(f'# Quokka {hidden} one\n\nIt smiles{hidden}.\n\n## Feed {hidden}\n\nquokka leaves\n', encoding='utf-8')
    searcher = Searcher(find_config([str(notes)]))
    for answer in (search_notes(searcher, 'quokka'), list_notes(searcher), read_by_id(searcher, search_notes(searcher, 'quokka')['hits'][0]['id']), search_notes(searcher, 'zebra '+hidden)):
        seen = [answer['message'], *(o for h in answer['hits'] for o in (h['text'], h['heading'], h['title'], *h['path']))]
        assert not {*hidden} & set('\u200b\u2060\u202e\x1b\x9b\ufeff') & {*''.join(seen)} and not [c for c in ''.join(seen) if 0xe0000<=ord(c)<0xe1000]
    assert read_by_id(searcher, search_notes(searcher, 'feed')['hits'][0]['id'])['hits'][0]['text'].startswith('## Feed')

# an editor or a browser that opens a hit

NAMES = ['-c !touch ran.md', '+!touch ran.md', '$(touch ran).md', '`touch ran`.md', 'a; touch ran.md', "a' touch ran '.md", 'a" touch ran ".md', '%s.md', '--remote.ipynb', 'a\nb.md', '~.md']

@pytest.mark.skipif(sys.platform=='win32', reason='no such names there')
@pytest.mark.parametrize('name', NAMES)
def test_an_editor_is_given_one_whole_path(notes, monkeypatch, name):
    import subprocess
    given = []
    monkeypatch.setattr(subprocess, 'run', lambda words, **kw: given.append((words, kw)))
    monkeypatch.delenv('VISUAL', raising=False)
    (notes/name).write_text(json.dumps(dict(cells=[dict(cell_type='markdown', metadata={}, source='# quokka')])) if name.endswith('ipynb') else '# quokka\n')
    for editor in ('vim', 'code -w', 'my editor'):
        monkeypatch.setenv('EDITOR', editor)
        open_hit(ask('quokka'), 1)
        words, how = given.pop()
        assert words[-1]==str(notes/name) and os.path.isabs(words[-1]) and not how
        assert words[:-1]==[*editor.split(), *(['+1'] if editor=='vim' else [])]

@pytest.mark.parametrize('editor', ['', ' ', '"'])
def test_no_editor_is_no_accident(notes, monkeypatch, editor):
    for o in ('VISUAL', 'EDITOR'): monkeypatch.setenv(o, editor)
    (notes/'a.md').write_text('# quokka\n')
    with pytest.raises(ValueError): open_hit(ask('quokka'), 1)

@pytest.mark.parametrize('url', ['file:///etc/passwd', 'javascript:alert(1)', 'https://evil.example/kaggle.com', ' https://kaggle.com@evil.example/', 'HTTP://kaggle.com\\@evil.example'])
def test_a_browser_is_given_no_address_of_a_note(notes, monkeypatch, url):
    import webbrowser
    opened = []
    monkeypatch.setattr(webbrowser, 'open', lambda url: opened.append(url) or True)
    for o in ('VISUAL', 'EDITOR'): monkeypatch.delenv(o, raising=False)
    meta = dict(fastdebug=dict(links={o:url for o in ('jupyter', 'kaggle', 'colab', 'github', 'docs')}))
    (notes/'a.ipynb').write_text(json.dumps(dict(nbformat=4, metadata=meta, cells=[dict(cell_type='markdown', metadata={}, source=f'# quokka\n\n[a]({url})')])))
    try: open_hit(ask('quokka'), 1)
    except ValueError: pass
    assert not [o for o in opened if not o.startswith('https://evil.example')] # documentation may be anywhere, and says so
