"""A server that speaks as a hub does, and lies: what it gives is refused or shown as the hub's, own notes answer in any case, and
nothing in it is ever taken for a file of one's own."""
import json, struct
from base64 import b64decode, b64encode
import pytest
from fastdebug import joint, postings
from fastdebug.box import Desk
from fastdebug.config import find_config
from fastdebug.core import ByField, FIELDS, Mark
from fastdebug.hub import FORMAT, PAGE, Rights, section_document
from fastdebug.manifest import FileInfo, Manifest, dump_manifest, file_key
from fastdebug.parse import parse_document
from fastdebug.search import Searcher
from fastdebug.utils import fastnbs
from test_hub_hostile import notes, say, send, serving

TEXT = '# Quokka of the team\n\nThe quokka eats grass.\n\n```python\nprint("quokka")\n```\n'

class Liar:
    "Answers as a hub with one file, `twist`ed: a function of what is asked and the answer, which it may change"
    def __init__(self, twist=lambda kind, answer: answer, key='', place='team/a.md'):
        self.twist, self.bodies = twist, []
        path = f'hub://notes/{place}'
        self.key = key or file_key(path)
        doc = parse_document(TEXT, path)
        stored = section_document(postings.section_row(doc, doc.sections[0], self.key), self.key, 'g', Rights(True))
        self.hit  = dict(_id='x', _score=9., _source=dict(key=self.key, gen='g'), fields={o:[stored[o]] for o in ('postings', 'data')})
        info = FileInfo((1,1,1,1), 2, 'd', 1, ByField(1,1,1,1,1), doc.title)
        self.file = dict(info=dump_manifest(Manifest({place:info}), [place]), gen='g', opens='[]', outline=json.dumps([Mark(1, doc.title, 0, None)]), key=self.key)

    def __call__(self, h): # one request: its body was read already
        body = h.body
        self.bodies.append(body)
        if 'account' in h.path: return send(h, 404, b'{}')
        if '_mget' in h.path: answer = {'docs':[self.twist('file', dict(_id=o, found=o==f'file-{self.key}', _source=dict(self.file))) for o in json.loads(body)['ids']]}
        else: answer = {'responses':[self.search(json.loads(o)) for o in body.splitlines()[1::2]]}
        send(h, body=json.dumps(answer).encode())

    def search(self, asked):
        found = lambda hits, total, **more: {'_shards':{'failed':0}, 'hits':{'total':{'value':total}, 'hits':hits}, **more}
        said  = json.dumps(asked)
        if '"crawl"' in said: return self.twist('crawl', found([{'_source':{'at':1_700_000_000_000, 'format':FORMAT}}], 1))
        if '"words"' in said: return found([], 0, aggregations={'words':{'buckets':[]}})
        if '"df"' in said: return self.twist('df', found([], 0, aggregations={'df':{'buckets':[{'doc_count':1}]*said.count('"should"')}}))
        if 'lengths' in said: return self.twist('lengths', found([], 1, aggregations={o:{'value':9.} for o in FIELDS}))
        if '"digest"' in said: return self.twist('same', found([], 0))
        if 'stored_fields' in said: return self.twist('hits', found([json.loads(json.dumps(self.hit))], 1))
        return found([], 1)

def changed(kind, how):
    "A twist of one kind of answer"
    def twist(what, answer):
        if what==kind: how(answer)
        return answer
    return twist

def in_info(i, value):
    "Another value at one place of what is known of a file"
    def how(doc):
        head, row = doc['_source']['info'].splitlines()
        row = json.loads(row)
        row[i] = value
        doc['_source']['info'] = f'{head}\n{json.dumps(row)}\n'
    return changed('file', how)

def in_file(name, value): return changed('file', lambda doc: doc['_source'].update({name:value}))
def in_hit(**fields): return changed('hits', lambda o: o['hits']['hits'][0]['fields'].update({k:[b64encode(v).decode()] for k,v in fields.items()}))

def in_section(i, value):
    "Another value at one place of the packed section"
    def how(o):
        at = o['hits']['hits'][0]['fields']['data']
        row = json.loads(b64decode(at[0]))
        row[i] = value
        at[0] = b64encode(json.dumps(row).encode()).decode()
    return changed('hits', how)

DEEP = '['*100_000 + ']'*100_000
LIES = {'lengths without end': changed('lengths', lambda o: o['aggregations']['prose'].update(value=float('inf'))), 'lengths of 400 digits': changed('lengths', lambda o: o['aggregations']['prose'].update(value=10**400)),
    'a total that is no number': changed('lengths', lambda o: o['hits']['total'].update(value=float('nan'))), 'a time of 400 digits': changed('crawl', lambda o: o['hits']['hits'][0]['_source'].update(at=10**400)),
    'a version as long as a book': changed('crawl', lambda o: o['hits']['hits'][0]['_source'].update(format='9'*100_000)),
    'another path than its key says': in_info(0, 'other.md'), 'a path out of the hub': in_info(0, '../../x.md'), 'a path that is a number': in_info(0, 5), 'links of three': in_info(7, [[1,2,3]]), 'links of numbers': in_info(7, [['github', 5]]),
    'deep info': in_file('info', DEEP), 'deep links': in_file('opens', DEEP), 'deep headings': in_file('outline', DEEP), 'headings of other kinds': in_file('outline', '[[1, {"a":1}, 0, null]]'), 'a cell that is a number': in_file('outline', '[[1, "Quokka", 0, 5]]'),
    'short postings': in_hit(postings=b'abc'), 'wide postings': in_hit(postings=struct.pack('9I', 1, 1, 1, 1, 1, 1, 1, 1, 2**32-1)), 'deep data': in_hit(data=DEEP.encode()), 'null data': in_hit(data=b'null'),
    'references of one': in_section(7, [['a']]), 'spans of letters': in_section(6, [['markdown', ['a','b'], 0, None, '', [], [], False]]), 'a language that is a number': in_section(6, [['code', [0,15], 0, None, 5, [[0,15]], [], False]]),
    'a span beyond the text': in_section(5, [0, 10**9]), 'a heading that is a list': in_section(1, ['Quokka'])}

@pytest.fixture
def ask(notes, monkeypatch):
    "A function: what is answered beside that hub"
    monkeypatch.setattr(joint, 'WAIT', 20.) # no lie is found out by the clock
    def ask(liar, question='quokka', use=fastnbs):
        with serving(liar) as server:
            notes(f'{server.url}/notes')
            answer = use(question)
            return answer, repr(answer)
    return ask

def test_without_lies_it_answers_beside_own_notes(ask):
    "Else the others would show nothing"
    hits, said = ask(Liar())
    assert {h.section.file.split('/')[-1] for h in hits}=={'quokka.md', 'a.md'} and 'hub as of' in said

@pytest.mark.parametrize('model', ['', 'a-model'])
def test_a_reader_without_a_model_is_answered_by_words_and_told_why(model, ask, tmp_path, monkeypatch):
    "As anybody is who installed no more than the hub takes: meaning is on, and there is none"
    monkeypatch.setenv('FASTDEBUG_CACHE', str(tmp_path/'cache'))
    def use(question):
        own = tmp_path/'own.ini'
        own.write_text(own.read_text().replace('meaning = no', 'meaning = yes'))
        return fastnbs(question)
    read = changed('crawl', lambda o: o['hits']['hits'][0]['_source'].update(model=model, named='a MiniLM'))
    hits, said = ask(Liar(read), use=use)
    assert len(hits)==2 and 'hub as of' in said
    assert ('the hub by words alone' in said and 'a MiniLM' in said)==bool(model)

@pytest.mark.parametrize('kind', LIES)
def test_whatever_it_says_own_notes_answer_and_one_sentence_tells(kind, ask):
    hits, said = ask(Liar(LIES[kind]))
    last = said.splitlines()[-1]
    assert [h.section.heading for h in hits]==['Quokka'], last
    assert 'as OpenSearch does' in last or "can't be read" in last or 'another version' in last, last
    assert len(last)<600

@pytest.mark.parametrize('question', ['quokka since:2020-01-01', 'quokka path:quokka', 'clean up the quokka'])
def test_a_hub_speaks_for_no_file_of_ones_own(question, ask, reader):
    "Neither is it told what one has, nor believed that it has the same"
    own  = file_key(str(reader/'quokka.md'))
    liar = Liar(key=own)
    hits, said = ask(liar, question)
    assert {h.section.heading for h in hits}=={'Quokka'} and 'eats grass' not in said
    assert not any(own in o for o in liar.bodies if '"ids"' not in o) # but for what it said itself

def test_a_list_that_never_ends_costs_no_more_than_the_wait(ask, monkeypatch):
    for sort in (['k'], [1], 'growing'):
        n = iter(range(10**9))
        def endless(o, sort=sort): o['hits']['hits'] = [{'_id':'file-k', '_source':{}, 'sort':[f'{next(n):020}'] if sort=='growing' else sort} for _ in range(PAGE)]
        monkeypatch.setattr(joint, 'WAIT', .5)
        hits, said = ask(Liar(changed('same', endless)))
        assert [h.section.heading for h in hits]==['Quokka'] and ('as OpenSearch does' in said or 'did not answer' in said)

def test_it_is_told_no_name_and_no_digest_of_ones_own(ask, reader):
    liar = Liar()
    ask(liar)
    digest = Searcher(find_config(str(reader)), memory=True).look().snapshot.manifest.searched[str(reader/'quokka.md')].digest
    assert digest and liar.bodies and not any(o in body for body in liar.bodies for o in ('quokka.md', digest, str(reader)))

def test_a_value_of_a_million_parts_is_not_taken_apart(ask):
    hits, said = ask(lambda h: send(h, body=b'{"responses":[' + b'[],'*3_000_000 + b'[]]}'))
    assert [h.section.heading for h in hits]==['Quokka'] and 'as OpenSearch does' in said

def test_the_box_shows_a_section_of_a_hub(ask):
    sent = []
    def use(question):
        desk = Desk(sent.append)
        desk.take(dict(kind='ask', view='v', n=1, text=question, chips={}))
        desk.join()
        for i in range(2): desk.take(dict(kind='show', view='v', n=1, i=i))
        desk.join()
        return sent
    ask(Liar(), use=use)
    assert not [o for o in sent if o['kind']=='trouble']
    assert any('eats grass' in o['html'] for o in sent if o['kind']=='section')
