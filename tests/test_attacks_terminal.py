"Escape sequences in names of files and folders, in settings and in texts: a terminal must obey none of them"
import json, os, re, sys

import pytest

from fastdebug.cli import main, run_fastlistnbs, run_fastnbs, run_fastnotes
from fastdebug.utils import fastlistnbs, fastnbs, fastnotes

EVIL = '\x1b]0;owned\x07\x1b[31mred\x1b[2J\x9b1m\u202eLRO\r\b'
OBEYED = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]')

@pytest.fixture
def notes(tmp_path, fresh_cache, reader):
    home = tmp_path/('notes'+EVIL)
    home.mkdir()
    (home/f'a{EVIL}\n.md').write_text(f'# Momentum {EVIL}\n\n{EVIL} quokka `{EVIL}`\n\n```\n{EVIL}\n```\n[a{EVIL}](x{EVIL})\n')
    (home/f'empty{EVIL}\n.md').write_text('')
    (home/f'bad{EVIL}.ipynb').write_text('{'+EVIL)
    (home/f'out{EVIL}.md').symlink_to('/etc/hostname')
    return home

def run(f, capsys, *args):
    with pytest.raises(SystemExit): f([*args])
    o = capsys.readouterr()
    return o.out+o.err

@pytest.mark.skipif(sys.platform=='win32', reason='no such names there')
@pytest.mark.parametrize('f, words', [(run_fastnbs, ['quokka']), (run_fastnotes, ['quokka']), (run_fastlistnbs, []), (run_fastnbs, ['nothing-like-it'])])
def test_answers_in_a_terminal(notes, capsys, f, words):
    assert not OBEYED.search(run(f, capsys, '--roots', str(notes), *words))

@pytest.mark.skipif(sys.platform=='win32', reason='no such names there')
def test_info_and_clear(notes, fresh_cache, capsys):
    (fresh_cache/f'mine{EVIL}').mkdir(parents=True)
    for args in (('info', '--roots', str(notes)), ('clear', '--roots', str(notes)), ('clear', '--all'), ('info', '--roots', str(notes)+EVIL)):
        assert not OBEYED.search(run(main, capsys, *args)), args

@pytest.mark.skipif(sys.platform=='win32', reason='no such names there')
@pytest.mark.parametrize('ini', [f'[fastdebug]\nroots = {EVIL}', f'[fastdebug]\n{EVIL}\n', f'[fastdebug]\nroots = ..\\{EVIL}\n[fastdebug]\n', f'[fastdebug{EVIL}\nroots=a'])
def test_what_a_settings_file_says(notes, capsys, monkeypatch, ini):
    monkeypatch.chdir(notes)
    (notes/'settings.ini').write_text(ini)
    for f in (run_fastnbs, run_fastnotes, run_fastlistnbs): assert not OBEYED.search(run(f, capsys, 'x'))
    assert not OBEYED.search(run(main, capsys, 'info'))
    for f in (fastnbs, fastnotes, fastlistnbs):
        try: hits = f('x')
        except Exception as e: assert not OBEYED.search(str(e))
        else: assert not OBEYED.search(repr(hits)) and not OBEYED.search(hits._repr_markdown_())

@pytest.mark.skipif(sys.platform=='win32', reason='no such names there')
def test_reprs_and_errors_in_a_notebook(notes):
    for f in (fastnbs, fastnotes, fastlistnbs): assert not OBEYED.search(repr(f('quokka', roots=str(notes))))
    with pytest.raises(Exception) as e: fastnbs('x', roots='nowhere'+EVIL)
    assert not OBEYED.search(str(e.value))

@pytest.mark.skipif(sys.platform=='win32', reason='no such names there')
@pytest.mark.parametrize('args', [['eval', '{}', '-n', '5'], ['eval', '{}', '-n', '0', '--questions', '{}/own.jsonl'], ['practice', 'empty', '--roots', '{}'], ['practice', 'bad', '--roots', '{}'], ['notes'], ['notes', 'add', '{}'], ['notes', 'remove', '{}/nowhere'],
    ['fetch', '--from', '{}/nowhere'], ['mcp', '{}/nowhere'], ['no\x1b[2Jsuch'], ['eval', '{}', '--against', '{}/nowhere']])
def test_every_other_command(notes, capsys, monkeypatch, tmp_path, args):
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(tmp_path/'own.ini'))
    (notes/'own.jsonl').write_text(json.dumps(dict(q=f'quokka {EVIL}', file=f'a{EVIL}\n.md', heading=f'Momentum {EVIL}'))+'\n')
    assert not OBEYED.search(run(main, capsys, *(o.format(notes) for o in args)))

@pytest.mark.skipif(sys.platform=='win32', reason='no such names there')
@pytest.mark.parametrize('f, args', [(run_fastnbs, ['quokka', '--json']), (run_fastnotes, ['quokka', '--json']), (run_fastlistnbs, ['--json']), (run_fastnbs, ['-l', 'quokka']), (run_fastnbs, ['quokka', '--open', '1']), (run_fastnbs, ['quokka', '--open', '99']),
    (run_fastnbs, ['--help']), (run_fastnbs, ['-k', EVIL, 'x']), (run_fastnbs, ['[link=http://e.org]quokka[/link] [/] [bold]'])])
def test_every_way_to_answer(notes, capsys, monkeypatch, f, args):
    import subprocess
    monkeypatch.setattr(subprocess, 'run', lambda *args, **kw: None)
    monkeypatch.setenv('EDITOR', 'vim')
    assert not OBEYED.search(run(f, capsys, '--roots', str(notes), *args))
