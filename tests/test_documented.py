"Everything a person can type is documented: query words, settings, environment variables, commands"
import re
import pytest
from fastdebug import cli, utils
from fastdebug.query import QUERY_WORDS, query_hint, query_table

@pytest.fixture(scope='module')
def front(root): return (root/'README.md').read_text(encoding='utf-8')

@pytest.fixture(scope='module')
def package(root): return '\n'.join(p.read_text(encoding='utf-8') for p in sorted((root/'fastdebug').rglob('*.py')))

def test_query_words_stand_on_the_front_page(front):
    assert query_table() in front

@pytest.mark.parametrize('word', QUERY_WORDS, ids=lambda o: o.word)
def test_query_words_stand_in_help(word, root, capsys):
    "In the comment that Shift-Tab shows, and in the help of the command"
    source = (root/'nbs/40_utils.ipynb').read_text(encoding='utf-8')
    assert word.example in source and word.example in query_hint()
    with pytest.raises(SystemExit): cli.run_fastnbs(['--help'])
    assert word.example in ' '.join(capsys.readouterr().out.split())

def test_environment_variables_stand_on_the_front_page(front, package):
    names = set(re.findall(r'\bFASTDEBUG_[A-Z_]+\b', package))
    assert names and not [o for o in sorted(names) if o not in front]

def test_settings_stand_on_the_front_page(front, root):
    from fastdebug.config import Settings
    keys = set(Settings.__dataclass_fields__) - {'file', 'folder', 'odd'} # said by nobody
    assert not [o for o in sorted(keys) if not re.search(rf'\b{o}\b', front)]

def test_commands_stand_on_the_front_page(front, root):
    names = [*(f'fastdebug {o}' for o in cli._COMMANDS), *(o for o in utils.__all__ if o.startswith('fast'))]
    assert not [o for o in names if o not in front]

def test_each_place_of_the_table_of_doors_names_a_test_or_says_that_there_is_none(root):
    page  = (root/'mds/explanations/where_it_shows.md').read_text(encoding='utf-8')
    table = re.search(r'^\| door \|.*?\n\n', page, re.M|re.S)[0].strip().splitlines()
    rows  = [[o.strip() for o in row.strip('|').split('|')] for row in table]
    assert len({*map(len, rows)})==1 and len(rows)>12
    for door,*places in rows[2:]:
        for o in places:
            assert re.search(r'`[\w/]+\.py`|untested|^no ', o), (door, o)
            for name in re.findall(r'`([\w/]+\.py)`', o): assert (root/'tests'/name).is_file(), name
    said = ' '.join(door for door,*_ in rows[2:])
    assert not [o for o in utils.__all__ if o.startswith('fast') and o!='fastpractice' and o not in said]
