"What a folder that is searched, or a project that one stands in, may say; and what its small files may be"
import json, os, sys, time
from pathlib import Path

import pytest

from fastdebug.config import find_config, read_personal, read_settings
from fastdebug.core import RootsError
from fastdebug.images import read_image
from fastdebug.notes import add_notes, remove_notes
from fastdebug.reader import find_servers, git_remote
from fastdebug.search import Searcher
from fastdebug.utils import fastnbs

@pytest.fixture
def project(tmp_path, fresh_cache, reader, monkeypatch):
    "A project of somebody else, in which the reader stands, beside private notes"
    (tmp_path/'private').mkdir()
    (tmp_path/'private'/'diary.md').write_text('# Secret\n\nquokka\n')
    home = tmp_path/'project'
    (home/'.git').mkdir(parents=True)
    (home/'a.md').write_text('# Momentum\n\nKeeps going.\n')
    monkeypatch.chdir(home)
    return home

def say(project, ini='', toml=''):
    (project/'settings.ini').write_text(ini)
    (project/'pyproject.toml').write_text(toml)


OUTSIDE = ['..', '../private', '/', '~', '../private/diary.md', 'a.md\n  ../private', 'link']

@pytest.mark.parametrize('root', OUTSIDE)
def test_roots_of_a_project_stay_inside_it(project, root):
    (project/'link').symlink_to('../private')
    for files in (dict(ini=f'[fastdebug]\nroots = {root}\n'), dict(toml=f'[tool.fastdebug]\nroots = {json.dumps(root.split())}\n')):
        say(project, **files)
        with pytest.raises(RootsError, match='outside of the project'): find_config()
        assert 'outside of the project' in repr(fastnbs('quokka')) and 'Secret' not in repr(fastnbs('quokka'))

def test_roots_inside_are_taken(project):
    (project/'nbs').mkdir()
    for root in ('nbs', '.', './nbs/../nbs', 'a.md'):
        say(project, ini=f'[fastdebug]\nroots = {root}\n')
        assert find_config().roots_from=='settings.ini'

@pytest.mark.parametrize('url', ['https://evil.example/kaggle.com', 'https://kaggle.com.evil.example', 'https://kaggle.com@evil.example/', 'http://xn--kggle-5qa.com'])
def test_no_address_is_named_after_another_site(project, url):
    say(project, ini=f'[fastdebug.links]\na = {url}\n', toml=f'[tool.fastdebug.links]\n"a" = {{kaggle = "{url}", colab = "{url}", github = "{url}", jupyter = "{url}"}}\n')
    links = fastnbs('momentum')[0].links
    assert not [l for l in links if 'evil' in l.url or 'xn--' in l.url]

WISHES = dict(model='./model', meaning='yes', follow_links='yes', hub='https://evil.example', notes='../private', remote_images='yes', FASTDEBUG_SETTINGS='./own.ini')

def test_a_project_names_nothing_that_is_loaded_fetched_or_followed(project, monkeypatch):
    ran = project.parent/'ran'
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(project.parent/'no.ini'))
    monkeypatch.syspath_prepend(str(project/'model'))
    (project/'model').mkdir()
    (project/'model/evil.py').write_text(f'open({str(ran)!r}, "w")\nclass Evil: pass\n')
    (project/'model/modules.json').write_text(json.dumps([dict(idx=0, name='0', path='', type='evil.Evil')]))
    for o in ('model.onnx', 'tokenizer.json', 'config.json'): (project/'model'/o).write_text('{}')
    (project/'out.md').symlink_to('../private/diary.md')
    say(project, '[fastdebug]\n'+''.join(f'{k} = {v}\n' for k,v in WISHES.items()), '[tool.fastdebug]\n'+''.join(f'{k} = {json.dumps(v)}\n' for k,v in WISHES.items()))
    plain, found = find_config(project.parent/'private'), find_config()
    assert (found.model, found.meaning, found.follow_links, found.named)==(plain.model, plain.meaning, False, ())
    assert found.roots==(str(project),)
    hits = fastnbs('quokka momentum')
    assert 'Secret' not in repr(hits) and not ran.exists() and 'evil' not in sys.modules
    assert ('out.md', 'a link that leads out of the roots') in [(os.path.basename(p), why) for p,why in hits.scope.skipped]

def test_a_project_cannot_choose_where_to_write(project, fresh_cache):
    say(project, ini='[fastdebug]\ncache_dir = ./here\nFASTDEBUG_CACHE = ./here\n', toml='[tool.fastdebug]\ncache_dir = "here"\n')
    assert find_config().cache_dir==str(fresh_cache)
    fastnbs('momentum')
    assert sorted(os.listdir(project))==['.git', 'a.md', 'pyproject.toml', 'settings.ini']


# a person's own settings, however they were written, keep a list of folders without harm

OWN = ['[fastdebug]\r\nmeaning = no\r\nnotes =\r\n    /tmp\r\n[other]\r\na = b\r\n', '[fastdebug]\nnotes =\n    /tmp\n# not now\n    /usr\n\n  ; nor this\nmeaning = no\n', '[fastdebug] ; mine\nmeaning = no\n', ' [fastdebug]\n meaning = no\n',
    '\ufeff[fastdebug]\nmeaning = no', '[fastdebug]\nnotes= /tmp\n\n\n', '[other]\nnotes = mine\n[fastdebug.links]\na = b\n', '', '# nothing', '[fastdebug]\nmeaning = no\n[fastdebug]\n', '[fastdebug]\nnotes : /tmp\n', '[fastdebug]\nnotes = /tmp\x85/usr\n', '[fastdebug]\nmeaning = no\x0cnotes = /usr\n']

@pytest.mark.parametrize('text', OWN)
def test_own_settings_keep_what_they_say(tmp_path, monkeypatch, text):
    own = tmp_path/'own.ini'
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(own))
    own.write_bytes(text.encode())
    try: before = read_personal()
    except RootsError: # as it was, it can't be read; it must stay as it is
        with pytest.raises(RootsError): add_notes(tmp_path)
        assert own.read_bytes()==text.encode()
        return
    add_notes(tmp_path)
    assert read_personal().notes==(*before.notes, ('', str(tmp_path))) and read_personal().meaning==before.meaning
    assert [o for o in text.splitlines() if o.strip()[:1] in ('#', ';')]==[o for o in own.read_text().splitlines() if o.strip()[:1] in ('#', ';')]
    assert ('\r\n' in text)==(b'\r\n' in own.read_bytes())
    remove_notes(tmp_path)
    assert read_personal()==before

def test_a_folder_that_no_line_can_hold_changes_nothing(tmp_path, monkeypatch):
    (tmp_path/'a ').mkdir()
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(tmp_path/'own.ini'))
    with pytest.raises(RootsError, match='read otherwise'): add_notes(tmp_path/'a ')
    assert not (tmp_path/'own.ini').exists()

@pytest.mark.parametrize('pattern', ['['*100_000, '*a'*50_000+'b', '?'*100_000, '[!'*50_000])
def test_a_pattern_of_links_keeps_nobody_busy(project, pattern):
    (project/'settings.ini').write_text(f'[fastdebug.links]\n{pattern} = https://github.com/a/b\n')
    is_quick(lambda: None if len(fastnbs('momentum')) else pytest.fail('nothing found'))


# small files

def is_quick(f, seconds=3):
    "`f` ends in time: it neither waits nor grows"
    start = time.process_time()
    f()
    assert time.process_time()-start < seconds

def fifo(path): os.mkfifo(path)
def zero(path): path.symlink_to('/dev/zero')
def nul(path): path.write_bytes(b'[fastdebug]\nroots = a\0b\nref: refs/heads/\0\n')
def huge(path): path.write_text('[fastdebug]\n'+'x = 1\n'*1_000_000)
def deep(path): path.write_text('[tool.fastdebug]\nroots = '+'['*100_000)
def braces(path): path.write_text('[tool.fastdebug]\nroots = '+'{a='*100_000)
def names(path): path.write_text('[tool.fastdebug]\n'+'a.'*100_000+'b = 1')
def keys(path): path.write_text('[tool.fastdebug]\n'+''.join(f'k{i} = 1\n' for i in range(100_000)))
def sections(path): path.write_text('[fastdebug]\n'+''.join(f'[s{i}]\n' for i in range(100_000)))
def blanks(path): path.write_text('[fastdebug'+' '*200_000+'x\n'+'[core'+' '*200_000+'\n')
def folder(path): path.mkdir()
def latin(path): path.write_bytes(b'[fastdebug]\nroots = \xe9\n')
def loop(path): path.symlink_to(path.name)
KINDS = [fifo, zero, nul, huge, deep, braces, names, keys, sections, blanks, folder, latin, loop]
if sys.platform=='win32': KINDS = KINDS[2:-1]

@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('name', ['settings.ini', 'pyproject.toml'])
def test_settings_out_of_an_archive(project, kind, name):
    "They are read, or refused in words; never waited for"
    kind(project/name)
    def work():
        try: read_settings(project)
        except RootsError as e: assert name in str(e)
        assert fastnbs('momentum') is not None
    is_quick(work)

@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('name', ['settings.ini', 'pyproject.toml'])
def test_settings_of_a_searched_folder_are_no_reason_not_to_search_it(project, tmp_path, kind, name, monkeypatch):
    kind(project/name)
    (tmp_path/'elsewhere').mkdir()
    monkeypatch.chdir(tmp_path/'elsewhere')
    is_quick(lambda: None if len(fastnbs('momentum', roots=str(project))) else pytest.fail('nothing found'))

@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('name', ['HEAD', 'config', 'commondir', '.git'])
def test_git_files_out_of_an_archive(project, kind, name):
    git = project/'.git'
    (git/'HEAD').write_text('ref: refs/heads/main\n')
    (git/'config').write_text('[remote "origin"]\n\turl = https://github.com/a/b\n')
    if name=='.git':
        for o in ('HEAD', 'config'): (git/o).unlink()
        git.rmdir()
        kind(git)
    else:
        (git/name).unlink(missing_ok=True)
        kind(git/name)
    is_quick(lambda: git_remote(project))
    is_quick(lambda: None if len(fastnbs('momentum', roots=str(project))) else pytest.fail('nothing found'))

SERVERS = ['{"url":"http://localhost:1/","root_dir":"/","pid":Infinity}', '{"url":"http://localhost:1/","root_dir":"/","pid":NaN}', '['*100_000,
    '{"a":'*50_000, '{"url":"http://localhost:1/","root_dir":"/","pid":-1}', '{"url":"http://localhost:1/","root_dir":"/","pid":0}', '[]', '7', 'null',
    '{"url":7,"root_dir":"/","pid":1}', '{"url":"http://localhost:1/","root_dir":"/\\u0000","pid":1}', '{"url":"http://localhost:1/","root_dir":"/","pid":1e999}',
    '{"url":"http://[","root_dir":"/","pid":1}', '{"url":"http://x","root_dir":"/","pid":'+'9'*5000+'}', '"'+'x'*2_000_000+'"']

@pytest.mark.parametrize('number', range(len(SERVERS)))
def test_what_says_it_is_a_server(reader, tmp_path, number):
    runtime = tmp_path/'runtime'
    runtime.mkdir(exist_ok=True)
    (runtime/'jpserver-1.json').write_text(SERVERS[number])
    is_quick(lambda: None if find_servers()==[] else pytest.fail('taken for a server'))

@pytest.mark.parametrize('kind', KINDS)
def test_what_stands_where_a_server_is_told_of(reader, tmp_path, kind):
    runtime = tmp_path/'runtime'
    runtime.mkdir(exist_ok=True)
    kind(runtime/'jpserver-1.json')
    is_quick(lambda: None if find_servers()==[] else pytest.fail('taken for a server'))

@pytest.mark.parametrize('kind', KINDS)
def test_a_gitignore_out_of_an_archive(project, kind):
    kind(project/'.gitignore')
    is_quick(lambda: None if len(fastnbs('momentum', roots=str(project))) else pytest.fail('nothing found'))

@pytest.fixture
def touched(monkeypatch):
    "Every path that is looked at; at some, such as /net/HOST, a system asks the network"
    seen = []
    for name in ('stat', 'lstat', 'readlink', 'scandir', 'open'):
        def watched(path, *args, real=getattr(os, name), **kw):
            seen.append(str(path))
            return real(path, *args, **kw)
        monkeypatch.setattr(os, name, watched)
    return seen

AWAY = '/net/evil.example/share'

def test_no_place_that_a_clone_names_is_looked_at(project, touched):
    (project/'settings.ini').write_text(f'[fastdebug]\nroots = {AWAY}\n')
    with pytest.raises(RootsError, match='lies outside'): find_config(cwd=project)
    (project/'settings.ini').write_text('')
    (project/'.git/commondir').write_text(AWAY)
    assert git_remote(project) is None
    (project/'.git').rename(project/'git')
    (project/'.git').write_text(f'gitdir: {AWAY}/.git\n')
    assert git_remote(project) is None
    up = '../'*len(project.parts)
    assert read_image(up+AWAY[1:]+'/a.png', str(project), [str(project)]) is None
    assert touched and not [o for o in touched if 'evil.example' in o]
