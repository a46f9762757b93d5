"A link in a cloned repository must not show private files; where links lead out of the roots, they are named and not followed"
import os

import pytest

from fastdebug.config import find_config
from fastdebug.search import Searcher
from fastdebug.sources import Walker
from fastdebug.utils import fastlistnbs, fastnbs, fastnotes

SECRET = 'quokka-4711'

@pytest.fixture
def clone(tmp_path, fresh_cache, reader):
    "A repository with links to a person's keys: to a file, a folder, a link to a link, a link beside the root of the same beginning"
    home, repo = tmp_path/'home', tmp_path/'home'/'src'/'repo'
    for o in (home/'.ssh', home/'.aws', repo/'.git', home/'src'/'repo-private'): o.mkdir(parents=True)
    for o in (home/'.ssh'/'id_rsa', home/'.aws'/'keys.md', home/'src'/'repo-private'/'a.md'): o.write_text(f'# Key\n\n{SECRET}\n')
    (repo/'a.md').write_text('# Readme\n\nNothing here.\n')
    (repo/'docs.md').symlink_to('../../.ssh/id_rsa')
    (repo/'more').symlink_to('../../.aws')
    (repo/'twice.md').symlink_to('docs.md')
    (repo/'beside').symlink_to('../repo-private')
    (repo/'abs.md').symlink_to(home/'.aws'/'keys.md')
    return repo

def shown(hits): return repr(hits)+hits._repr_markdown_()

@pytest.mark.parametrize('ask', [fastnbs, fastnotes])
def test_what_links_lead_to_outside_is_not_found(clone, ask):
    hits = ask(SECRET, roots=str(clone))
    assert not len(hits)
    assert SECRET not in shown(hits).replace(f'"{SECRET}"', '')

def test_each_link_that_leads_out_is_named(clone):
    skipped = dict(Searcher(find_config(str(clone))).search('x').scope.skipped)
    assert {os.path.basename(p) for p,why in skipped.items() if 'leads out of the roots' in why}=={'docs.md', 'more', 'twice.md', 'beside', 'abs.md'}
    assert 'follow_links=True' in repr(fastnbs('x', roots=str(clone)))

def test_a_person_may_ask_for_them(clone):
    for ask in (fastnbs, fastnotes): assert len(ask(SECRET, roots=str(clone), follow_links=True))
    assert len(fastlistnbs('key', roots=str(clone), follow_links=True)) and not len(fastlistnbs('key', roots=str(clone)))
    assert not len(fastnbs(SECRET, roots=str(clone))), 'and then no longer'

def test_settings_of_the_clone_may_not(clone, monkeypatch):
    monkeypatch.chdir(clone)
    (clone/'settings.ini').write_text('[fastdebug]\nfollow_links = yes\n')
    assert not find_config().follow_links and not len(fastnbs(SECRET))

def test_links_inside_the_roots_are_followed(clone):
    (clone/'deep').mkdir()
    (clone/'deep'/'b.md').write_text('# Momentum\n')
    (clone/'link').symlink_to('deep')
    (clone/'link.md').symlink_to('a.md')
    scan = Walker((str(clone),)).scan()
    assert {os.path.basename(p) for p in scan.files}=={'a.md', 'b.md'}
    assert not {str(clone/'link'), str(clone/'link.md')} & {*scan.skipped}

def test_a_link_between_two_roots_is_followed(clone):
    assert len(fastnbs(SECRET, roots=[str(clone), str(clone.parent/'repo-private')]))

def test_pictures_outside_of_the_roots_are_not_shown(clone):
    (clone.parent.parent/'private.png').write_bytes(b'\x89PNG\r\n\x1a\n'+b'0'*100)
    (clone/'p.png').symlink_to('../../private.png')
    (clone/'a.md').write_text('# Readme\n\n![a](p.png) ![b](../../private.png)\n')
    assert 'base64' not in shown(fastnbs('readme', roots=str(clone)))
