"""After any history a hub answers as an index that was made this moment of the files that one may read.

The same things happen to a folder as in `test_index_equals_scan.py`: files are written, copied, exchanged, moved, cut, deleted and
ignored. Besides, a crawler is interrupted anywhere, another one goes on, and the administrator changes who may read what. After each
step the crawler crawls, and somebody who may not read everything asks."""
import itertools, json, shutil
from collections import Counter
import pytest
from hypothesis import HealthCheck, Phase, note, settings, strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from fastdebug.address import parse_address
from fastdebug.config import find_config
from fastdebug.crawl import Crawler, parse_rights
from fastdebug.hub import Hub
from fastdebug.search import Searcher
from people import PASSWORD
from scale import SCALE
from test_crawled import Interrupted, stop_at
from test_index_equals_scan import EXTS, STEMS, TYPO, Folder, as_file, sections
from test_rights import may_read
from test_same_as_at_home import EVERY, at_home, same_answer

QUESTIONS = 'zuvax bilom', 'kordu', TYPO, 'fenip guhab jotik mulod', '"bilom kordu"'
READERS = 'public', 'u:mary', 'g:lab', 'u:john', 'u:john g:lab', '' # '': nobody
MARY = {'mary':('lab',)}

def count_notes(folder): return sum(o.suffix in EXTS for o in folder.rglob('*'))

class Team(Folder):
    "A folder of notes that is crawled; copies of one note are for the same people"
    change_settings = change_roots = None # a crawler is told its roots
    happened = Counter()

    def __init__(self, url, name, be):
        super().__init__()
        self.address, self.be = f'{url}/{name}', be
        self.readers, self.rights, self.crawler = dict.fromkeys(STEMS, 'public'), self.tmp/'rights', None
        self.say_rights()
        (self.tmp/'own.ini').write_text(f'[fastdebug]\nmeaning = no\nhub = {self.address}\n')
        self.mp.setenv('FASTDEBUG_SETTINGS', str(self.tmp/'own.ini'))

    def say_rights(self): self.rights.write_text(''.join(f'notes/*{k}.* {v}\n' for k,v in self.readers.items() if v))

    @initialize(data=st.data(), parts=st.lists(sections, min_size=3, max_size=6), git=st.booleans())
    def start(self, data, parts, git):
        self.data = data
        Folder.start(self, data, parts, git)

    def allow(self):
        "Now and then other people may read what is called so"
        if stem := self.data.draw(st.sampled_from((None, None, *STEMS)), 'other readers of'):
            self.readers[stem] = self.data.draw(st.sampled_from(READERS), 'readers')
            self.say_rights()

    @rule(data=st.data(), parts=sections)
    def save(self, data, parts):
        path = self.path(data)
        self.write(path, as_file(path.suffix, parts))

    @rule()
    def crawl_elsewhere(self): self.crawler = None

    def look(self):
        self.be('admin')
        self.crawler = self.crawler or Crawler(self.address, [self.top], rights=str(self.rights), prune=True, grace=0, shards=1)
        self.crawler.look()

    def crawl(self):
        "Now and then it is interrupted before its n-th request, and it or another crawler goes on"
        n = self.data.draw(st.sampled_from((0, 0, 0, *range(1, 15, 2))), 'interrupted before request')
        with pytest.MonkeyPatch.context() as m:
            if n: stop_at(m, n)
            try: return self.look()
            except Interrupted: self.crawler = self.data.draw(st.sampled_from((None, self.crawler)), 'goes on')
        self.happened['interrupted'] += 1
        self.look()

    def for_mary(self):
        "The folder with just the files that she may read"
        to, rules = self.tmp/'mary'/'notes', parse_rights(self.rights.read_text())
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.top, to)
        for o in to.rglob('*'):
            if o.suffix in EXTS and not may_read(rules, f'notes/{o.relative_to(to).as_posix()}', 'mary', MARY): o.unlink()
        return to

    @invariant()
    def all_agree(self):
        self.allow()
        self.crawl()
        mine = self.for_mary()
        self.be('mary')
        own, hub = at_home(mine), Searcher(find_config(self.address))
        for q in QUESTIONS:
            a, b = own.search(q, EVERY), hub.search(q, EVERY)
            self.happened['hits'] += same_answer(a, b, mine)
            assert [h for h,_ in a.near]==[h for h,_ in b.near], q
        assert (a.scope.files, a.scope.sections)==(b.scope.files, b.scope.sections)
        headings = lambda s: sorted((o.title, [h.text for h in o.headings]) for o in s.contents().hits)
        assert headings(own)==headings(hub)
        note(f'{a.scope.files} files with {a.scope.sections} sections')
        self.happened.update(steps=1, unread=count_notes(self.top)-count_notes(mine))

@pytest.fixture
def new_hub(engine, tmp_path, monkeypatch):
    "A function: a folder and a hub of its own, which Mary may ask"
    names = (f'history{i}' for i in itertools.count())
    def put(path, body): engine.ask(f'_plugins/_security/api/{path}', method='PUT', body=json.dumps(body), seconds=120)
    def be(name): monkeypatch.setenv('FASTDEBUG_HUB_AUTH', ':'.join(engine.auth) if name=='admin' else f'{name}:{PASSWORD}')
    put('internalusers/mary', dict(password=PASSWORD, backend_roles=['lab']))
    def make():
        engine.ask('history*', method='DELETE')
        name = next(names)
        be('admin')
        Hub(parse_address(f'{engine.urls[0]}/{name}'), own=True).put_roles()
        put(f'rolesmapping/{name}-reader', dict(users=['mary']))
        return Team(engine.urls[0], name, be)
    yield make
    engine.ask('history*', method='DELETE')

def test_a_hub_answers_as_an_index_just_made(new_hub):
    "Few histories with every push; all of `make hub-long` are others each time"
    bounds = settings(settings.default, max_examples=4*SCALE, stateful_step_count=10, derandomize=SCALE==1, deadline=None,
        phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck))
    Team.happened.clear()
    run_state_machine_as_test(new_hub, settings=bounds)
    print(Team.happened)
    assert all(Team.happened[o]>SCALE for o in ('steps', 'hits', 'unread', 'interrupted'))
