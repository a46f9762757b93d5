"A practice notebook asks what came out, is known for a copy, and is written over nothing"
import json
from pathlib import Path
import pytest
from fastdebug.cli import main
from fastdebug.config import find_config
from fastdebug.core import FastdebugError
from fastdebug.practice import _write_new, make_practice
from fastdebug.search import Searcher
from fastdebug.utils import fastpractice
from notebooks import code, md, write

PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

def output(data, kind='display_data'): return dict(output_type=kind, data=data, metadata={}, **({'execution_count':1} if kind=='execute_result' else {}))

def lesson(path, title='Quokkas'):
    outs = [dict(output_type='stream', name='stdout', text='sixteen\n'), output({'image/png':PNG, 'text/plain':'<Figure>'}), output({'text/plain':'16'}, 'execute_result')]
    return write(path, md(f'# {title}'), md('## How do quokkas count?\n\nSlowly, see [more](more.md).'), code('count_quokkas()')|{'outputs':outs}, code('x = 1'))

@pytest.fixture
def here(tmp_path, monkeypatch, fresh_cache):
    "The current folder, with a lesson in nbs/"
    lesson(tmp_path/'nbs/0001_quokkas.ipynb')
    monkeypatch.chdir(tmp_path)
    return tmp_path

def cells(path): return json.loads(Path(path).read_text(encoding='utf-8'))['cells']
def questions(path): return [o['data']['text/markdown'] for c in cells(path) if c['cell_type']=='code' for o in c['outputs']]

def test_each_output_is_a_question_with_the_stored_one_folded_below(here):
    before = (here/'nbs/0001_quokkas.ipynb').read_bytes()
    made = fastpractice('0001', roots=str(here))
    asked = questions(made.file)
    assert Path(made.file).name=='0001_quokkas-practice.ipynb' and made.questions==len(asked)==3
    assert [o.split('**')[1] for o in asked]==['What will it print?', 'What will the picture show?', 'What will it print?']
    assert all('<details><summary>' in o for o in asked) and 'sixteen' in asked[0] and PNG in asked[1]
    assert [c['source'] for c in cells(made.file) if c['cell_type']=='code']==[c['source'] for c in cells('nbs/0001_quokkas.ipynb') if c['cell_type']=='code']
    assert (here/'nbs/0001_quokkas.ipynb').read_bytes()==before

def test_an_exercise_asks_for_work_and_not_for_a_guess(root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = fastpractice('0034', roots=str(root/'nbs/lessons'))
    code_cells = [c for c in cells(made.file) if c['cell_type']=='code']
    own = [c for c in code_cells if 'check(' in ''.join(c['source']) and ': ...' in ''.join(c['source'])]
    assert len(own)==3 and not any(c['outputs'] for c in own) and made.questions>0
    assert 'your turn' not in ''.join(questions(made.file))

def test_it_writes_over_nothing(here):
    taken = here/'0001_quokkas-practice.ipynb'
    taken.write_text('mine')
    (here/'0001_quokkas-practice-2.ipynb').symlink_to(here/'nowhere')
    made = make_practice('0001', str(here/'nbs'))
    assert Path(made.file).name=='0001_quokkas-practice-3.ipynb' and taken.read_text()=='mine' and not (here/'nowhere').exists()

def test_several_are_listed_and_nothing_is_written(here):
    lesson(here/'nbs/0010_wombats.ipynb', 'Wombats')
    said = make_practice('00', str(here/'nbs'))
    assert not said.file and '0001_quokkas' in repr(said) and '0010_wombats' in repr(said) and not [*here.glob('*.ipynb')]

def test_the_whole_name_means_one_even_if_others_hold_it(here):
    lesson(here/'nbs/0001_quokkas_again.ipynb')
    assert [Path(o).name for o in make_practice('0001_quokkas', str(here/'nbs')).found]==['0001_quokkas.ipynb']

@pytest.mark.parametrize('folder', ['', 'elsewhere', 'nbs'])
def test_it_is_a_twin_of_its_source_wherever_it_stands(here, monkeypatch, folder):
    (here/folder).mkdir(exist_ok=True)
    monkeypatch.chdir(here/folder)
    for _ in range(2): made = make_practice('0001', str(here/'nbs'))
    answer = Searcher(find_config(here), memory=True).search('how do quokkas count')
    assert [Path(h.section.file).name for h in answer.hits[:1]]==['0001_quokkas.ipynb'] and len(answer.scope.twins)==2
    assert not [h for h in answer.hits if 'practice' in h.section.file], made.file

def test_links_lead_where_they_led(here, monkeypatch):
    (here/'elsewhere').mkdir()
    monkeypatch.chdir(here/'elsewhere')
    made = make_practice('0001', str(here/'nbs'))
    prose = next(''.join(c['source']) for c in cells(made.file) if 'Slowly' in ''.join(c['source']))
    assert '[more](../nbs/more.md)' in prose

def test_nothing_in_an_output_can_end_the_fold_or_run(here):
    bad = '</details>\n```\n<script>alert(1)</script>\n# Heading'
    write(here/'nbs/0002_bad.ipynb', md('# Bad'), code('f()')|{'outputs':[output({'text/plain':bad, 'text/html':'<script>alert(1)</script>'}), output({'application/javascript':'alert(1)'})]})
    asked = questions(make_practice('0002', str(here/'nbs')).file)
    assert len(asked)==1 and f'````text\n{bad}\n````' in asked[0]

def test_the_command_says_what_it_wrote_or_why_not(here, capsys):
    with pytest.raises(SystemExit) as e: main(['practice', '0001', '--roots', 'nbs'])
    assert not e.value.code and '0001_quokkas-practice.ipynb: 3 questions' in capsys.readouterr().out
    with pytest.raises(SystemExit) as e: main(['practice', 'zebra', '--roots', 'nbs'])
    assert e.value.code==1 and "No notebook is called 'zebra'" in capsys.readouterr().out

def test_a_folder_that_takes_no_file_is_named(here, monkeypatch):
    def refuse(*args, **kw): raise PermissionError(13, 'Permission denied')
    monkeypatch.setattr('builtins.open', refuse)
    with pytest.raises(FastdebugError, match='could not be written here .Permission denied.'): _write_new('{}', str(here), 'a')
