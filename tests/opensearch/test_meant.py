"""Meaning in a hub: the vectors of its crawler's model are found by the engine, under the same rights, and give the same scores as at home."""
import json
import pytest
from fastdebug.address import parse_address
from fastdebug.config import find_config
from fastdebug.crawl import Crawler
from fastdebug.meaning import open_meaning, open_passages
from fastdebug.search import Searcher
from test_rights import raw
from test_same_as_at_home import EVERY, golden, here_and_there, notes, same_answer, said, write
import toy

pytestmark = pytest.mark.opensearch

WORDS = {w:[float(i==j) for j in range(8)] for i,w in enumerate(('gradient', 'dog', 'tax', 'cake'))}
WORDS |= {a:[.95*o+.05*(i==7) for i,o in enumerate(WORDS[b])] for a,b in (('slope', 'gradient'), ('puppy', 'dog'), ('levy', 'tax'), ('tart', 'cake'))}

def model_in(folder, own, width=8):
    "The settings `own` with a model of a few words whose vectors have so many numbers"
    words = {w:(v+[0.]*width)[:width] for w,v in WORDS.items()}
    path  = toy.write_toy(folder, words, unknown=[1e-3]*width)
    own.write_text(own.read_text().replace('meaning = no', f'meaning = yes\nmodel = {path}'))

@pytest.fixture
def meant(address, tmp_path, monkeypatch):
    "A folder of notes, read into a hub by a toy model that the reader has, too"
    own = tmp_path/'own.ini'
    monkeypatch.setenv('FASTDEBUG_CACHE', str(tmp_path/'cache'))
    model_in(tmp_path/'all-MiniLM-toy', own)
    top = tmp_path/'notes'
    for i,word in enumerate(('gradient', 'puppy', 'levy', 'tart')): write(top/f'{i}.md', f'# Note {i}\n\nabout {word} and more\n\n## Else {i}\n\nnothing of the kind\n')
    return top

def crawl(address, top, **more):
    config = find_config(str(top))
    more   = more or dict(public=True)
    return Crawler(address, [top], shards=2, meaning=open_passages(config), **more).look()

def ask(where, question, k=5):
    s = Searcher(find_config(where), meaning=open_meaning)
    if not str(where).startswith('http'):
        look = s.look()
        look.meaning.read(look.snapshot.manifest.searched, look.snapshot.sections)
    return s.search(question, k)

def test_what_no_word_says_is_found_with_the_score_of_home(meant, address):
    assert crawl(address, meant).written==4
    for q in ('slope', 'dog', 'tax', 'cake', 'the puppy and the slope'):
        own, hub = ask(str(meant), q), ask(address, q)
        same_answer(own, hub, meant)
        assert [h.passage for h in own.hits]==[h.passage for h in hub.hits]
    assert hub.hits and ask(address, 'slope').hits[0].section.heading=='Note 0'

def test_half_at_home_and_half_in_the_hub_mean_as_one(meant, address, tmp_path, monkeypatch):
    crawl(address, meant)
    mine = tmp_path/'mine'/'notes'
    write(mine/'0.md', (meant/'0.md').read_text())
    write(mine/'9.md', '# Note 9\n\nabout gradient, once more\n')
    whole = tmp_path/'whole'/'notes'
    for o in (*meant.iterdir(), *mine.iterdir()): write(whole/o.name, o.read_text())
    monkeypatch.chdir(mine)
    (mine/'.git').mkdir()
    s = Searcher(find_config(), meaning=open_meaning)
    look = s.look()
    look.meaning.read(look.snapshot.own.searched, look.snapshot.sections)
    for q in ('slope', 'dog', 'tax'):
        a, b = s.search(q, EVERY), ask(str(whole), q, EVERY)
        name = lambda h: (h.section.file.split('/')[-1], h.section.number)
        assert sorted(map(name, a.hits))==sorted(map(name, b.hits))
        assert sorted(h.score for h in a.hits)==pytest.approx(sorted(h.score for h in b.hits), rel=1e-5)

def test_who_may_not_read_a_file_is_not_told_what_it_means(meant, address, login, engine, tmp_path):
    rights = tmp_path/'rights'
    rights.write_text('notes/0.md u:mary\nnotes/1.md public\nnotes/3.md g:lab\n')
    crawl(address, meant, rights=str(rights))
    seen = {}
    for name,groups in (('mary', ()), ('john', ('lab',)), ('eve', ())):
        login(name, *groups)
        seen[name] = [{h.section.file[-4] for q in ('slope', 'dog', 'tax', 'cake') for h in ask(address, q).hits}]
        index = parse_address(address).index
        found = raw(engine, name, f'{index}/_search', {'size':100, 'query':{'knn':{'vector':{'vector':[1.]*8, 'k':100}}}})[1]['hits']['hits']
        seen[name].append({h['_source']['key'] for h in found})
    keys = {p[-4]:k for p,k in ((str(o), k) for o,k in _keys(address, meant).items())}
    assert seen['mary']==[{'0', '1'}, {keys['0'], keys['1']}]
    assert seen['john']==[{'1', '3'}, {keys['1'], keys['3']}]
    assert seen['eve']==[{'1'}, {keys['1']}]

def _keys(address, top):
    from fastdebug.manifest import file_key
    index = parse_address(address).index
    return {o:file_key(f'hub://{index}/notes/{o.name}') for o in top.iterdir()}

def test_what_was_read_is_not_read_again(meant, address, monkeypatch):
    crawl(address, meant)
    passages, texts = open_passages(find_config(str(meant))), []
    plain = passages._encode
    passages._encode = lambda text: texts.append(text) or plain(text)
    again = lambda: Crawler(address, [meant], public=True, meaning=passages).look()
    assert (again().written, [t for t in texts if t!='width'])==(0, [])
    write(meant/'0.md', (meant/'0.md').read_text()+'\n## New here\n\na levy\n')
    assert again().written==1
    assert len([t for t in texts if t!='width'])==1 and 'levy' in texts[-1]
    same_answer(ask(str(meant), 'tax'), ask(address, 'tax'), meant)
    for o in meant.iterdir(): o.unlink()
    Crawler(address, [meant], public=True, meaning=passages, prune=True).look()
    from fastdebug.hub import Hub
    left = Hub(parse_address(address), own=True).search_many([{'size':0, 'track_total_hits':True, 'query':{'terms': {'type':['section', 'passage', 'file']}}}])[0]
    assert left['hits']['total']['value']==0

def test_another_model_means_nothing_and_is_said(meant, address, tmp_path):
    crawl(address, meant)
    own = tmp_path/'own.ini'
    own.write_text(own.read_text().replace('all-MiniLM-toy', 'all-MiniLM-other'))
    toy.write_toy(tmp_path/'all-MiniLM-other', {**WORDS, 'else':[.1]*8}, unknown=[1e-3]*8)
    answer = ask(address, 'slope')
    assert not answer.hits and any('all-MiniLM-toy' in o and 'words alone' in o for o in answer.scope.notes), answer.scope.notes
    assert str(tmp_path) not in ' '.join(answer.scope.notes)
    assert ask(address, 'gradient').hits
    report = crawl(address, meant)
    assert report.written==4, 'a file that another model read is read anew'
    assert ask(address, 'slope').hits[0].section.heading=='Note 0'

def test_a_hub_made_without_vectors_stays_so_and_says_so(meant, address):
    Crawler(address, [meant], public=True, shards=1).look()
    report = crawl(address, meant)
    assert 'words alone' in report.notes[0] and report.written==0
    assert not ask(address, 'slope').hits and ask(address, 'gradient').hits

@pytest.mark.model
def test_a_real_model_gives_the_same_answers(notes, address, root, tmp_path, monkeypatch):
    "Questions by words and meaning over some of this project's lessons and rooms"
    own = tmp_path/'own.ini'
    own.write_text(own.read_text().replace('meaning = no', 'meaning = yes'))
    monkeypatch.setenv('FASTDEBUG_CACHE', str(tmp_path/'cache'))
    from fastdebug.model import fetch_model
    fetch_model('', str(tmp_path/'cache'), source=toy.minilm())
    for o in sorted(notes.rglob('*.ipynb'))[6:]: o.unlink()
    crawl(address, notes)
    own, hub = (Searcher(find_config(o), meaning=open_meaning) for o in (str(notes), address))
    look = own.look()
    look.meaning.read(look.snapshot.manifest.searched, look.snapshot.sections)
    for q in golden(root)[::8]: same_answer(own.search(q, EVERY), hub.search(q, EVERY), notes, 1e-6) # cosines are sums in single precision
