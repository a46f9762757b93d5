"""Each place where something is read, and each way in which the system may refuse it just then: the answer still comes, and the next one is whole.

Also what is no plain file where one is read, an index that is cleared while it is asked, and a cache in a folder that holds other things."""
import builtins, errno, os, socket, subprocess, sys, threading, time

import pytest

from fastdebug import config as config_room, engine, folder, manifest, sources
from fastdebug.cli import main
from fastdebug.config import find_config
from fastdebug.core import RootsError
from fastdebug.notes import add_notes
from fastdebug.search import Searcher
from fastdebug.utils import fastnbs

ERRORS = ['EMFILE', 'EIO', 'ENOMEM', 'ESTALE', 'ETIMEDOUT', 'EINTR', 'EAGAIN', 'EACCES']

@pytest.fixture
def project(tmp_path, fresh_cache, monkeypatch):
    "A repository with notes in two folders, rules, and settings that ask for one link"
    top = tmp_path/'project'
    for o in ('.git', 'deep'): (top/o).mkdir(parents=True)
    for o in ('a.md', 'b.md', 'deep/c.md'): (top/o).write_text(f'# Momentum {o[-4]}\n\nquokka\n')
    (top/'draft.md').write_text('# Draft\n\nquokka\n')
    (top/'.gitignore').write_text('draft.md\n')
    (top/'.git/HEAD').write_text('ref: refs/heads/main\n')
    (top/'.git/config').write_text('[remote "origin"]\n\turl = https://github.com/a/b\n')
    (top/'settings.ini').write_text('[fastdebug]\nroots = .\n')
    monkeypatch.chdir(top)
    return top

class Entry:
    "An entry of a folder whose file can't be looked at"
    def __init__(self, entry, fail): self.entry, self.fail = entry, fail
    def __getattr__(self, name): return getattr(self.entry, name)
    def stat(self, **kw): self.fail(self.entry.path)

class Listing:
    "What `os.scandir` gives"
    def __init__(self, entries): self.entries = iter(entries)
    def __iter__(self): return self.entries
    def __next__(self): return next(self.entries)
    def __enter__(self): return self
    def __exit__(self, *args): self.close()
    def close(self): pass

class Unreadable:
    "An open file whose bytes don't come"
    def __init__(self, file, fail): self.file, self.fail = file, fail
    def __enter__(self): return self
    def __exit__(self, *args): self.file.close()
    def read(self, *args): self.fail(self.file.name)

class Refusing:
    "`ends`, the end of a path, can't be read at one place, as long as it is `on`"
    def __init__(self, mp, place, ends, error):
        self.on, self.met, self.ends, self.error = True, 0, ends, getattr(errno, error)
        getattr(self, place)(mp)

    def is_meant(self, path): return self.on and str(path).endswith(self.ends)
    def fail(self, path):
        self.met += 1
        raise OSError(self.error, os.strerror(self.error), str(path))

    def instead(self, mp, module, name, other=None):
        real = getattr(module, name, None) or getattr(builtins, name)
        def asked(path, *args, **kw): return (other or self.fail)(path) if self.is_meant(path) else real(path, *args, **kw)
        mp.setattr(module, name, asked, raising=False)

    def listing(self, mp): self.instead(mp, os, 'scandir')
    def stat(self, mp): self.instead(mp, os, 'stat')
    def open(self, mp): self.instead(mp, os, 'open')
    def index(self, mp): self.instead(mp, manifest, 'open')

    def entry(self, mp):
        real = os.scandir
        def scandir(path): return Listing(Entry(o, self.fail) if self.is_meant(o.path) else o for o in real(path))
        mp.setattr(os, 'scandir', scandir)

    def read(self, mp):
        meant, real = set(), os.open
        def opened(path, *args, **kw):
            fd = real(path, *args, **kw)
            if self.is_meant(path): meant.add(fd)
            return fd
        def read(fd, *args):
            file = open(fd, *args)
            return Unreadable(file, self.fail) if fd in meant and self.on and not meant.discard(fd) else file
        mp.setattr(os, 'open', opened)
        for o in (sources, config_room): mp.setattr(o, 'open', read, raising=False)

def headings(**kw): return sorted(h.section.heading[-1] for h in Searcher(find_config(**kw)).search('quokka', 9).hits)

# where, of what, what is answered meanwhile
PLACES = [('listing', 'deep', 'ab'), ('entry', 'b.md', 'ac'), ('open', 'b.md', 'ac'), ('read', 'b.md', 'ac'), ('open', '.gitignore', 'abct'), ('read', '.gitignore', 'abct'),
    ('stat', '.gitignore', 'abct'), ('open', 'HEAD', 'abc'), ('read', 'config', 'abc'), ('stat', 'config', 'abc'), ('stat', 'meta.json', 'abc')]

@pytest.mark.parametrize('error', ERRORS)
@pytest.mark.parametrize('place,ends,answered', PLACES)
def test_what_the_system_refuses_just_now(project, monkeypatch, place, ends, answered, error):
    refusing = Refusing(monkeypatch, place, ends, error)
    found = fastnbs('quokka', k=9)
    assert sorted(h.section.heading[-1] for h in found)==[*answered]
    if answered!='abc': assert ends in repr(found), 'it is named'
    assert headings()==[*answered], 'another process finds the same'
    assert refusing.met
    refusing.on = False
    found = fastnbs('quokka', k=9)
    assert sorted(h.section.heading[-1] for h in found)==[*'abc']==headings() and 'Skipped' not in repr(found)
    assert 'github.com/a/b' in found._repr_markdown_()

@pytest.mark.parametrize('error', ERRORS)
@pytest.mark.parametrize('place,ends', [('stat', 'meta.json'), ('index', '.json')])
def test_an_index_that_can_not_be_read_just_now(project, monkeypatch, place, ends, error):
    assert headings()==[*'abc']
    refusing = Refusing(monkeypatch, place, ends, error)
    assert headings()==[*'abc'] and refusing.met
    refusing.on = False
    assert headings()==[*'abc']

@pytest.mark.parametrize('error', ERRORS)
@pytest.mark.parametrize('place', ['open', 'read'])
def test_settings_that_can_not_be_read_just_now(project, monkeypatch, place, error):
    "What is to be searched isn't known then, so it is said; who names a place, gets an answer"
    refusing = Refusing(monkeypatch, place, 'settings.ini', error)
    with pytest.raises(RootsError, match="can't read the settings"): find_config()
    assert refusing.met and headings(roots=str(project))==[*'abc']
    refusing.on = False
    assert headings()==[*'abc']

# ---- no plain files

def fifo(path): os.mkfifo(path)
def device(path): path.symlink_to('/dev/zero')
def node(path): os.mknod(path, 0o600|0o020000, os.makedev(1, 5)) # /dev/zero itself, as an archive may hold it
def bound(path):
    s, here = socket.socket(socket.AF_UNIX), os.getcwd()
    try: os.chdir(path.parent), s.bind(path.name) # whose names are short
    finally: os.chdir(here), s.close()
def hard_link(path):
    (path.parent/'other').write_text('# Momentum h\n\nquokka\n')
    os.link(path.parent/'other', path)

KINDS = [fifo, device, bound] + [node]*(sys.platform!='win32' and os.getuid()==0)
NAMES = ['z.md', 'deep/z.ipynb', 'z.py', '.gitignore', 'settings.ini', 'pyproject.toml', '.git/HEAD', '.git/config', '.git/commondir']

@pytest.mark.skipif(sys.platform=='win32', reason='Windows has none of these')
@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('name', NAMES)
def test_no_plain_file_where_one_is_read(project, kind, name):
    (project/name).unlink(missing_ok=True)
    try: kind(project/name)
    except PermissionError: pytest.skip('no right to make one here')
    found = {*headings()}
    assert found in ({*'abc'}, {*'abct'} if name=='.gitignore' else {*'abc'})
    if name.endswith(('.md', '.ipynb')): assert 'not a regular file' in repr(fastnbs('quokka')) or 'leads out' in repr(fastnbs('quokka'))

def test_a_hard_link_is_a_file(project):
    hard_link(project/'z.md')
    assert headings()==[*'abch']

@pytest.mark.skipif(sys.platform=='win32', reason='Windows has none of these')
@pytest.mark.parametrize('kind', [fifo, device, lambda o: o.mkdir()])
def test_only_a_plain_file_of_settings_is_replaced(tmp_path, monkeypatch, kind):
    "FASTDEBUG_SETTINGS=/dev/null, and root adds a folder: the device must stay"
    mine = tmp_path/'settings'/'mine.ini'
    mine.parent.mkdir()
    kind(mine)
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(mine))
    before = os.stat(mine)
    with pytest.raises(RootsError, match="can't write your settings"): add_notes(tmp_path)
    assert os.stat(mine).st_mode==before.st_mode and os.listdir(mine.parent)==['mine.ini']

@pytest.mark.parametrize('call', ['replace', 'chmod'])
def test_settings_that_can_not_be_replaced_leave_nothing_behind(tmp_path, monkeypatch, call):
    mine = tmp_path/'settings'/'mine.ini'
    mine.parent.mkdir()
    mine.write_text('[other]\nkey = 1\n')
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(mine))
    def fail(*args, **kw): raise OSError(errno.EPERM, 'not permitted')
    with monkeypatch.context() as mp:
        mp.setattr(os, call, fail)
        with pytest.raises(RootsError, match="can't write your settings"): add_notes(tmp_path)
    assert os.listdir(mine.parent)==['mine.ini'] and mine.read_text()=='[other]\nkey = 1\n'
    assert add_notes(tmp_path)[0][1]==str(tmp_path)

# ---- clear beside readers

def run(*args):
    with pytest.raises(SystemExit) as e: main([*args])
    return e.value.code

def test_readers_beside_clear(project, root):
    "Three threads ask while another process clears: every answer is right"
    wrong, done = [], threading.Event()
    def ask():
        s = Searcher(find_config())
        while not done.is_set():
            try:
                if (found := sorted(h.section.heading[-1] for h in s.search('quokka', 9).hits))!=[*'abc']: wrong.append(found)
            except Exception as e: wrong.append(e)
    threads = [threading.Thread(target=ask) for _ in range(3)]
    for o in threads: o.start()
    clear = 'import sys; from fastdebug.cli import main\nfor _ in range(8):\n    try: main(["clear", "--all"])\n    except SystemExit: pass'
    try: subprocess.run([sys.executable, '-c', clear], check=True, capture_output=True, cwd=root, timeout=300)
    finally: done.set()
    for o in threads: o.join()
    assert not wrong and headings()==[*'abc']

# ---- a cache among other things

def snapshot(top): return {str(o.relative_to(top)):o.read_bytes() if o.is_file() else None for o in top.rglob('*')}

@pytest.mark.parametrize('where', ['home', 'notes', 'project'])
def test_a_cache_in_a_folder_that_holds_other_things(project, tmp_path, monkeypatch, capsys, where):
    "FASTDEBUG_CACHE=~: all that was there is there after `clear --all`, empty folders called data and models among it, and nothing more"
    home = tmp_path/'home'
    for o in ('data', 'models', 'vectors', 'index-cards', 'notes/data'): (home/o).mkdir(parents=True)
    (home/'notes'/'n.md').write_text('# Momentum n\n\nquokka\n')
    monkeypatch.setenv('HOME', str(home))
    cache = {'home':home, 'notes':home/'notes', 'project':project}[where]
    monkeypatch.setenv('FASTDEBUG_CACHE', str(cache))
    before = snapshot(cache)
    for _ in range(2): assert headings(roots=[str(project), str(home/'notes')])==[*'abcn']
    assert run('clear', '--all')==0
    assert snapshot(cache)==before

def test_a_cache_at_the_root_of_the_disk(project, monkeypatch):
    "FASTDEBUG_CACHE=/: whether something may be written there or not, the answer comes, and nothing of others goes"
    monkeypatch.setenv('FASTDEBUG_CACHE', os.path.abspath(os.sep))
    gone = []
    for name in ('unlink', 'rmdir', 'rename'): monkeypatch.setattr(os, name, lambda path, *args, **kw: gone.append(str(path)))
    def refused(path, *args, **kw): raise PermissionError(errno.EACCES, 'permission denied', str(path))
    monkeypatch.setattr(folder.os, 'mkdir', refused)
    assert headings()==[*'abc']
    folder.clear_cache(os.path.abspath(os.sep))
    assert not [o for o in gone if not folder.is_marked(os.path.dirname(o))]


# a file that Python's own tools choke on hides no other

MARIMO = 'import marimo\napp = marimo.App()\n@app.cell\ndef _(mo):\n    mo.md({})\n    return\n'
SHOWN  = ['text', 'a+b', '"x" % a', '*a', 'f(x)', 'a if b else c', '[1]', 'lambda: 1', '(yield)', 'a.b', 'x:=1', '7', 'b"x"', '...', 'f"{a!r:>{w}}"', 'None', '-a', 'not a', '{**a}', 'await a',
          'f"{'+'+'.join('a'*900)+'}"', '+'.join('a'*900), '-'*300+'a', 'f'+'.a'*900]

@pytest.mark.parametrize('shown', SHOWN)
def test_whatever_a_marimo_notebook_shows(project, shown):
    (project/'app.py').write_text(MARIMO.format(shown))
    found = fastnbs('quokka', roots=str(project))
    assert len(found) and not found.scope.skipped

@pytest.mark.parametrize('text', ['import '+'a.'*200_000+'a\n', 'from '+'a.'*200_000+'a import b\n', 'import '+'a \\\n . '*100_000+'a\n', 'import '+'\u00e9.'*200_000+'a\n'])
def test_a_name_of_very_many_parts(project, text):
    (project/'app.py').write_text(text+MARIMO.format('a'), encoding='utf-8')
    start = time.process_time()
    assert len(fastnbs('quokka', roots=str(project))) and time.process_time()-start<3

def test_a_file_that_is_nested_too_deeply_is_named(project, monkeypatch):
    import fastdebug.parse
    def deep(*args): raise RecursionError
    monkeypatch.setattr(fastdebug.parse, '_parse_script', deep)
    (project/'app.py').write_text('# %%\n1\n')
    found = fastnbs('quokka', roots=str(project))
    assert len(found) and [why for _,why in found.scope.skipped]==['nested too deeply']

@pytest.mark.skipif(sys.platform=='win32', reason='no FIFO there')
@pytest.mark.parametrize('ends', ['b.md', '.gitignore', 'settings.ini', 'HEAD', '.git/config'])
@pytest.mark.parametrize('becomes', [os.mkfifo, lambda path: os.symlink('/dev/zero', path), os.mkdir] if hasattr(os, 'mkfifo') else [os.mkdir], ids=['fifo', 'zero', 'folder'])
def test_what_is_another_thing_when_it_is_opened(project, monkeypatch, ends, becomes):
    real, changed = os.stat, []
    def look(path, *args, **kw):
        found = real(path, *args, **kw)
        if str(path).endswith(ends) and not changed:
            changed.append(path)
            os.unlink(path)
            becomes(path)
        return found
    monkeypatch.setattr(os, 'stat', look)
    start = time.process_time()
    try: found = [h.section.heading for h in fastnbs('quokka', roots=str(project))]
    except RootsError as e: found = ends in str(e) # settings that were read when this happened
    assert found and changed and time.process_time()-start<3
