"Where a search looks when nobody says where, and what it refuses to crawl unasked"
import html,json,os,subprocess,sys
from pathlib import Path
import pytest
from fastdebug.config import lessons_folder
from fastdebug.utils import add_notes, fastlistnbs, fastnbs, fastnotes
from notebooks import md, write

@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    "A home folder, and a reader in it"
    monkeypatch.delenv('JPY_SESSION_NAME', raising=False)
    monkeypatch.setenv('JUPYTER_RUNTIME_DIR', str(tmp_path/'runtime'))
    for o in ('HOME', 'USERPROFILE'): monkeypatch.setenv(o, str(tmp_path/'home'))
    (tmp_path/'home/work').mkdir(parents=True)
    return tmp_path/'home'

def note(path, heading):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'# {heading}\n\nquokka\n')

def found(**kw): return sorted(h.section.heading for h in fastnbs('quokka', k=50, **kw))

# ---- refused

ASKED = {'fastnbs': lambda **kw: fastnbs('quokka', **kw), 'fastlistnbs': lambda **kw: fastlistnbs(**kw), 'fastnotes': lambda **kw: fastnotes('quokka', **kw)}

def refused(answer, *words):
    return not answer and all(w in text for w in (*words, 'roots=') for text in (repr(answer), html.unescape(answer._repr_markdown_())))

def index_is_empty(cache): return not list(cache.rglob('meta.json'))

@pytest.mark.parametrize('ask', ASKED.values(), ids=ASKED)
def test_the_home_folder_is_not_taken_silently(home, monkeypatch, fresh_cache, ask):
    for i in range(3): note(home/f'a/{i}.md', 'Mine')
    monkeypatch.chdir(home)
    assert refused(ask(), 'home folder', '3 notebooks and notes') and index_is_empty(fresh_cache)

def test_the_home_folder_is_searched_when_named(home, monkeypatch):
    note(home/'a.md', 'Mine')
    monkeypatch.chdir(home)
    assert found(roots='~')==found(roots='.')==['Mine']

def test_the_whole_disk_is_not_taken_silently(monkeypatch, fresh_cache):
    monkeypatch.chdir(os.path.abspath(os.sep))
    assert refused(fastnbs('quokka'), 'whole disk') and index_is_empty(fresh_cache)

@pytest.fixture
def huge(home):
    for i in range(51):
        (home/f'work/{i}').mkdir()
        for j in range(100 if i<50 else 0): (home/f'work/{i}/{j}.md').touch()
    return home/'work'

def test_a_huge_tree_is_not_taken_silently(huge, monkeypatch, fresh_cache):
    monkeypatch.chdir(huge)
    note(huge/'50/one.md', 'Mine') # the 5,001st
    assert refused(fastnbs('quokka'), 'more than 5,000 files') and index_is_empty(fresh_cache)
    (huge/'.git').mkdir()
    monkeypatch.chdir(huge/'50')
    assert refused(fastnbs('quokka'), 'more than 5,000 files') and index_is_empty(fresh_cache)
    assert found(roots='.')==['Mine']

def test_five_thousand_files_are_taken(huge, monkeypatch):
    monkeypatch.chdir(huge)
    (huge/'0/0.md').write_text('# Mine\n\nquokka\n')
    assert found()==['Mine']

def test_a_terminal_says_it_in_one_line_too(home, tmp_path):
    fast = Path(sys.executable).parent/'fastnbs'
    res = subprocess.run([fast, 'quokka'], cwd=home, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert res.returncode==2 and not res.stdout and len(res.stderr.splitlines())==1 and 'home folder' in res.stderr and 'roots' in res.stderr

# ---- in this order

@pytest.fixture
def project(home, monkeypatch):
    "A project with settings in two files, its reader, and notes in every place that can be named"
    top = home/'work/project'
    for o in ('argument', 'env1', 'env2', 'ini', 'toml', 'reader', 'outside'): note(top/f'{o}/note.md', o)
    monkeypatch.chdir(top/'reader')
    (top/'settings.ini').write_text('[DEFAULT]\nlib_name = x\n[fastdebug]\nroots = ini\n')
    (top/'pyproject.toml').write_text('[tool.fastdebug]\nroots = ["toml"]\n')
    monkeypatch.setenv('FASTDEBUG_ROOTS', os.pathsep.join(str(top/o) for o in ('env1', 'env2')))
    return top

def test_roots_come_from_the_first_who_names_them(project, monkeypatch):
    assert found(roots=project/'argument')==['argument']
    assert found(roots=[project/'argument', str(project/'outside/note.md')])==['argument', 'outside']
    assert found()==['env1', 'env2']
    monkeypatch.delenv('FASTDEBUG_ROOTS')
    assert found()==['ini']
    (project/'settings.ini').unlink()
    assert found()==['toml']
    (project/'pyproject.toml').write_text('[project]\nname = "x"\n')
    assert found()==['argument', 'env1', 'env2', 'ini', 'outside', 'reader', 'toml']
    (project/'pyproject.toml').unlink()
    assert found()==['reader']

@pytest.mark.parametrize('mark', ['.git', 'settings.ini', 'pyproject.toml'])
def test_a_project_is_found_upwards_but_not_in_the_home_folder(home, monkeypatch, mark):
    for o in ('work/p/nbs/a', 'work/p/b'): note(home/f'{o}.md', o)
    note(home/'work/c.md', 'work/c')
    make = lambda p: p.mkdir() if mark=='.git' else p.touch()
    monkeypatch.chdir(home/'work/p/nbs')
    make(home/mark)
    assert found()==['work/p/nbs/a']
    make(home/'work/p'/mark)
    assert found()==['work/p/b', 'work/p/nbs/a']

@pytest.mark.parametrize('said', [dict(roots='nowhere'), dict(roots=[]), dict(roots='')])
def test_a_named_place_that_is_not_there_is_an_error(said):
    from fastdebug.core import RootsError
    with pytest.raises(RootsError, match='roots'): fastnbs('quokka', **said)

def test_a_variable_that_leads_nowhere_is_told(home, monkeypatch):
    monkeypatch.chdir(home/'work')
    monkeypatch.setenv('FASTDEBUG_ROOTS', str(home/'nowhere'))
    assert refused(fastnbs('quokka'), 'nowhere', 'FASTDEBUG_ROOTS')

# ---- the lessons

@pytest.fixture
def empty(home, monkeypatch):
    monkeypatch.chdir(home/'work')
    return home/'work'

def test_in_an_empty_folder_the_lessons_answer(empty):
    hits = fastnbs('how does gradient accumulation work')
    assert 'accumulat' in hits[0].section.heading.lower() and '.backward()' in hits[0].section.code
    assert Path(hits[0].section.file).parent==lessons_folder().resolve()
    for text in (repr(hits), html.unescape(hits._repr_markdown_())):
        first, last = text.split('\n')[0], text.split('\n')[-1]
        assert 'lessons that come with fastdebug answer' in first and 'roots=' in first and 'fastdebug notes add' in first
        assert 'lessons that come with fastdebug' in last
    assert not list(empty.iterdir())

@pytest.mark.parametrize('question', ['how do I bake bread', 'git rebase', 'tax return'])
def test_what_no_lesson_says_is_not_answered_at_full_size(empty, question):
    hits = fastnbs(question)
    assert hits.answer.weak or not hits, hits[0].section.heading
    for text in (repr(hits), html.unescape(hits._repr_markdown_())):
        assert 'lessons that come with fastdebug answer' in text.split('\n')[0] and ('may not say this' in text.split('\n')[0] or not hits)

def test_most_of_what_no_lesson_says_is_known_for_that_and_little_else(root, monkeypatch):
    "Everyday questions that took no part in choosing the limits, and the golden ones, which the lessons answer"
    monkeypatch.chdir(root)
    rows = lambda path: [json.loads(o)['q'] for o in path.read_text(encoding='utf-8').splitlines()]
    weak = lambda questions: sum((a := fastnbs(q, roots='nbs/lessons').answer).weak or not a.hits for q in questions)/len(questions)
    assert weak(rows(root/'benchmarks/data/everyday.jsonl')[-40:])>.8 and weak(rows(root/'tests/data/golden.jsonl'))<.15

def test_the_lessons_are_listed_and_quoted_too(empty):
    for found in (fastlistnbs(), fastlistnbs('accumulation'), fastnotes('loss.backward')):
        assert found and all('lessons that come with' in o.split('\n')[0] for o in (repr(found), found._repr_markdown_()))

def test_the_lessons_do_not_answer_for_a_place_that_was_named(empty):
    found = fastnbs('how does gradient accumulation work', roots='.')
    assert not found and 'Nothing found' in repr(found) and 'Searched 0 notebooks and notes' in repr(found)

def test_notes_of_ones_own_are_searched_beside_the_project(home, monkeypatch, tmp_path_factory):
    mine, course = tmp_path_factory.mktemp('mine'), tmp_path_factory.mktemp('course')
    (mine/'a.md').write_text('# Wombats dig')
    (course/'b.md').write_text('# Wombats lecture')
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(home/'own.ini'))
    add_notes(mine)
    add_notes(course, 'course')
    monkeypatch.chdir(home/'work')
    (home/'work/c.md').write_text('# Wombats here')
    said = lambda q, **kw: sorted(h.section.heading for h in fastnbs(q, **kw))
    assert said('wombats')==['Wombats dig', 'Wombats here'] and 'and your notes' in repr(fastnbs('wombats')).split('\n')[-1]
    assert said('wombats in:@course')==['Wombats lecture'] and said('wombats', roots='.')==['Wombats here']
    assert 'known: @course' in repr(fastnbs('wombats in:@curse'))
    assert [o.title for o in fastlistnbs('wombats in:@course')]==['Wombats lecture']
    mine.rename(mine.parent/'elsewhere')
    assert said('wombats')==['Wombats here'] and 'are not there' in repr(fastnbs('wombats')).split('\n')[-1]

def test_in_the_home_folder_ones_notes_answer(home, monkeypatch, tmp_path_factory):
    mine = tmp_path_factory.mktemp('mine')
    (mine/'a.md').write_text('# Wombats dig')
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(home/'own.ini'))
    monkeypatch.chdir(home)
    assert not fastnbs('wombats')
    add_notes(mine)
    found = fastnbs('wombats')
    assert [h.section.heading for h in found]==['Wombats dig'] and 'too large to be searched unasked' in repr(found)

def test_notes_inside_of_the_place_that_is_refused_answer_too(home, huge, monkeypatch):
    for o in ('vault/a.md', 'vault/deep/b.md', 'other/c.md', 'work/50/d.md'): note(home/o, o)
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(home/'own.ini'))
    for o in (home/'vault/deep', home/'vault'): add_notes(o)
    add_notes(home/'other', 'other')
    for place, said in ((home, ['vault/a.md', 'vault/deep/b.md']), (huge, ['vault/a.md', 'vault/deep/b.md'])):
        monkeypatch.chdir(place)
        assert found()==said and 'too large to be searched unasked' in repr(fastnbs('quokka'))
    add_notes(huge/'50')
    assert found()==['vault/a.md', 'vault/deep/b.md', 'work/50/d.md']
    monkeypatch.chdir(home)
    assert found()==['vault/a.md', 'vault/deep/b.md', 'work/50/d.md']
    assert [h.section.heading for h in fastnbs('quokka in:@other')]==['other/c.md']

def test_the_commands_say_where_they_look_from_the_home_folder(home, monkeypatch):
    note(home/'vault/a.md', 'Mine')
    fast = lambda *argv: subprocess.run([Path(sys.executable).parent/argv[0], *argv[1:]], cwd=home, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, env={**os.environ, 'FASTDEBUG_SETTINGS':str(home/'own.ini')})
    refused = fast('fastdebug', 'info')
    assert refused.returncode==2 and 'fastdebug notes add FOLDER' in refused.stderr and '--roots' in refused.stderr
    assert 'fastdebug notes add FOLDER' in fast('fastnbs', '--help').stdout.split('Searched from')[-1]
    assert fast('fastdebug', 'notes', 'add', 'vault').returncode==0
    said = fast('fastdebug', 'info').stdout
    assert 'roots          vault\n' in said and 'your notes, the current folder being too large' in said
    assert 'Searched from here: vault (your notes' in fast('fastnbs', '--help').stdout
    assert fast('fastdebug', 'clear').stdout=='The index of vault is gone.\n'

def test_the_first_note_of_ones_own_ends_that(empty):
    assert fastnbs('gradient')[0].section.file.startswith(str(lessons_folder().resolve()))
    note(empty/'mine.md', 'Mine')
    assert found()==['Mine'] and 'lesson' not in repr(fastnbs('gradient'))
    (empty/'mine.md').unlink()
    assert fastnbs('gradient')

def test_a_place_with_only_broken_notebooks_is_not_covered_up(empty):
    (empty/'mine.ipynb').write_text('{')
    answer = fastnbs('gradient')
    assert not answer and 'mine.ipynb: not valid JSON' in repr(answer)

def test_plain_python_files_are_no_notes(empty):
    (empty/'setup.py').write_text('gradient = 1\n')
    assert fastnbs('gradient')[0].section.file.endswith('.ipynb')

def test_where_lessons_answer_what_was_not_read_is_told(empty):
    for o in ('a.txt', 'b.txt', 'thesis.docx'): (empty/o).write_text('gradient')
    said = repr(fastnbs('gradient')).split('\n')
    assert 'lessons that come with fastdebug answer' in said[0] and '2 .txt, 1 .docx not read' in said[-1]

# ---- typed in a terminal

@pytest.fixture
def fast(home, tmp_path):
    "What a command says in the home folder: (code, output, error)"
    def run(*argv):
        res = subprocess.run([Path(sys.executable).parent/argv[0], *argv[1:]], cwd=home, capture_output=True, text=True, stdin=subprocess.DEVNULL,
            env={**os.environ, 'FASTDEBUG_SETTINGS':str(tmp_path/'own.ini')})
        return res.returncode, res.stdout, res.stderr
    return run

def test_names_of_notes_are_forgiving_and_an_empty_folder_is_told(home, fast):
    note(home/'course/a.md', 'Mine')
    (home/'none').mkdir()
    assert 'nothing yet' not in fast('fastdebug', 'notes', 'add', 'course', '--as', 'Course')[1]
    assert fast('fastnbs', 'quokka', 'in:@course', '-l')[1].startswith('1 course/a.md: Mine')
    assert 'In none is nothing yet that is searched' in fast('fastdebug', 'notes', 'add', 'none')[1]
    assert fast('fastdebug', 'notes', 'remove', 'course')[0]==fast('fastdebug', 'notes', 'add', 'course', '--as', 'Course')[0]==0
    assert fast('fastdebug', 'notes', 'remove', 'COURSE')[0]==0 and 'course' not in fast('fastdebug', 'notes')[1]
    assert 'is not among your notes' in fast('fastdebug', 'notes', 'remove', 'curse')[2]

def test_a_slip_in_an_option_is_told_and_asked_for_by_nobody(home, fast):
    note(home/'course/a.md', 'Mine')
    for typed, meant in (('--josn', '--json'), ('--root', '--roots'), ('--opne=2', '--open')):
        code, out, err = fast('fastnbs', 'quokka', typed, '--roots', 'course')
        assert code==2 and not out and f'no option {typed}; did you mean {meant}?' in err
    code, out, err = fast('fastnbs', 'quokka', '--verbose', '--roots', 'course')
    assert code==2 and not out and 'no option --verbose; see --help' in err
    assert fast('fastnbs', 'quokka --josn', '--roots', 'course')[0]==0

def test_a_number_below_none_and_a_command_in_the_wrong_place_are_told_in_one_line(home, fast):
    note(home/'course/a.md', 'Mine')
    for argv in (('fastnbs', 'quokka', '-k', '-3', '--roots', 'course'), ('fastnotes', 'quokka', '-n', '-1', '--roots', 'course'), ('fastdebug', 'mds')):
        code, out, err = fast(*argv)
        assert code==2 and not out and len(err.splitlines())==1 and err.startswith('fastdebug: '), err

@pytest.mark.skipif(os.name=='nt', reason='POSIX signals')
def test_ctrl_c_ends_a_command_without_a_traceback(capsys):
    from fastdebug.cli import _run
    def stopped(): raise KeyboardInterrupt
    with pytest.raises(SystemExit) as left: _run(stopped)
    assert left.value.code==130 and capsys.readouterr().err=='fastdebug: stopped\n'

def test_who_keeps_notes_can_still_ask_the_lessons(empty, home, monkeypatch):
    note(empty/'mine.md', 'Mine')
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(home/'own.ini'))
    asked = 'how does gradient accumulation work'
    assert not fastnbs(asked)
    hits = fastnbs(f'{asked} in:@lessons')
    assert Path(hits[0].section.file).parent==lessons_folder().resolve() and '(@lessons)' in repr(hits).split('\n')[-1]
    with pytest.raises(ValueError, match='taken by the lessons'): add_notes(empty, 'Lessons')

def test_a_lesson_is_practised_beside_ones_own_notes(empty):
    from fastdebug.utils import fastpractice
    note(empty/'mine.md', 'Mine')
    assert fastpractice('0010_').file and (empty/'0010_gradient_accumulation-practice.ipynb').is_file()
    assert not fastpractice('0010_', roots='.').file

def test_what_looks_like_an_option_and_is_none_is_said(home, fast):
    note(home/'course/a.md', 'Quokka')
    for typed in ('-K', '-x'):
        code, out, err = fast('fastnbs', 'quokka', typed, '--roots', 'course')
        assert code==0 and f'"{typed}" is no option here, so it was searched for' in out, (out, err)
    assert 'no option' not in fast('fastnbs', 'quokka', '-wombat', '--roots', 'course')[1]

def test_where_nothing_is_found_it_says_how_to_search_more(home, monkeypatch):
    note(home/'work/a.md', 'Quokka')
    monkeypatch.chdir(home/'work')
    for hits in (fastnbs('zzqqy'), fastlistnbs('zzqqy')): assert 'To search other folders too, pass roots=..., or keep them for good: `fastdebug notes add FOLDER`' in repr(hits)
    assert 'To search other folders' not in repr(fastnbs('zzqqy', roots='.')) and 'To search other folders' not in repr(fastnbs('quokka'))

def test_a_list_without_words_is_as_long_as_asked_for(home):
    note(home/'course/a.md', 'Quokka')
    (home/'course/b.md').write_text(''.join(f'# Part {i}\n\ntext\n\n' for i in range(120)))
    roots = str(home/'course')
    assert [len(fastnbs('path:b', roots=roots, **kw)) for kw in ({}, {'k':5}, {'k':3}, {'k':110})]==[100, 100, 3, 110]
    assert 'the first 3 of 120 that fit' in repr(fastnbs('path:b', roots=roots, k=3)) and 'that fit' not in repr(fastnbs('path:a', roots=roots))

SETTINGS = [('settings.ini', '[fastdebug]\nroot = sub\n', '"root" in settings.ini is no setting'), ('pyproject.toml', '[tool.fastdebug]\nrots = ["sub"]\n', '"rots" in pyproject.toml is no setting'),
            ('own.ini', '[fastdebug]\nmeening = no\n', '"meening" in your settings is no setting'), ('own.ini', 'notes = ~/notes\n', 'your settings have no line [fastdebug]')]

@pytest.mark.parametrize('name,text,told', SETTINGS)
def test_a_setting_that_is_none_is_told(home, monkeypatch, name, text, told):
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(home/'work/own.ini'))
    monkeypatch.chdir(home/'work')
    note(home/'work/a.md', 'Quokka')
    assert 'setting' not in repr(fastnbs('quokka', roots='.'))
    (home/'work'/name).write_text(text)
    assert told in repr(fastnbs('quokka')) and told in repr(fastlistnbs())

def test_settings_of_others_are_their_business(home, monkeypatch):
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(home/'work/own.ini'))
    monkeypatch.chdir(home/'work')
    note(home/'work/a.md', 'Quokka')
    (home/'work/settings.ini').write_text('[DEFAULT]\nroot = sub\n\n[fastdebug]\nroots = .\n[fastdebug.links]\na = https://github.com/o/r/blob/main/a.ipynb\n')
    (home/'work/own.ini').write_text('# nothing\n[fastdebug]\nmeaning = no\n')
    assert 'no setting' not in repr(fastnbs('quokka')) and 'no line' not in repr(fastnbs('quokka'))

# ---- several lists in one question

LISTS = {'in:@course':['course'], 'in:@course in:@vault':['course', 'vault'], 'in:@vault in:@course':['course', 'vault'], 'in:@COURSE in:@Vault':['course', 'vault'], 'in:@course in:@course':['course'], 'in:@vault in:@curse':['vault'],
         'in:@course in:@lessons':['course', 'lessons'], 'in:@lessons in:@vault in:@course':['course', 'lessons', 'vault'], 'in:@lessons':['lessons'], 'in:@pair':['pair1', 'pair2'], 'in:@pair in:@vault':['pair1', 'pair2', 'vault']}

@pytest.mark.parametrize('asked', LISTS)
def test_all_the_lists_that_a_question_names_are_searched(home, monkeypatch, asked):
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(home/'own.ini'))
    for o in ('course', 'vault', 'pair1', 'pair2'):
        note(home/o/'a.md', f'gradient accumulation of {o}')
        add_notes(home/o, o.rstrip('12'))
    monkeypatch.chdir(home/'course')
    hits = fastnbs(f'gradient accumulation {asked}', k=50)
    place = lambda h: 'lessons' if Path(h.section.file).parent==lessons_folder().resolve() else Path(h.section.file).parent.name
    names, last = {place(h) for h in hits}, repr(hits).split('\n')[-1]
    assert names=={*LISTS[asked]}
    known = [o.lower() for o in dict.fromkeys(asked.replace('in:', '').split()) if o!='@curse']
    assert f'({" ".join(known)})' in last.lower() and ('no notes are kept as @curse' in last)==('@curse' in asked)

# ---- options that are none of ours

ASKED = {('quokka', '--foo'):2, ('quokka', '--limit', '3'):2, ('--foo=1', 'quokka'):2, ('quokka', '--Foo'):2, ('quokka', '--no-such-thing', 'koala'):2, ('git', 'push', '--force'):0, ('pip', 'install', '-e', '.', '--no-deps'):0,
         ('what', 'does', '--no-verify', 'do'):0, ('quokka --foo',):0, ('--', 'quokka', '--foo'):0, ('quokka', '-koala'):0, ('quokka', '--'):0, ('docker', 'run', '--rm', '-it', 'x'):0, ('train.py', '--lr', '3e-4'):2, ('python', 'train.py', '--lr', '3e-4'):0}

@pytest.mark.parametrize('typed', ASKED, ids=' '.join)
def test_an_option_that_is_none_is_an_error_but_for_a_pasted_command(home, capsys, typed):
    from fastdebug.cli import _parse, nbs_parser, notes_parser
    for parser in (nbs_parser(), notes_parser(), nbs_parser('*')):
        if not ASKED[typed]: assert _parse(parser, [*typed]).question==[o for o in typed if o!='--']
        else:
            with pytest.raises(SystemExit) as left: _parse(parser, [*typed])
            bad = next(o for o in typed if o[:2]=='--')
            assert left.value.code==2 and f'no option {bad}; ' in capsys.readouterr().err

def test_what_the_commands_say(home, fast):
    import json
    for i in range(3): note(home/f'course/{i}.md', f'Quokka {i}')
    lines = fast('fastnbs', 'quokka', '-l', '--roots', 'course')[1].split('\n')[:3]
    assert [o.split(' ')[0] for o in lines]==['1', '2', '3']
    third = json.loads(fast('fastnbs', 'quokka', '--json', '--roots', 'course')[1])['hits'][2]
    assert lines[2]==f'3 course/{Path(third["file"]).name}: {third["heading"]}'
    for name in ('fastnbs', 'fastnotes'): assert f'Ask something, for example: {name} "how does gradient' in fast(name, '', '--roots', 'course')[1]
    for typed, meant in (('inf', 'info'), ('note', 'notes'), ('claer', 'clear'), ('fetsch', 'fetch')):
        assert f'no command {typed}; did you mean {meant}?' in fast('fastdebug', typed)[2]
    assert 'invalid choice' in fast('fastdebug', 'wombat')[2]
    told = json.loads(fast('fastdebug', 'info', '--json', '--roots', 'course')[1])['data']
    assert (told['files'], told['sections'], told['roots'], told['skipped'])==(3, 3, [str(home/'course')], []) and told['bytes']>0
    assert ' kB)' in fast('fastdebug', 'info', '--roots', 'course')[1]
    fast('fastdebug', 'notes', 'add', 'course', '--as', 'course')
    assert json.loads(fast('fastdebug', 'notes', '--json')[1])['data']=={'notes':[dict(folder=str(home/'course'), name='course', there=True)]}
    assert fast('fastdebug', 'clear', '--roots', 'course')[1]=='The index of course is gone.\n'
    assert fast('fastdebug', 'clear', '--roots', 'course')[1]=='There was no index of course.\n'
