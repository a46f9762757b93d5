"`fastdebug mds` in a folder that somebody else made: it runs nothing, writes and deletes nothing but pages of ours"
import os

import pytest

from fastdebug.core import FastdebugError
from fastdebug.mds import build_mds, check_mds
from notebooks import md, write

RUN = "{{ cycler.__init__.__globals__.os.mkdir('ran') }}"

@pytest.fixture
def project(tmp_path, monkeypatch):
    top = tmp_path/'project'
    write(top/'nbs/a.ipynb', md('# A'))
    (top/'settings.ini').write_text('[DEFAULT]\nlib_name = other\n')
    monkeypatch.chdir(top)
    return top

def test_a_template_in_the_current_folder_is_not_run(project):
    (project/'markdown').mkdir()
    (project/'markdown/conf.json').write_text('{"base_template": "base"}')
    (project/'markdown/index.md.j2').write_text(RUN)
    assert build_mds(project)==['mds/a.md'] and '# A' in (project/'mds/a.md').read_text()
    assert not (project/'ran').exists()

def test_another_project_is_not_written_unasked(project):
    (project/'README.md').write_text('mine')
    write(project/'nbs/index.ipynb', md('# Index'))
    for work in (build_mds, check_mds):
        with pytest.raises(FastdebugError, match='is another project'): work()
    assert (project/'README.md').read_text()=='mine' and not (project/'mds').exists()

def test_nothing_is_written_or_deleted_through_a_link(project, tmp_path):
    mine = tmp_path/'mine'
    mine.mkdir()
    (mine/'thesis.md').write_text('---\nsource: nbs/gone.ipynb\n---\nmine')
    before = sorted(os.listdir(mine))
    (project/'mds').symlink_to(mine, target_is_directory=True)
    with pytest.raises(FastdebugError, match='is a link'): build_mds(project)
    (project/'mds').unlink()
    (project/'mds').mkdir()
    (project/'mds/a.md').symlink_to(mine/'thesis.md')
    with pytest.raises(FastdebugError, match='is a link'): build_mds(project)
    assert sorted(os.listdir(mine))==before and (mine/'thesis.md').read_text().endswith('mine')

def test_files_of_others_stay(project):
    build_mds(project)
    (project/'mds/mine').mkdir()
    for o in ('mds/thesis.md', 'mds/mine/data.csv'): (project/o).write_text('mine')
    (project/'nbs/a.ipynb').unlink()
    assert build_mds(project)==['mds/a.md']
    assert sorted(o.name for o in (project/'mds').rglob('*'))==['data.csv', 'mine', 'thesis.md']
