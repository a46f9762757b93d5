"""A crawler may be interrupted anywhere, killed, run twice, and find a disk gone or an engine that is busy: afterwards the hub answers
as an index just made, and meanwhile each file is whole, in its old form or its new one."""
import json, shutil, subprocess, sys, time
from threading import Thread
import pytest
from fastdebug import cli, hub_writer
from fastdebug.address import parse_address
from fastdebug.config import find_config
from fastdebug.core import HubError
from fastdebug.crawl import Crawler
from fastdebug.hub import Hub
from fastdebug.search import Searcher
from people import PASSWORD
from scale import SCALE, draw
from test_same_as_at_home import at_home, same_answers, write

QUESTIONS = 'zuvax', 'bilom', 'kordu guhab', '"guhab and mulod"', 'fenip'

def fill(top, version, n=8):
    "Notes of which every section says which version it is of"
    for i in range(n): write(top/f'{i}.md', f'# Zuvax {i} v{version}\n\n{"bilom "*(i+version)}kordu v{version}\n\n## Fenip {i} v{version}\n\nguhab and mulod v{version}\n')

def compare(address, top):
    own, hub = at_home(top), Searcher(find_config(address))
    same_answers(own, hub, QUESTIONS, top)
    a, b = own.look().snapshot.manifest, hub.join_hub(hub.look()).snapshot.manifest
    assert (a.sections, a.lengths, len(a.searched))==(b.sections, b.lengths, len(b.searched))

def whole(address):
    "Each file that answers is of one version, and all of it is there"
    answer, found = Searcher(find_config(address)).search('zuvax fenip guhab kordu', 100), {}
    for h in answer.hits: found.setdefault(h.section.file, []).append(h.section.heading.split()[-1])
    assert found and all(len(o)==2 and len({*o})==1 for o in found.values()), found

class Interrupted(Exception): pass

def stop_at(monkeypatch, n):
    "Interrupt the writer before its n-th request; False when it never came to that"
    count, plain = [0], Hub.ask
    def ask(self, work, ignore=()):
        count[0] += 1
        if count[0]==n: raise Interrupted
        return plain(self, work, ignore)
    monkeypatch.setattr(Hub, 'ask', ask)
    return lambda: count[0]>=n

def test_interrupted_before_each_of_its_requests(address, tmp_path, monkeypatch):
    top, version = tmp_path/'notes', 0
    fill(top, version)
    Crawler(address, [top], public=True, shards=1).look()
    monkeypatch.setattr(hub_writer, '_BATCH', 6_000) # several batches
    for n in range(1, 100, 2):
        version += 1
        fill(top, version)
        crawler = Crawler(address, [top], public=True, grace=0)
        with monkeypatch.context() as m:
            reached = stop_at(m, n)
            try: crawler.look()
            except Interrupted: pass
        whole(address)
        if not reached(): break
    assert n>12
    Crawler(address, [top], public=True, grace=0).look()
    compare(address, top)

# says when it begins to write, in several batches
CRAWL = """
import sys
from fastdebug import cli, hub_writer
hub_writer._BATCH, plain = 6_000, hub_writer.HubWriter._send
def send(*args):
    print('writes', flush=True)
    plain(*args)
hub_writer.HubWriter._send = send
cli.main(['crawl', sys.argv[1], '--to', sys.argv[2], '--public'])
"""

def start_crawl(top, address):
    "A crawler in a process of its own, which has begun to write"
    p = subprocess.Popen([sys.executable, '-c', CRAWL, str(top), address], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert p.stdout.readline()=='writes\n', p.communicate()
    return p

def wait_for_quiet(engine):
    "What a crawler had sent before it was killed is written after its death, and a sweep must not come before that"
    quiet = 0
    while quiet<5:
        quiet = quiet+1 if {*engine.ask('_cat/thread_pool/write?h=active,queue').split()}=={b'0'} else 0
        time.sleep(.2)

def test_killed_and_started_again(address, tmp_path, engine):
    top, hat = tmp_path/'notes', draw('kills')
    fill(top, 0, 40)
    p, start = start_crawl(top, address), time.monotonic()
    assert 'Wrote 40' in p.communicate()[0] and p.returncode==0
    writes = time.monotonic()-start
    died = 0
    for i in range(1, 8*SCALE+1):
        fill(top, i, 40)
        p = start_crawl(top, address)
        time.sleep(hat.uniform(0, writes))
        p.kill()
        p.communicate()
        died += p.returncode!=0
        whole(address)
    assert died>4*SCALE
    wait_for_quiet(engine)
    Crawler(address, [top], public=True, grace=0).look()
    compare(address, top)

def test_a_file_that_is_written_anew_while_it_is_asked_for_answers(address, tmp_path, monkeypatch):
    "Between the search and the look at its generation"
    top, plain, times = tmp_path/'notes', Hub.search_many, iter(range(1, 4))
    fill(top, 0)
    Crawler(address, [top], public=True, shards=2).look()
    def search_many(self, bodies, **how):
        found = plain(self, bodies, **how)
        if 'search_type' in how and (version := next(times, 0)):
            fill(top, version)
            Crawler(address, [top], public=True, grace=0).look()
        return found
    monkeypatch.setattr(Hub, 'search_many', search_many)
    answer = Searcher(find_config(address)).search('zuvax fenip guhab kordu', 100)
    assert sorted(h.section.heading for h in answer.hits)==sorted(f'{o} {i} v3' for o in ('Zuvax', 'Fenip') for i in range(8))

def test_two_at_once(address, tmp_path):
    top = tmp_path/'notes'
    fill(top, 0)
    a, b = (Crawler(address, [top], public=True, shards=1) for _ in range(2))
    both = [Thread(target=o.look) for o in (a, b)]
    for o in both: o.start()
    for o in both: o.join()
    whole(address)
    Crawler(address, [top], public=True, grace=0).look()
    compare(address, top)

def test_a_disk_that_is_not_there_empties_nothing(address, tmp_path, capsys):
    top, away = tmp_path/'notes', tmp_path/'away'
    fill(top, 0)
    def crawl(*options):
        with pytest.raises(SystemExit) as e: cli.main(['crawl', str(top), '--to', address, '--public', *options])
        return e.value.code, ''.join(capsys.readouterr())
    code, said = crawl()
    assert code==0 and 'Wrote 8 and removed 0; 8 files with 16 sections' in said
    shutil.copytree(top, away)
    for o in top.iterdir(): o.unlink()
    code, said = crawl()
    assert code==2 and 'Kept 8 that are not there now' in said
    compare(address, away)
    for i in range(5): shutil.copy(away/f'{i}.md', top)
    write(top/'9.md', '# Zuvax new v0\n\nbilom\n')
    code, said = crawl()
    assert code==2 and 'Wrote 1 and removed 0; 9 files' in said and '3 of 8 files' in said
    code, said = crawl('--prune')
    assert code==0 and 'removed 3; 6 files' in said
    compare(address, top)
    shutil.rmtree(top)
    code, said = crawl()
    assert code==2 and 'no file or folder' in said

def test_another_root_is_another_crawlers(address, tmp_path):
    one, two = tmp_path/'one', tmp_path/'two'
    for o in (one, two): fill(o, 0, 3)
    Crawler(address, [one], public=True, shards=1).look()
    Crawler(address, [two], public=True).look()
    hub = Searcher(find_config(address))
    assert hub.search('zuvax').scope.files==6
    assert Crawler(address, [one], public=True).look().written==0

def test_copies_and_broken_files_are_as_at_home(address, tmp_path):
    top = tmp_path/'notes'
    fill(top, 0, 3)
    book = dict(cells=[dict(cell_type='markdown', metadata={}, source='# Zuvax book\n\nbilom kordu'), dict(cell_type='markdown', metadata={}, source='## Fenip\n\nguhab')], metadata={}, nbformat=4, nbformat_minor=4)
    write(top/'book.ipynb', json.dumps(book))
    write(top/'book.md', '# Zuvax book\n\nbilom kordu\n\n## Fenip\n\nguhab\n')
    write(top/'broken.ipynb', '{"cells": [')
    report = Crawler(address, [top], public=True, shards=1).look()
    assert (report.files, report.written, len(report.skipped))==(4, 4, 1)
    compare(address, top)
    assert Crawler(address, [top], public=True).look().written==0
    write(top/'book.md', '# Quite another note\n\nmulod\n')
    assert Crawler(address, [top], public=True).look().written==1
    compare(address, top)

def test_links_lead_where_the_reader_allows(address, tmp_path, monkeypatch):
    top = tmp_path/'notes'
    fill(top, 0, 2)
    where = lambda: [o.url for h in Searcher(find_config(address)).search('zuvax').hits for o in h.links]
    Crawler(address, [top], public=True, open='https://jupyter.example.org/lab/tree/{path}', shards=1).look()
    assert where()==[]
    settings = (tmp_path/'own.ini').read_text()
    (tmp_path/'own.ini').write_text(settings+'hub_hosts = jupyter.example.org\n')
    assert all(o.startswith('https://jupyter.example.org/lab/tree/') for o in where()) and len(where())==4
    assert Crawler(address, [top], public=True, open='https://127.0.0.1/lab/{root}/{path}').look().written==0
    assert sorted(where())[1::2]==['https://127.0.0.1/lab/notes/0.md#Zuvax-0-v0', 'https://127.0.0.1/lab/notes/1.md#Zuvax-1-v0']

def test_an_engine_without_time_is_asked_again(address, tmp_path, monkeypatch):
    top = tmp_path/'notes'
    fill(top, 0)
    crawler, plain, busy = Crawler(address, [top], public=True, shards=1), Hub.ask, [0]
    def ask(self, work, ignore=()):
        if 429 in ignore and busy[0]<3: busy[0] += 1; return None
        return plain(self, work, ignore)
    monkeypatch.setattr(Hub, 'ask', ask)
    monkeypatch.setattr(hub_writer.time, 'sleep', lambda s: None)
    crawler.look()
    compare(address, top)
    monkeypatch.setattr(Hub, 'ask', lambda self, work, ignore=(): None if 429 in ignore else plain(self, work, ignore))
    fill(top, 1)
    with pytest.raises(HubError, match='too much to do'): crawler.look()

def test_a_full_disk_is_said(address, tmp_path, engine):
    top, index = tmp_path/'notes', parse_address(address).index
    fill(top, 0)
    Crawler(address, [top], public=True, shards=1).look()
    engine.ask(f'{index}-1/_settings', method='PUT', body='{"index.blocks.read_only_allow_delete": true}', seconds=60)
    fill(top, 1)
    with pytest.raises(HubError, match='make room there'): Crawler(address, [top], public=True).look()
    whole(address)
    engine.ask(f'{index}-1/_settings', method='PUT', body='{"index.blocks.read_only_allow_delete": null}', seconds=60)
    Crawler(address, [top], public=True, grace=0).look()
    compare(address, top)

def test_the_crawlers_own_login_can_do_it_and_no_more(address, tmp_path, engine, monkeypatch):
    top, index = tmp_path/'notes', parse_address(address).index
    fill(top, 0)
    Hub(parse_address(address), own=True).put_roles()
    put = lambda path, body: engine.ask(f'_plugins/_security/api/{path}', method='PUT', body=json.dumps(body), seconds=60)
    put('internalusers/crawler', dict(password=PASSWORD))
    put(f'rolesmapping/{index}-crawler', dict(users=['crawler']))
    monkeypatch.setenv('FASTDEBUG_HUB_AUTH', f'crawler:{PASSWORD}')
    Crawler(address, [top], public=True, shards=1).look()
    fill(top, 1)
    (top/'0.md').unlink()
    Crawler(address, [top], public=True, grace=0).look()
    with pytest.raises(HubError, match='may not do that'): Crawler(f'{engine.urls[0]}/elsewhere', [top], public=True)
    monkeypatch.setenv('FASTDEBUG_HUB_AUTH', ':'.join(engine.auth))
    compare(address, top)
