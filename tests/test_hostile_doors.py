"""Hostile notes through the doors that are no page: magics, JSON, an assistant, the next cell. Nothing that was found runs or asks the network, and what comes
out holds nothing that a page, a terminal or a reader's eye would obey. (Answers in a cell and the box: `browser/`.)"""
import ast, contextlib, io, json, re, socket, unicodedata
from pathlib import Path
import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from fastdebug.config import find_config
from fastdebug.insert import code_of
from fastdebug.sanitize import OPENS
from fastdebug.magics import load_magics
from fastdebug.mcp import DATA, MAX_TEXT, list_notes, read_by_id, search_notes
from fastdebug.search import Searcher
from fastdebug.utils import fastnbs
from danger import PARSERS, find_danger
from hostile import write_notes
from notebooks import code, md, write

TRAP = 'http://127.0.0.1:9' # nobody listens there
# what IPython or a shell would run, in a heading, in code and in a file's name
COMMANDS = ['{open("ran", "w")}', '$(touch ran)', '`touch ran`', '; touch ran', '| touch ran', '&& touch ran', '\n!touch ran', '\r!touch ran', '\u2028!touch ran', '\x0b!touch ran', '%%bash touch ran', '%run ran.py',
            '!touch ran', '!!touch ran', '?ran', '-k 3 --roots .', '"; open("ran", "w"); "', "'''; open('ran', 'w'); '''", '\\', '--open 1', '@{open("ran", "w")}', '#!touch ran']
WORDS = [f'zc{chr(97+i)*3}' for i in range(len(COMMANDS))] # one for each
HIDDEN = {'Cc', 'Cf', 'Cs', 'Co', 'Zl', 'Zp'} # Unicode's categories of what is not seen

def unseen(text): return [c for c in text if unicodedata.category(c) in HIDDEN and c not in '\n\t']

@pytest.fixture(scope='module')
def notes(tmp_path_factory):
    "(folder, words: each stands in the notes of one payload)"
    top = tmp_path_factory.mktemp('doors')/'notes'
    top.mkdir()
    words = [*write_notes(top, TRAP)]
    for i,o in enumerate(COMMANDS):
        write(top/f'{o.replace("/", " ").strip()} {i}.ipynb'.replace('\0', ''), md(f'# Commands {WORDS[i]}'), code(f'import os\nhelp_{i} = 1'), md(f'## {WORDS[i]} {o}'), code(f'help_{i}\n# {WORDS[i]} {o}'))
        words.append(WORDS[i])
    return top, words

@pytest.fixture
def quiet(reader, monkeypatch):
    "A reader's folder that must stay empty, and a network that nobody may ask"
    def refuse(self, address, *args): raise AssertionError(f'asked for {address}')
    monkeypatch.setattr(socket.socket, 'connect', refuse)
    yield reader
    assert not [*reader.iterdir()]

@pytest.fixture(scope='module')
def searcher(notes): return Searcher(find_config(notes[0]), memory=True)

@pytest.fixture
def shell(notes, monkeypatch):
    monkeypatch.setenv('FASTDEBUG_ROOTS', str(notes[0]))
    shell = InteractiveShell()
    load_magics(shell)
    return shell

def printed(call, *args):
    with contextlib.redirect_stdout(io.StringIO()) as out: call(*args)
    return out.getvalue()

# ---- magics

def test_magics_show_what_no_parser_finds_dangerous(notes, shell, quiet):
    for word in (*notes[1][::8], *WORDS): # the functions behind them are asked for every word, in test_render_safe.py and browser/
        for name in ('fastnbs', 'fastnotes'):
            shown = shell.run_line_magic(name, f'{word} -k 1')._repr_markdown_()
            assert word in shown and 'Nothing found' not in shown
            found = {k:find_danger(parse(shown)) for k,parse in PARSERS.items()}
            assert not any(found.values()), (word, found)

@pytest.mark.parametrize('typed', COMMANDS)
def test_what_is_typed_behind_a_magic_is_text(shell, quiet, typed):
    "As a cell, so that IPython itself decides what to expand; what it takes for another line is one that a person typed"
    line = ''.join(typed.splitlines()[:1])
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()): shell.run_cell(f'found = %fastnbs {WORDS[1]} {line}')

def test_tab_offers_nothing_that_runs(notes, shell, quiet):
    "Each offer, typed behind the magic, is one line, and no line of it is a command"
    from fastdebug.cli import nbs_parser
    from fastdebug.magics import complete
    offers = [o for word in notes[1] for o in complete(word, word, nbs_parser())]
    assert len(offers)>=len(COMMANDS)/2
    for o in offers: assert len(o.splitlines())==1 and not unseen(o), ascii(o)

# ---- JSON

def test_json_holds_data_and_no_signs_to_obey(notes, shell, quiet):
    for word in notes[1]:
        out  = printed(shell.run_line_magic, 'fastnbs', f'{word} -k 2 --json')
        told = json.loads(out)
        assert out.isascii() and not unseen(out), word
        assert told['hits'] and any(word in o['text'] for o in told['hits'])
        for url in (l['url'] for h in told['hits'] for l in h['links']):
            scheme = re.match(r'([a-zA-Z][\w+.-]*):', url)
            assert not scheme or scheme[1].lower() in {*OPENS, 'vscode'}, url

# ---- an assistant

def test_an_assistant_gets_marked_and_bounded_text_that_a_person_sees_too(notes, searcher, quiet):
    for word in notes[1]:
        found = search_notes(searcher, word, k=3)
        again = read_by_id(searcher, found['hits'][0]['id'])
        for record in (found, again):
            assert record['notice']==DATA
            for hit in record['hits']:
                seen = [hit['text'], hit['heading'], hit['title'], *hit['path']]
                assert not unseen(''.join(seen)) and len(hit['text'])<6*MAX_TEXT, word
    listed = list_notes(searcher)
    assert listed['notice']==DATA and not unseen(''.join(o['heading'] for o in listed['hits']))

# ---- the next cell

def test_the_next_cell_is_code_of_the_note_below_comments(notes, quiet):
    for word in notes[1]:
        for hit in fastnbs(word, k=3, roots=notes[0]):
            if not hit.section.code: continue
            text = code_of(hit.section)
            assert not unseen(hit.copy())
            head, _, rest = text.partition('\n\n')
            comments = [o for o in head.split('\n') if o.startswith('#')]
            assert comments[0].startswith('# From "') and not unseen(head), ascii(head)
            assert ast.parse('\n'.join(o for o in head.split('\n') if not o.startswith('#'))) is not None
            assert not [o for o in head.split('\n') if o.lstrip().startswith(('!', '%', '?'))], head
