"What a stranger wrote is never run: not by Tab, not by an editor or a browser that opens it, not by being asked about"
import ast, os, sys

import pytest

from fastdebug.cli import nbs_parser
from fastdebug.magics import complete, load_magics
from fastdebug.parse import parse_document
from fastdebug.utils import fastnbs

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
