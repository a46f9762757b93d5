"What the system says in a bad moment is told, and forgotten: the next question, also in another process, finds the file"
import errno, os, subprocess, sys

import pytest

from fastdebug.config import find_config
from fastdebug.search import Searcher

ERRORS = ['EMFILE', 'ENFILE', 'EIO', 'ENOMEM', 'ESTALE', 'ETIMEDOUT', 'EINTR', 'EAGAIN', 'EACCES', 'ENOSPC', 'EBUSY']

@pytest.fixture
def notes(tmp_path, fresh_cache, reader):
    (tmp_path/'notes').mkdir()
    for name in 'abc': (tmp_path/'notes'/f'{name}.md').write_text(f'# Momentum {name}\n\nquokka\n')
    (tmp_path/'notes'/'d.ipynb').write_text('{"cells":[{"cell_type":"markdown","source":"# Momentum d\\n\\nquokka"}]}')
    return tmp_path/'notes'

class Failing:
    "`os.open` and `os.stat` that fail for one file"
    def __init__(self, mp, name, error, call):
        self.on, real = True, getattr(os, call)
        def fail(path, *args, **kw):
            if self.on and str(path).endswith(name) and not kw.get('dir_fd'): raise OSError(getattr(errno, error), os.strerror(getattr(errno, error)), str(path))
            return real(path, *args, **kw)
        mp.setattr(os, call, fail)

def headings(searcher): return sorted(h.section.heading[-1] for h in searcher.search('quokka', 9).hits)
def skipped(searcher): return {os.path.basename(p):why for p,why in searcher.search('quokka').scope.skipped}

@pytest.mark.parametrize('error', ERRORS)
@pytest.mark.parametrize('name', ['b.md', 'd.ipynb'])
def test_a_file_that_could_not_be_read_once(notes, monkeypatch, error, name):
    s = Searcher(find_config(str(notes)))
    gone = name[0]
    fail = Failing(monkeypatch, name, error, 'open')
    for _ in range(2): # it is asked for again each time, and named each time
        assert headings(s)==sorted({*'abcd'}-{gone})
        assert name in skipped(s)
    fail.on = False
    for o in (s, Searcher(find_config(str(notes)))): assert headings(o)==[*'abcd'] and not skipped(o)

def test_it_is_not_remembered_by_another_process(notes, monkeypatch, root):
    fail = Failing(monkeypatch, 'b.md', 'EMFILE', 'open')
    assert headings(Searcher(find_config(str(notes))))==[*'acd']
    fail.on = False
    code = f'from fastdebug.search import Searcher; from fastdebug.config import find_config; print(len(Searcher(find_config({str(notes)!r})).search("quokka", 9).hits))'
    assert subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True, cwd=root).stdout.strip()=='4'

def test_a_changed_file_that_can_not_be_read_answers_with_nothing_old(notes, monkeypatch):
    s = Searcher(find_config(str(notes)))
    assert headings(s)==[*'abcd']
    (notes/'b.md').write_text('# Momentum x\n\nquokka and more\n')
    fail = Failing(monkeypatch, 'b.md', 'EIO', 'open')
    assert headings(s)==[*'acd'] and 'b.md' in skipped(s)
    fail.on = False
    assert headings(s)==[*'acdx']

def test_a_file_that_can_not_be_read_costs_no_commit(notes, monkeypatch):
    s = Searcher(find_config(str(notes)))
    Failing(monkeypatch, 'b.md', 'EIO', 'open')
    s.search('quokka')
    token = s.library.index._token
    for _ in range(3): s.search('quokka')
    assert s.library.index._token==token

def test_a_folder_that_could_not_be_listed_once(notes, monkeypatch):
    (notes/'deep').mkdir()
    (notes/'deep'/'e.md').write_text('# Momentum e\n\nquokka\n')
    s = Searcher(find_config(str(notes)))
    assert headings(s)==[*'abcde']
    real = os.scandir
    with monkeypatch.context() as mp:
        mp.setattr(os, 'scandir', lambda p: real(p) if not str(p).endswith('deep') else (_ for _ in ()).throw(OSError(errno.EMFILE, 'too many open files')))
        assert headings(s)==[*'abcd'] and 'deep' in skipped(s)
    assert headings(s)==[*'abcde']

def test_no_memory_for_one_file(notes, monkeypatch):
    from fastdebug import library
    real = library.parse_document
    def parse(text, path, *args):
        if path.endswith('b.md'): raise MemoryError
        return real(text, path, *args)
    s = Searcher(find_config(str(notes)))
    with monkeypatch.context() as mp:
        mp.setattr(library, 'parse_document', parse)
        assert headings(s)==[*'acd'] and skipped(s)=={'b.md':'not enough memory'}
    assert headings(s)==[*'abcd']
