"""A hub is made anew beside the old one, which answers until the new one is whole; whatever interrupts that, readers notice nothing."""
import json
import pytest
from fastdebug.address import parse_address
from fastdebug.config import find_config
from fastdebug.core import HubError
from fastdebug.crawl import Crawler
from fastdebug.hub import Hub
from fastdebug.search import Searcher
from people import PASSWORD
from test_crawled import Interrupted, compare, fill, stop_at, whole

pytestmark = pytest.mark.opensearch

@pytest.fixture
def filled(address, tmp_path):
    fill(tmp_path/'notes', 0)
    Crawler(address, [tmp_path/'notes'], public=True, shards=1).look()
    return tmp_path/'notes'

def indexes(engine, address): return {o.split()[0] for o in engine.ask(f'_cat/indices/{parse_address(address).index}-*?h=index').decode().splitlines()}

def test_the_old_one_answers_until_the_new_one_is_whole(filled, address, engine, monkeypatch):
    fill(filled, 1)
    crawler, versions, plain = Crawler(address, [filled], public=True, rebuild=True, shards=2), [], Hub.switch
    def switch(*args):
        versions.append(whole_version(address))
        plain(*args)
        versions.append(whole_version(address))
    monkeypatch.setattr(Hub, 'switch', switch)
    crawler.look()
    assert versions==['v0', 'v1']
    name = parse_address(address).index
    assert indexes(engine, address)=={f'{name}-2'}
    fill(filled, 2)
    crawler.look() # goes on with the new one
    compare(address, filled)
    assert Hub(parse_address(address), own=True).current()==2

def whole_version(address):
    whole(address)
    return Searcher(find_config(address)).search('zuvax').hits[0].section.heading.split()[-1]

def test_interrupted_anywhere_the_hub_is_whole(filled, address, engine, monkeypatch):
    for n in range(1, 40, 3):
        fill(filled, n)
        reached = None
        with monkeypatch.context() as m:
            reached = stop_at(m, n)
            try: Crawler(address, [filled], public=True, rebuild=True, shards=1, grace=0).look()
            except Interrupted: pass
        whole(address)
        if not reached(): break
    assert n>9
    compare(address, filled)
    assert len(indexes(engine, address))==1

def test_another_version_is_refused_and_made_anew(filled, address, monkeypatch):
    for o in ('hub', 'hub_writer'): monkeypatch.setattr(f'fastdebug.{o}.FORMAT', '1.next')
    with pytest.raises(HubError, match='--rebuild'): Crawler(address, [filled], public=True)
    with pytest.raises(HubError, match='another version'): Searcher(find_config(address)).search('zuvax')
    Crawler(address, [filled], public=True, rebuild=True).look()
    compare(address, filled)

def test_what_was_not_named_is_not_lost(filled, address, tmp_path):
    fill(tmp_path/'more', 0, 2)
    Crawler(address, [tmp_path/'more'], public=True).look()
    with pytest.raises(HubError, match='more would be lost'): Crawler(address, [filled], public=True, rebuild=True)
    both = Crawler(address, [filled, tmp_path/'more'], public=True, rebuild=True)
    assert both.look().files==10
    assert Searcher(find_config(address)).search('zuvax').scope.files==10

def test_a_disk_that_is_not_there_is_not_missed_silently(filled, address, tmp_path):
    kept = {o:o.read_text() for o in filled.iterdir()}
    def anew(**how): return Crawler(address, [filled], public=True, rebuild=True, grace=0, **how).look()
    for o in kept: o.unlink()
    with pytest.raises(HubError, match='is empty, so the old index goes on'): anew()
    for o,text in [*kept.items()][:5]: o.write_text(text)
    with pytest.raises(HubError, match='3 of 8 files are gone'): anew()
    assert Searcher(find_config(address)).search('zuvax').scope.files==8
    assert anew(prune=True).files==5
    assert Searcher(find_config(address)).search('zuvax').scope.files==5

def test_two_at_once_are_one(filled, address, tmp_path):
    first = Crawler(address, [filled], public=True, rebuild=True)
    plain, said = first.hub.switch, []
    def switch(*args):
        with pytest.raises(HubError, match='by somebody else'): Crawler(address, [filled], public=True, rebuild=True)
        said.append(plain(*args))
    first.hub.switch = switch
    first.look()
    assert said
    compare(address, filled)

def test_the_crawlers_own_login_suffices(filled, address, engine, monkeypatch):
    index = parse_address(address).index
    Hub(parse_address(address), own=True).put_roles()
    put = lambda path, body: engine.ask(f'_plugins/_security/api/{path}', method='PUT', body=json.dumps(body), seconds=120)
    put('internalusers/crawler', dict(password=PASSWORD))
    put(f'rolesmapping/{index}-crawler', dict(users=['crawler']))
    monkeypatch.setenv('FASTDEBUG_HUB_AUTH', f'crawler:{PASSWORD}')
    fill(filled, 1)
    Crawler(address, [filled], public=True, rebuild=True, shards=1).look()
    monkeypatch.setenv('FASTDEBUG_HUB_AUTH', ':'.join(engine.auth))
    compare(address, filled)
    assert indexes(engine, address)=={f'{index}-2'}

def test_where_there_is_none_it_is_the_first(address, tmp_path):
    fill(tmp_path/'notes', 0)
    Crawler(address, [tmp_path/'notes'], public=True, rebuild=True).look()
    compare(address, tmp_path/'notes')
