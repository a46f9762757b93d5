"""Three nodes, with each piece of the index on two of them. One is killed, or stops answering, and comes back, while a crawler crawls
and a reader asks: each answer is whole, nothing is lost, and whoever asks the node that is gone is told so beside their own notes."""
import os, re, signal, time
from threading import Event, Thread
import pytest
import launch
from fastdebug import joint
from fastdebug.config import find_config
from fastdebug.core import HubError
from fastdebug.crawl import Crawler
from fastdebug.search import Searcher
from scale import SCALE, draw
from test_crawled import compare, fill
from test_same_as_at_home import EVERY, write

FILES = 8
TROUBLE = r"can't be reached|did not answer within|is not ready|too much to do" # of which one may be told meanwhile

@pytest.fixture(scope='module')
def cluster(tmp_path_factory):
    if why := launch.why_not(): pytest.skip(why)
    with launch.Cluster(tmp_path_factory.mktemp('three')/'nodes', nodes=3, heap='384m') as c: yield c

@pytest.fixture(autouse=True)
def patient(monkeypatch):
    "Nobody has a password here, and nobody is in a hurry unless a test says so"
    for o in ('FASTDEBUG_HUB_AUTH', 'FASTDEBUG_HUB_CA'): monkeypatch.delenv(o, raising=False)
    monkeypatch.setattr(joint, 'WAIT', 120.)

@pytest.fixture
def hub(cluster, tmp_path, monkeypatch):
    "A function of a node: the address of a hub of this test there"
    name = f'notes{abs(hash(tmp_path))}'
    (tmp_path/'own.ini').write_text('[fastdebug]\nmeaning = no\n')
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(tmp_path/'own.ini'))
    yield lambda i: f'{cluster.urls[i]}/{name}'
    cluster.ask(f'{name}-1?ignore_unavailable=true', method='DELETE')

def wait_until(is_so, seconds=300):
    "A busy machine takes its time"
    end = time.monotonic()+seconds
    while not is_so():
        assert time.monotonic()<end
        time.sleep(.1)

def wait_for_copies(cluster):
    "Until each node knows that each piece is on two of them again"
    cluster.wait()
    def whole():
        try: return all(b'"status":"green"' in cluster.ask('_cluster/health?wait_for_nodes=3&wait_for_status=green&timeout=5s', o) for o in cluster.urls)
        except OSError: return False
    wait_until(whole)

def crawl_in_time(address, top, **how):
    "Crawl as soon as the engine is ready: nodes that have just found each other again may say that they are not"
    def done():
        try: return bool(Crawler(address, [top], public=True, grace=0, **how).look())
        except HubError as e: assert re.search(TROUBLE, str(e)), e
    wait_until(done)

class Going:
    "Does some work again and again, until it is told to end; `done` counts how often nothing was in its way"
    def __init__(self, work):
        self.work, self.done, self.told, self.error, self.over = work, 0, [], None, Event()
        self.thread = Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        try:
            while not self.over.is_set(): self.once()
        except BaseException as e: self.error = e

    def once(self):
        try: self.work()
        except HubError as e:
            self.told.append(str(e))
            time.sleep(.1)
        else: self.done += 1

    def more(self, n):
        "Wait until it has done its work `n` times from now"
        end = self.done+n
        wait_until(lambda: self.error or self.done>=end)
        if self.error: raise self.error

    def end(self):
        self.over.set()
        self.thread.join(300)
        if self.error: raise self.error
        assert not self.thread.is_alive()
        assert all(re.search(TROUBLE, o) for o in self.told), self.told

def ask_all(address):
    "Each file answers, is of one version, and all of it is there"
    found = {}
    for h in Searcher(find_config(address)).search('zuvax fenip guhab kordu', EVERY).hits: found.setdefault(h.section.file, []).append(h.section.heading)
    assert len(found)==FILES, found
    broken = {k:o for k,o in found.items() if len(o)!=2 or len({h.split()[-1] for h in o})!=1}
    assert not broken, broken

class Worker:
    "Somebody who writes all notes anew and crawls, again and again"
    def __init__(self, address, top): self.address, self.top, self.version, self.crawler = address, top, 0, None

    def __call__(self):
        self.version += 1
        fill(self.top, self.version%10, FILES)
        self.crawler = self.crawler or Crawler(self.address, [self.top], public=True, grace=0)
        self.crawler.look()

def told_beside_own_notes(address, folder, monkeypatch):
    "The last line of an answer to somebody who has a note of their own, and waits for a hub no longer than people do"
    write(folder/'mine'/'own.md', '# Wombat of mine\n\nzuvax digs\n')
    with monkeypatch.context() as m:
        m.setattr(joint, 'WAIT', 2.)
        m.chdir(folder/'mine')
        (folder/'here.ini').write_text(f'[fastdebug]\nmeaning = no\nhub = {address}\n')
        m.setenv('FASTDEBUG_SETTINGS', str(folder/'here.ini'))
        answer = Searcher(find_config()).search('wombat digs')
    assert [h.section.heading for h in answer.hits]==['Wombat of mine']
    return answer.scope.notes[-1]

def test_a_node_dies_and_comes_back_while_some_crawl_and_some_ask(cluster, hub, tmp_path, monkeypatch):
    top, hat = tmp_path/'notes', draw('nodes')
    fill(top, 0, FILES)
    crawl_in_time(hub(0), top, shards=3)
    wait_for_copies(cluster)
    crawler, reader = Going(Worker(hub(0), top)), Going(lambda: ask_all(hub(1)))
    victims = [2, 0] if SCALE==1 else [hat.randrange(3) for _ in range(2*SCALE)] # nobody's, the crawler's
    for victim in victims:
        for o in (crawler, reader): o.more(1)
        time.sleep(hat.uniform(0, 1))
        cluster.kill(victim)
        for o in [crawler]*(victim!=0) + [reader]*(victim!=1): o.more(2)
        assert re.search("can't be reached", told_beside_own_notes(hub(victim), tmp_path, monkeypatch))
        with pytest.raises(HubError, match="can't be reached"): ask_all(hub(victim))
        cluster.start(victim)
        wait_for_copies(cluster)
    for o in (crawler, reader): o.more(1)
    for o in (crawler, reader): o.end()
    crawl_in_time(hub(2), top)
    for i in range(3): compare(hub(i), top)

def test_a_node_that_hangs_costs_its_readers_two_seconds_and_a_sentence(cluster, hub, tmp_path, monkeypatch):
    top = tmp_path/'notes'
    fill(top, 0, FILES)
    crawl_in_time(hub(0), top, shards=3)
    wait_for_copies(cluster)
    os.kill(cluster.running[2].pid, signal.SIGSTOP)
    try: told = told_beside_own_notes(hub(2), tmp_path, monkeypatch)
    finally: os.kill(cluster.running[2].pid, signal.SIGCONT)
    assert 'did not answer within 2 seconds' in told
    wait_for_copies(cluster)
    compare(hub(2), top)

def test_without_copies_a_part_is_not_taken_for_all(cluster, hub, tmp_path):
    top = tmp_path/'notes'
    fill(top, 0, FILES)
    crawl_in_time(hub(0), top, shards=3, replicas='0-0')
    cluster.kill(2)
    try:
        with pytest.raises(HubError, match='is not ready'): ask_all(hub(0))
    finally: cluster.start(2)
    wait_for_copies(cluster)
    compare(hub(2), top)
