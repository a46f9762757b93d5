"""A hub gives the answers that one's own index gives: the same sections in the same order with the same scores, also after files
were added, changed, renamed and deleted, and also where half of the files are one's own and half are the hub's."""
import json, os, shutil
from pathlib import Path
import pytest
from fastdebug.config import find_config
from fastdebug.crawl import Crawler
from fastdebug.search import Searcher

EVERY = 300 # hits: then each section that says a word of the question is scored, whichever the engine would choose first

# what stands in a question besides plain words
MARKED = ['"gradient descent"', 'momentum -sgd', 'fit in:code', 'nb:0001 loss', 'path:lessons epoch', 'kind:question learning rate', 'tag:slow',
          'since:2020-01 optimizer', 'kind:lesson', 'acumulation of gradients', 'how do I stop my model from overfiting?', 'zzqqxx', 'the', 'x = learn.fit(3)',
          'Traceback (most recent call last):\n  File "a.py", line 3\nValueError: optimizer got an empty parameter list']

def golden(root): return [json.loads(o)['q'] for o in (root/'tests/data/golden.jsonl').read_text(encoding='utf-8').splitlines()]

def here_and_there(answer, top):
    "The hits of `answer`, files called by their path below `top` or below the root of the hub"
    def place(file): return file.split('/', 4)[4] if file.startswith('hub://') else os.path.relpath(file, top)
    return [(place(h.section.file), h.section.number, h.section.heading, h.section.path, h.section.text, h.title, h.score) for h in answer.hits]

def said(answer): return answer.missing, [(w.text, w.typed, w.near) for w in answer.query.words], answer.weak

def same_answer(a, b, top, rounding=0):
    "How many hits both have; `rounding` is what their scores may differ by besides"
    left, right = here_and_there(a, top), here_and_there(b, top)
    assert [o[:-1] for o in left]==[o[:-1] for o in right], a.query.text
    assert [o[-1] for o in left]==pytest.approx([o[-1] for o in right], rel=1e-6, abs=rounding), a.query.text
    assert said(a)==said(b), a.query.text
    return len(left)

def same_answers(own, hub, questions, top, k=EVERY):
    assert sum(same_answer(own.search(q, k), hub.search(q, k), top) for q in questions)>len(questions)

@pytest.fixture
def notes(root, tmp_path):
    "A folder `notes` with lessons and rooms of this project, some of each"
    top = tmp_path/'notes'
    for o in sorted((root/'nbs').rglob('*.ipynb')):
        if '.ipynb_checkpoints' in o.parts or not (o.parent.name=='lessons' and o.name<'0012' or o.parent.name=='nbs' and o.name<'2'): continue
        (top/o.relative_to(root/'nbs')).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(o, top/o.relative_to(root/'nbs'))
    return top

def at_home(top): return Searcher(find_config(str(top)), memory=True)

def test_every_question_has_the_same_answer(notes, address, root):
    Crawler(address, [notes], public=True, shards=2).look()
    own, hub, questions = at_home(notes), Searcher(find_config(address)), [*golden(root)[::2], *MARKED]
    same_answers(own, hub, questions, notes)
    a, b = own.search('learning rate'), hub.search('learning rate')
    assert (a.scope.files, a.scope.sections)==(b.scope.files, b.scope.sections) and 'hub as of' in b.scope.notes[-1]

def test_as_people_ask_hardly_any_answer_differs(notes, address, root):
    "The engines choose by scores of their own which few dozen sections are looked at, and at the edge they may differ"
    Crawler(address, [notes], public=True, shards=1).look()
    own, hub, questions = at_home(notes), Searcher(find_config(address)), golden(root)[::2]
    first = lambda s, q: [o[:3] for o in here_and_there(s.search(q), notes)]
    pairs = [(first(own, q), first(hub, q)) for q in questions]
    assert sum(a==b for a,b in pairs)>.95*len(pairs)
    assert all(a[:1]==b[:1] for a,b in pairs)

def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)

def test_after_any_edit_the_answers_are_those_of_an_index_just_made(address, tmp_path):
    top = tmp_path/'notes'
    for i in range(12): write(top/f'{i}.md', f'# Zuvax {i}\n\n{"bilom "*i}kordu\n\n## Fenip {i}\n\nguhab and mulod\n')
    questions = ['zuvax', 'bilom', 'kordu fenip', 'guhab mulod', 'jotik', '"guhab and mulod"', 'zuvix', 'bilom -jotik', 'nb:3 fenip']
    crawler = Crawler(address, [top], public=True, shards=1)
    def compare():
        report = crawler.look()
        own, hub = at_home(top), Searcher(find_config(address))
        same_answers(own, hub, questions, top)
        seen, there = own.look().snapshot.manifest, hub.join_hub(hub.look()).snapshot.manifest
        assert (seen.sections, seen.lengths, len(seen.searched))==(there.sections, there.lengths, len(there.searched))
        return report.written, report.removed
    assert compare()==(12, 0)
    assert compare()==(0, 0)
    write(top/'3.md', '# Jotik\n\nkordu kordu\n')
    write(top/'new'/'13.md', '# Jotik too\n\nbilom fenip\n')
    assert compare()==(2, 0)
    (top/'4.md').unlink()
    os.rename(top/'5.md', top/'6.md')
    assert compare()==(1, 2)
    write(top/'7.md', '')
    assert compare()==(0, 0)
    write(top/'7.md', '# Zuvax again\n\nmulod\n')
    os.utime(top/'8.md')
    assert compare()==(1, 0)

def test_half_at_home_and_half_in_the_hub_answer_as_one(notes, address, root, tmp_path, monkeypatch):
    "One collection, half of it with us and half in the hub, some files in both: each section answers once, scored as in one index"
    files = sorted(notes.rglob('*.ipynb'))
    mine, theirs = tmp_path/'mine'/'notes', tmp_path/'theirs'/'notes'
    for i,o in enumerate(files):
        for to in ([mine] if i%3==0 else [theirs] if i%3==1 else [mine, theirs]):
            (to/o.relative_to(notes)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(o, to/o.relative_to(notes))
    Crawler(address, [theirs], public=True, shards=1).look()
    monkeypatch.chdir(mine)
    (mine/'.git').mkdir()
    joint, whole = Searcher(find_config()), at_home(notes)
    assert joint.config.hub==address
    for q in [*golden(root)[::4], 'acumulation of gradients', 'nb:0001 loss']:
        a, b = joint.search(q, EVERY), whole.search(q, EVERY)
        place = lambda file, top: file.split('/', 4)[4] if file.startswith('hub://') else os.path.relpath(file, top)
        left  = [(place(h.section.file, mine), h.section.number, h.score) for h in a.hits]
        right = [(place(h.section.file, notes), h.section.number, h.score) for h in b.hits]
        assert sorted(o[:2] for o in left)==sorted(o[:2] for o in right)
        assert sorted(o[2] for o in left)==pytest.approx(sorted(o[2] for o in right), rel=1e-6)
        assert said(a)==said(b)
        assert not any(h.section.file.startswith('hub://') and (mine/place(h.section.file, mine)).exists() for h in a.hits), 'the own one comes first'
    assert a.scope.files==len(files) and a.scope.sections==b.scope.sections

def test_other_peoples_questions_to_a_textbook(shared, engine, address):
    "A real book in Markdown, cut into thousands of sections, and questions that people wrote"
    book = (shared/'corpora/d2l').resolve()
    asked = [json.loads(o) for o in (shared/'eval/d2l_questions.jsonl').read_text(encoding='utf-8').splitlines()]
    questions = [o['q'] for o in asked]
    Crawler(address, [book], public=True, shards=3).look()
    own, hub = at_home(book), Searcher(find_config(address))
    same_answers(own, hub, questions[::len(questions)//6], book, 5*EVERY)
