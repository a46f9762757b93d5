"Only what is surely ours is ever deleted: every removal of the package against a folder that holds a person's own files"
import os
from pathlib import Path

import pytest

from fastdebug.cli import main
from fastdebug.config import find_config
from fastdebug.engine import FORMAT
from fastdebug.folder import MARK, clear_cache, discard, index_folder, mark, remove_index, remove_outdated, remove_tree, sweep_discarded
from fastdebug.search import Searcher


def ask(roots): return Searcher(find_config(str(roots))).search('momentum')

def write(path, text='mine'):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path

def run(*args):
    with pytest.raises(SystemExit) as e: main([*args])
    return e.value.code

@pytest.fixture
def notes(tmp_path):
    return write(tmp_path/'notes'/'a.md', '# Momentum\n\nKeeps going.\n').parent


def test_clear_all_keeps_the_folder_that_fastdebug_cache_names(fresh_cache, notes, reader, capsys):
    "The attack: FASTDEBUG_CACHE=~/work, and `fastdebug clear --all`"
    mine = [write(fresh_cache/o) for o in ('thesis.md', 'data/results.csv', 'index-cards/a.txt', 'models/mine/model.bin',
                                           'index-9/0123456789abcdef01234567/thesis.md', 'index-9-v1/notes.md', 'vectors/v.bin')]
    ask(notes)
    index = Path(index_folder(find_config(str(notes)), FORMAT))
    assert (index/'meta.json').exists() and (index/MARK).exists()
    data = fresh_cache/'data'/'abc'
    write(data/'images'/'1.png'), mark(data)
    assert run('clear', '--all')==0
    assert all(o.read_text()=='mine' for o in mine)
    assert not index.exists() and not data.exists()
    assert 'thesis.md' in capsys.readouterr().out

def test_clear_drops_the_index_of_these_roots_alone(fresh_cache, notes, reader, tmp_path):
    other = write(tmp_path/'other'/'b.md', '# Momentum\n').parent
    ask(notes), ask(other)
    folders = [Path(index_folder(find_config(str(o)), FORMAT)) for o in (notes, other)]
    assert run('clear', '--roots', str(notes))==0
    assert [(o/'meta.json').exists() for o in folders]==[False, True]

def test_what_others_put_into_an_index_stays(fresh_cache, notes, reader):
    ask(notes)
    index = Path(index_folder(find_config(str(notes)), FORMAT))
    mine = write(index/'mine.md')
    assert run('clear', '--roots', str(notes))==0
    assert mine.exists() and not (index/'meta.json').exists()
    assert ask(notes).hits, 'the folder is used again'

@pytest.mark.parametrize('ours, mine', [('data/abc/set/1.png', 'data/abc/set/models/mine.pth'), ('models/a--b/onnx/model.onnx', 'models/a--b/onnx/notes.md'),
                                        ('vectors/v/k/rows', 'vectors/v/k/rows.csv')])
def test_what_others_put_into_a_folder_of_ours_stays(fresh_cache, ours, mine):
    "A lesson's trained network, for example, which fastai saves beside the data"
    top, ours, mine = fresh_cache.joinpath(*Path(ours).parts[:2]), write(fresh_cache/ours), write(fresh_cache/mine)
    mark(top)
    if 'data' in ours.parts: (top/MARK).write_text('abc 1\nset/1.png')
    assert run('clear', '--all')==0
    assert mine.read_text()=='mine' and not ours.exists() and (top/MARK).exists()

@pytest.mark.parametrize('remove', [remove_index, remove_tree, discard, sweep_discarded])
def test_nothing_is_deleted_without_our_mark(tmp_path, remove):
    "Names like ours are not enough"
    folder = tmp_path/'index-9'/'0123456789abcdef01234567'
    mine = [write(folder/'meta.json'), write(tmp_path/'index-9'/f'{folder.name}.{"0"*32}.old'/'meta.json')]
    remove(str(folder))
    assert all(o.exists() for o in mine)

@pytest.mark.parametrize('remove', [remove_index, remove_tree, discard, lambda o: clear_cache(Path(o).parent.parent)])
@pytest.mark.parametrize('name', ['index-9/0123456789abcdef01234567', 'data/pets', 'models/m', 'vectors/v'])
def test_nothing_is_deleted_through_a_link(tmp_path, remove, name):
    "Neither a linked folder, nor one in a linked folder, nor what a link inside leads to; even if there is a mark at the other end"
    home = tmp_path/'home'
    mine = [write(home/'papers'/'meta.json'), write(home/'papers'/'deep'/'x.md')]
    mark(home/'papers')
    linked = tmp_path/'one'/name
    linked.parent.mkdir(parents=True)
    linked.symlink_to(home/'papers', target_is_directory=True)
    remove(str(linked))
    real = tmp_path/'two'/name
    real.mkdir(parents=True), mark(real)
    for o in ('meta.json', 'deep', 'cd34.store'): (real/o).symlink_to(home/'papers'/'deep')
    remove(str(real))
    parent = tmp_path/'three'/name
    write(home/name.split('/')[0]/parent.name/'meta.json'), mark(home/name.split('/')[0]/parent.name)
    parent.parent.parent.mkdir(parents=True, exist_ok=True)
    parent.parent.symlink_to(home/parent.parent.name, target_is_directory=True)
    clear_cache(tmp_path/'three')
    assert all(o.exists() for o in (*mine, home/parent.parent.name/parent.name/'meta.json'))

def test_an_outdated_index_goes_and_a_folder_that_looks_like_one_stays(fresh_cache, notes):
    config = find_config(str(notes))
    old, now = index_folder(config, '1-v0.1'), index_folder(config, FORMAT)
    theirs = fresh_cache/'index-1'/('ab'*12)
    write(theirs/'meta.json')
    for o in (old, theirs): os.utime(o, (1, 1))
    remove_outdated(now)
    assert not os.path.exists(old) and (theirs/'meta.json').exists()

@pytest.mark.skipif(not hasattr(os, 'getuid') or os.getuid()!=0, reason='only root can give a folder away')
def test_a_cache_folder_of_another_user_is_refused(fresh_cache, notes, reader, capsys):
    fresh_cache.mkdir()
    os.chmod(fresh_cache, 0o777), os.chown(fresh_cache, 12345, 12345)
    answer = ask(notes)
    assert answer.hits and 'in memory' in ' '.join(answer.scope.notes)
    assert not os.listdir(fresh_cache)
    assert run('clear', '--all')==2 and 'another user' in capsys.readouterr().err
