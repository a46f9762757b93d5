"""Each of some people, with a login of their own, is answered as by an index of just the files they may read: no section, count,
word, suggestion or heading of another one, and none lost. What enforces it is the engine: the same holds for requests that they
write themselves."""
import base64, json, os, random, shutil, ssl
from urllib.error import HTTPError
from urllib.request import Request, urlopen
import pytest
from fastdebug.address import parse_address
from fastdebug.config import find_config
from fastdebug.core import HubError
from fastdebug.crawl import Crawler, parse_rights
from fastdebug.search import Searcher, find_section
from people import PASSWORD
from test_index_equals_scan import as_file
from test_same_as_at_home import EVERY, at_home, here_and_there, same_answer, write

WORDS = 'zuvax', 'zuvox', 'bilom', 'kordu', 'fenipan', 'guhabir', 'jotikel', 'mulodan' # the first two one letter apart, for spelling
PEOPLE = {'mary':('lab',), 'john':(), 'ann':('lab', 'tutors'), 'eve':()}

def make_notes(top, n=24, seed=0):
    "Files of made-up words, each with one that no other has, and who may read them"
    rnd, lines = random.Random(seed), []
    for i in range(n):
        name = f'{rnd.choice("abc")}/{i}.md'
        words = ' '.join(rnd.choices(WORDS, k=8))
        write(top/name, f'# {rnd.choice(WORDS)} secretword{chr(97+i)}\n\n{words}\n\n## Part {rnd.choice(WORDS)}\n\n{words}\n')
        readers = rnd.choice([['public'], ['u:mary'], ['u:john', 'u:ann'], ['g:lab'], ['g:tutors'], [], ['g:lab', 'u:eve'], ['u:nobody']])
        if readers: lines.append(f'{top.name}/{name} {" ".join(readers)}')
    return '\n'.join(lines)

def may_read(rules, place, name, people=PEOPLE):
    r = rules(place)
    return r.public or name in r.users or bool({*people[name]} & {*r.groups})

@pytest.fixture
def team(address, tmp_path):
    top, file = tmp_path/'notes', tmp_path/'rights'
    file.write_text(make_notes(top))
    crawler = Crawler(address, [top], rights=str(file), shards=2)
    assert crawler.look().written==24
    return top, file, crawler

def only_for(name, top, rights, to, people=PEOPLE, which='*.md'):
    "The folder `to/notes` with just the files that `name` may read"
    rules = parse_rights(rights)
    shutil.rmtree(to, ignore_errors=True)
    (to/'notes').mkdir(parents=True)
    for o in top.rglob(which):
        if may_read(rules, f'{top.name}/{o.relative_to(top).as_posix()}', name, people):
            (to/'notes'/o.relative_to(top)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(o, to/'notes'/o.relative_to(top))
    return to/'notes'

# also words that only others may read, alone and with a typing error, and what nothing answers
QUESTIONS = [*WORDS, 'zuvax kordu', '"bilom kordu"', 'kordu -bilom', 'nb:3 part', 'kind:note', 'zuvix', 'fenipen', 'nonesuchatall',
             *(f'secretword{chr(97+i)}' for i in range(0, 24, 3)), 'secretwort', 'path:a/ part']

def compare(own, hub, top):
    for q in QUESTIONS:
        a, b = own.search(q, EVERY), hub.search(q, EVERY)
        same_answer(a, b, top)
        assert [h for h,_ in a.near]==[h for h,_ in b.near], q
        assert [o[:5] for o in here_and_there(own.find_notes(q), top)]==[o[:5] for o in here_and_there(hub.find_notes(q), top)], q
    headings = lambda s: [(o.title, [h.text for h in o.headings]) for o in s.contents().hits]
    assert sorted(headings(own))==sorted(headings(hub))
    a, b = own.search('kordu').scope, hub.search('kordu').scope
    assert (a.files, a.sections, b.skipped, b.twins)==(b.files, b.sections, (), ())

def test_each_reader_is_answered_as_by_an_index_of_their_files(team, address, login, tmp_path):
    top, file, crawler = team
    for name in PEOPLE:
        login(name, *PEOPLE[name])
        mine = only_for(name, top, file.read_text(), tmp_path/'mine')
        assert 0<len([*mine.rglob('*.md')])<24
        compare(at_home(mine), Searcher(find_config(address)), mine)

def test_the_question_itself_asks_for_no_more_though_the_engine_would_give_it(team, address, tmp_path):
    "The administrator's login is kept from nothing by the engine; what it asks is kept to what the rights say"
    top, file, crawler = team
    file.write_text(file.read_text()+'\nnotes/a u:admin\nnotes/b u:somebody\n')
    Crawler(address, [top], rights=str(file)).look()
    mine = only_for('admin', top, file.read_text(), tmp_path/'mine', {'admin':('admin',)})
    assert 0<len([*mine.rglob('*.md')])<24
    compare(at_home(mine), Searcher(find_config(address)), mine)

def raw(engine, name, path, body=None, method=None):
    "(status, answer) of a request that a person writes"
    head = {'Authorization':'Basic '+base64.b64encode(f'{name}:{PASSWORD}'.encode()).decode(), 'Content-Type':'application/json'}
    data = json.dumps(body).encode() if body is not None else None
    try:
        with urlopen(Request(f'{engine.urls[0]}/{path}', data, head, method=method), timeout=60, context=ssl.create_default_context(cafile=engine.ca)) as r:
            return r.status, json.loads(r.read())
    except HTTPError as e: return e.code, {}

def test_requests_of_ones_own_show_and_change_no_more(team, address, login, engine):
    top, file, crawler = team
    rules, index = parse_rights(file.read_text()), parse_address(address).index
    for name,groups in PEOPLE.items(): login(name, *groups)
    keys = {crawler.writer.key(str(o)):may_read(rules, f'notes/{o.relative_to(top).as_posix()}', 'eve') for o in top.rglob('*.md')}
    readable = {k for k,may in keys.items() if may}
    status, found = raw(engine, 'eve', f'{index}/_search', {'size':1000, 'query':{'match_all':{}}})
    seen = {h['_source']['key'] for h in found['hits']['hits'] if h['_source']['type']!='crawl'}
    assert status==200 and seen==readable and 0<len(seen)<len(keys)
    got = raw(engine, 'eve', f'{index}/_mget', {'ids':[f'file-{k}' for k in keys]})[1]['docs']
    assert {o['_id'].removeprefix('file-') for o in got if o['found']}==readable
    words = raw(engine, 'eve', f'{index}/_search', {'size':0, 'aggs':{'w':{'terms':{'field':'word', 'size':1000}}}})[1]['aggregations']['w']['buckets']
    mine  = ' '.join(o.read_text() for o in top.rglob('*.md') if keys[crawler.writer.key(str(o))])
    assert {o['key'] for o in words if o['key'].startswith('secretword')}=={o for o in mine.split() if o.startswith('secretword')}
    id = next(k for k,may in keys.items() if not may)
    refused = [raw(engine, 'eve', f'{index}/_doc/x', {'type':'file'}, 'PUT'), raw(engine, 'eve', f'{index}/_doc/file-{id}', method='DELETE'),
               raw(engine, 'eve', f'{index}/_termvectors/file-{id}', {}), raw(engine, 'eve', f'{index}/_mapping'), raw(engine, 'eve', f'{index}-1', method='DELETE'),
               raw(engine, 'eve', f'{index}/_explain/file-{id}', {'query':{'match_all':{}}}), raw(engine, 'eve', '_plugins/_security/api/roles')]
    assert [o for o,_ in refused]==[403]*len(refused)

def test_a_section_of_a_file_that_one_may_not_read_is_not_there(team, address, login):
    top, file, crawler = team
    rules = parse_rights(file.read_text())
    login('eve')
    hub = Searcher(find_config(address))
    look = hub.join_hub(hub.look())
    for o in top.rglob('*.md'):
        place = o.relative_to(top).as_posix()
        path, may = f'{look.config.roots[-1]}/notes/{place}', may_read(rules, f'notes/{place}', 'eve')
        assert bool(look.snapshot.sections(path))==bool(look.snapshot.outline(path))==(path in look.snapshot.manifest.searched)==may
        heading = '-'.join(o.read_text().splitlines()[0].split()[1:])
        assert bool(find_section(look, f'notes/{place}#{heading}'))==may

def test_rights_that_change_are_written_though_no_file_did(team, address, login, tmp_path):
    top, file, crawler = team
    file.write_text('notes u:eve\nnotes/a u:mary\n')
    report = Crawler(address, [top], rights=str(file)).look()
    assert report.written>12
    for name in ('eve', 'mary', 'john'):
        login(name, *PEOPLE[name])
        mine = only_for(name, top, file.read_text(), tmp_path/'mine')
        own, hub = at_home(mine), Searcher(find_config(address))
        for q in ('kordu', 'secretworda', 'nb:3 part'): same_answer(own.search(q, EVERY), hub.search(q, EVERY), mine)

def test_a_crawler_that_goes_on_obeys_the_rights_of_now_also_for_what_is_gone(team, address, login):
    "What was taken from a reader is not kept for them because a disk is not there"
    top, file, crawler = team
    file.write_text('notes public\n')
    assert crawler.look().written>0
    login('eve')
    assert Searcher(find_config(address)).search('kordu part').scope.files==24
    for o in top.rglob('*.md'): o.unlink()
    assert len(crawler.look().kept)==24
    file.write_text('notes/a public\n')
    report = crawler.look()
    assert 0<len(report.kept)<24 and len(report.kept)+report.removed==24
    assert Searcher(find_config(address)).search('kordu part').scope.files==len(report.kept)

def test_a_note_that_repeats_a_notebook_answers_whoever_may_not_read_that(team, address, login):
    top, file, crawler = team
    parts = [('Wombat', ['digs']), ('Numbat', ['eats'])]
    for o in ('book.ipynb', 'book.md'): (top/o).write_bytes(as_file(os.path.splitext(o)[1], parts))
    def found(book, copy):
        "What each of two people finds, with these readers of the two files"
        file.write_text(f'notes/book.ipynb {book}\nnotes/book.md {copy}\n')
        crawler.look()
        answers = {}
        for name in ('mary', 'eve'):
            login(name, *PEOPLE[name])
            answers[name] = sorted({h.section.file.rpartition('.')[2] for h in Searcher(find_config(address)).search('wombat').hits})
        return answers
    assert found('public', 'public')==dict(mary=['ipynb'], eve=['ipynb'])
    assert found('g:lab', 'public')['eve']==['md'] and 'ipynb' in found('g:lab', 'public')['mary']
    assert found('g:lab', 'g:lab')==dict(mary=['ipynb'], eve=[])
    assert found('u:mary', 'u:mary u:eve')['eve']==['md']
    assert found('public', 'u:eve')==dict(mary=['ipynb'], eve=['ipynb'])
    assert found('u:mary', 'u:eve')==dict(mary=['ipynb'], eve=['md'])

def test_a_wrong_password_is_one_sentence(team, address, login, monkeypatch):
    login('eve')
    monkeypatch.setenv('FASTDEBUG_HUB_AUTH', 'eve:wrong')
    with pytest.raises(HubError, match='refuses this name and password'): Searcher(find_config(address)).search('kordu')

def test_a_foreign_certificate_is_not_believed(team, address, login, monkeypatch):
    monkeypatch.delenv('FASTDEBUG_HUB_CA')
    with pytest.raises(HubError, match='nobody vouches for the certificate'): Searcher(find_config(address)).search('kordu')
