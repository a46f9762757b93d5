"""Many people with groups and rights from a hat, each with a login of their own, ask through the engine's document-level security.
Each is answered as by an index of just the files they may read: sections in order with their scores, why they score so, counts,
what is near, misspelt or missing. What the engine itself gives them, whatever they ask, is of these files alone, and a role opens no
other hub."""
import json
from functools import partial
import pytest
from fastdebug.address import parse_address
from fastdebug.config import find_config
from fastdebug.crawl import Crawler, parse_rights
from fastdebug.hub import Hub
from fastdebug.search import Searcher
from people import PASSWORD
from scale import SCALE, draw
from test_index_equals_scan import as_file
from test_rights import only_for, raw
from test_same_as_at_home import EVERY, at_home, here_and_there, same_answer

WORDS  = 'zuvax', 'zuvox', 'bilom', 'kordu', 'fenipan', 'guhabir', 'jotikel', 'mulodan', 'pelistor', 'ranubek' # two are one letter apart
GROUPS = 'lab', 'tutors', 'year-1', 'year 2', 'Ärzte', '*', 'c,d', '${user.name}'
FILES, USERS, QUESTIONS = 40, 20*SCALE, 25 if SCALE==1 else 50

def secret(i): return f'geheim{"".join(chr(97+int(o)) for o in str(i))}' # a word of one file

def make_files(top, hat):
    "Notes of three kinds and the lines that say who may read them"
    for i in range(FILES):
        ext, words = hat.choice(('.md', '.ipynb', '.py')), lambda n: hat.choices(WORDS, k=n)
        path = top/hat.choice('abc')/f'{i}{ext}'
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_file(ext, [(f'{hat.choice(WORDS)} {secret(i)}', words(6)), (f'Part {hat.choice(WORDS)}', words(4)), ('Rest', [*words(3), secret(i)])]))
        readers = [*hat.sample(range(USERS), hat.choice((0, 0, 1, USERS//5)))]
        said = [f'u:p{o}' for o in readers] + [f'"g:{o}"' for o in hat.sample(GROUPS, hat.choice((0, 0, 1, 2)))]
        if hat.random()<.15: said.append('public')
        if said: yield f'notes/{path.relative_to(top).as_posix()} {" ".join(said)}'

def make_question(hat):
    "Also about words that only others may read, with slips and conditions"
    word, some = hat.choice(WORDS), ' '.join(hat.sample(WORDS, 3))
    slip = lambda w, at=hat.randrange(1, 5): w[:at]+'q'+w[at+1:]
    own  = secret(hat.randrange(FILES))
    return hat.choice((word, some, own, slip(own), slip(word), f'{own} {word}', f'"{word} {hat.choice(WORDS)}"', f'{word} -{hat.choice(WORDS)}', f'{word} -{own}',
                       f'nb:{hat.randrange(FILES)} part', f'path:{hat.choice("abc")}/ {word}', f'kind:{hat.choice(("note", "code"))} {word}', f'{some} in:heading', 'nonesuchatall'))

@pytest.fixture
def people(engine, address):
    "Names, and the groups of each"
    hat, index = draw('people'), parse_address(address).index
    def change(path, body, method='PATCH'): engine.ask(f'_plugins/_security/api/{path}', method=method, body=json.dumps(body), seconds=300)
    groups = {f'p{i}':tuple(hat.sample(GROUPS, hat.choice((0, 1, 1, 2, 3)))) for i in range(USERS)}
    Hub(parse_address(address), own=True).put_roles()
    change('internalusers', [dict(op='add', path=f'/{k}', value=dict(password=PASSWORD, backend_roles=list(v))) for k,v in groups.items()])
    change(f'rolesmapping/{index}-reader', dict(users=list(groups)), 'PUT')
    yield groups
    change('internalusers', [dict(op='remove', path=f'/{k}') for k in groups])

def same_words(engine, name, index, mine):
    "Whatever the engine gives to that person is of the files they may read"
    def ask(body):
        status, found = raw(engine, name, f'{index}/_search', body)
        assert status==200, (name, status)
        return found
    own = set(' '.join(o.read_text() for o in mine.rglob('*.*')).replace('"', ' ').replace('\\n', ' ').split())
    got = ask({'size':0, 'aggs':{'w':{'terms':{'field':'word', 'size':10_000}}}})['aggregations']['w']['buckets']
    assert {o['key'] for o in got if o['key'].startswith('geheim')}=={o for o in own if o.startswith('geheim')}
    hits = ask({'size':1000, 'query':{'term':{'type':'file'}}})['hits']['hits']
    assert len(hits)==len([o for o in mine.rglob('*.*')])

def test_each_of_many_is_answered_from_what_they_may_read(address, engine, people, tmp_path, monkeypatch):
    top, file, hat, index = tmp_path/'notes', tmp_path/'rights', draw('questions'), parse_address(address).index
    file.write_text('\n'.join(make_files(top, hat)))
    assert Crawler(address, [top], rights=str(file), shards=2).look().written==FILES
    counts, answers = set(), 0
    for name in people:
        monkeypatch.setenv('FASTDEBUG_HUB_AUTH', f'{name}:{PASSWORD}')
        mine = only_for(name, top, file.read_text(), tmp_path/'mine', people, '*.*')
        own, hub = at_home(mine), Searcher(find_config(address))
        counts.add(len([*mine.rglob('*.*')]))
        same_words(engine, name, index, mine)
        for _ in range(QUESTIONS):
            q = make_question(hat)
            a, b = own.search(q, EVERY), hub.search(q, EVERY)
            answers += same_answer(a, b, mine)
            assert [h for h,_ in a.near]==[h for h,_ in b.near], (name, q)
            assert [h.why for h in a.hits]==[pytest.approx(h.why, rel=1e-6) for h in b.hits], (name, q)
            assert (a.scope.files, a.scope.sections, b.scope.skipped, b.scope.twins)==(b.scope.files, b.scope.sections, (), ()), (name, q)
        headings = lambda s: sorted((o.title, [h.text for h in o.headings]) for o in s.contents().hits)
        assert headings(own)==headings(hub), name
    assert len(counts)>4 and answers>USERS*QUESTIONS

SENT = {'_cluster/settings':{'transient':{'search.max_buckets':9}}, '_plugins/_security/api/roles/all':{},
        '_template/x':{'index_patterns':['x']}, '_ingest/pipeline/x':{'processors':[]}, '_scripts/x':{'script':{'lang':'painless', 'source':'1'}}}

def test_a_role_opens_no_other_hub_and_nothing_of_the_engine(address, engine, login, tmp_path, monkeypatch):
    "Not even one whose name begins the same"
    (tmp_path/'notes').mkdir()
    (tmp_path/'notes'/'a.md').write_text('# Salary\n\nzuvax\n')
    index = parse_address(address).index
    for to in (address, f'{address}-board'): Crawler(to, [tmp_path/'notes'], public=True, shards=1).look()
    login('eve')
    monkeypatch.setenv('FASTDEBUG_HUB_AUTH', ':'.join(engine.auth))
    put = lambda path, body: engine.ask(f'_plugins/_security/api/{path}', method='PUT', body=json.dumps(body), seconds=120)
    put('internalusers/cron', dict(password=PASSWORD))
    put(f'rolesmapping/{index}-crawler', dict(users=['cron']))
    every = {'query':{'match_all':{}}}
    for name in ('eve', 'cron'):
        ask = partial(raw, engine, name)
        assert ask(f'{index}/_search', every)[0]==200
        shut = {o:ask(o, every)[0] for o in (f'{index}-board/_search', f'{index}-board-1/_search', f'{index}-*/_search', '_all/_search', '*/_search', '.opendistro_security/_search')}
        got  = {o:ask(o)[0] for o in ('_plugins/_security/api/internalusers', '_plugins/_security/api/rolesmapping', '_cluster/settings', '_cat/indices', '_nodes', '_snapshot', '_tasks')}
        sent = {o:ask(o, body, 'PUT')[0] for o,body in SENT.items()} | {o:ask(o, {'type':'file'}, 'PUT')[0] for o in (f'{index}-board/_doc/x', f'{index}-board-1/_doc/x')}
        own  = [f'{index}-1'] if name=='eve' else [] # a crawler makes its hub anew
        gone = {o:ask(o, method='DELETE')[0] for o in (f'{index}-board-1', '_all', *own)}
        assert {o:s for o,s in {**shut, **got, **sent, **gone}.items() if s!=403}=={}, name
    engine.ask(f'{index}-board-1', method='DELETE')
