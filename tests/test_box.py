"The kernel's half of the search box: it answers half a word, the newest request wins, nothing found can run, nothing asked is saved"
import json, subprocess, sys, threading, time
import pytest
from danger import find_danger
from fastdebug import box, utils
from fastdebug.box import Box, Desk, Newest, page_html, section_page, whole_question
from fastdebug.core import Answer, Scope
from fastdebug.query import parse_query
from fastdebug.render import section_blocks
from fastdebug.rewrite import rewrite_markdown
from fastdebug.utils import fastnbs
from hostile import write_notes
from payloads import FRAMES, PAYLOADS, VIEWS, evil_hit

NOTES = {'How does momentum work?': 'It keeps a part of the last step, so that zigzags cancel out.', 'What is cross entropy?': 'How surprised the model is: `F.cross_entropy`.',
    'Which learning rate?': 'Raise it until the loss explodes.', 'How do I stop overfitting?': 'With dropout, weight decay, and more data.', 'モデルの学習とは?': '損失を小さくする。'}

@pytest.fixture
def notes(tmp_path, reader):
    (tmp_path/'notes').mkdir()
    for i,(heading,text) in enumerate(NOTES.items()): (tmp_path/f'notes/{i}.md').write_text(f'# Page {i}\n\n## {heading}\n\n{text}\n', encoding='utf-8')
    return tmp_path/'notes'

@pytest.fixture(autouse=True)
def nothing_stood(): box._stood.clear()

def talk(desk, *messages):
    "What a page gets that sends `messages`, each when the one before is answered"
    said, desk.send = [], lambda m: said.append(json.loads(json.dumps(m)))
    for m in messages:
        desk.take(dict(view='v', chips={}, **m) if m['kind']=='ask' and 'chips' not in m else dict(view='v', **m))
        desk.join()
    return said

def ask(text, n=1, **chips): return dict(kind='ask', n=n, text=text, chips=chips)
def names(said): return [r['name'] for o in said if o['kind']=='list' for r in o['rows']]

# ---- while it is being typed

@pytest.mark.parametrize('question, heading, least', [('momentum', 'How does momentum work?', 2), ('cross entropy', 'What is cross entropy?', 3), ('how does momentum wor', 'How does momentum work?', 12),
    ('zigzags', 'How does momentum work?', 2), ('F.cross_entropy', 'What is cross entropy?', 4), ('学習', 'モデルの学習とは?', 1), ('weight decay', 'How do I stop overfitting?', 4), ('OVERFITTING', 'How do I stop overfitting?', 3)])
def test_every_beginning_finds_it(notes, question, heading, least):
    desk = Desk(None, roots=notes)
    for i in range(least, len(question)+1): assert names(talk(desk, ask(question[:i])))[:1]==[heading], question[:i]

def test_half_a_word_is_marked_whole_and_a_finished_one_is_corrected(notes):
    desk = Desk(None, roots=notes)
    row = talk(desk, ask('how does momen'))[0]['rows'][0]
    assert '<mark>momentum</mark>' in row['heading']
    assert names(talk(desk, ask('momentun ')))==['How does momentum work?'] and 'instead of' in talk(desk, ask('momentun '))[0]['notes']
    assert names(talk(desk, ask('zzqq')))==[] and 'Nothing found' in talk(desk, ask('zzqq'))[0]['lead']

@pytest.mark.parametrize('text', ['', ' ', 'in:', 'kind:q', 'since:20x', '-', '"', 'a', 'the', '"momentum', 'momentum -', 'x'*5_000, '\ud800', '🦘', 'Traceback (most recent call last):\n  File "a.py", line 1\nKeyError: 1', 'git checkout -b', '((', '*'])
def test_anything_may_stand_there_meanwhile(notes, text):
    assert talk(Desk(None, roots=notes), ask(text))[0]['kind']=='list'

def test_chips_narrow(notes):
    desk = Desk(None, roots=notes)
    assert names(talk(desk, ask('', kind='question')))[:1] and names(talk(desk, ask('how', path='0.md')))==['How does momentum work?']
    assert names(talk(desk, ask('momentum', **{'in':'code'})))!=[] and 'left out of the question' in talk(desk, ask('momentum', **{'in':'code'}))[0]['notes']
    assert parse_query(whole_question('a b', {'path':'my "notes" x', 'kind':'note'})).path==('my notes x',)

def test_files_saved_between_two_keys_are_found(notes):
    desk = Desk(None, roots=notes)
    talk(desk, ask('quokk'))
    (notes/'new.md').write_text('# Quokkas\n\nThey eat leaves.\n', encoding='utf-8')
    assert names(talk(desk, ask('quokka', 2)))==['Quokkas']

# ---- the newest wins

def test_no_request_waits_behind_a_stale_one():
    "While one is worked on, a hundred come: it is told so, and only the last of them follows"
    begun, go, seen = threading.Event(), threading.Event(), []
    def work(n, is_stale):
        begun.set()
        go.wait(60)
        seen.append((n, is_stale()))
    newest = Newest(work)
    newest.ask(0)
    begun.wait(60)
    for i in range(1, 101): newest.ask(i)
    go.set()
    assert newest.join(60) and seen==[(0, True), (100, False)]

def test_what_is_stale_is_neither_shown_nor_rendered(notes, monkeypatch):
    asked, rendered, go = [], [], threading.Event()
    monkeypatch.setattr(box, 'ask', lambda q, *a, **kw: asked.append(q) or go.wait(60) and utils.ask(q, *a, **kw))
    monkeypatch.setattr(box, 'section_page', lambda answer, i: rendered.append(answer.query.text) or {})
    said = []
    desk = Desk(said.append, roots=notes)
    for i in range(1, 9): desk.take(dict(view='v', **ask('momentum'[:i], i)))
    go.set()
    desk.join()
    assert asked[-1]=='momentum' and len(asked)<=2 and rendered==['momentum'] and [(o['kind'], o['n']) for o in said]==[('list', 8), ('section', 8)]

def test_trouble_is_said_and_the_next_request_is_answered(notes):
    desk = Desk(None, roots=notes/'nowhere')
    said = talk(desk, ask('momentum'))
    assert [o['kind'] for o in said]==['trouble'] and 'nowhere' in said[0]['text']
    desk.roots = notes
    assert names(talk(desk, ask('momentum', 2)))

def test_two_views_of_one_box_have_answers_of_their_own(notes):
    said = []
    desk = Desk(said.append, roots=notes)
    for view,text in (('a', 'momentum'), ('b', 'entropy')): desk.take({**ask(text), 'view':view}); desk.join()
    desk.take(dict(kind='code', view='a', n=1, i=0)); desk.join()
    assert said[-1]['view']=='a' and 'zigzags' in said[-1]['text']

# ---- what stands there, and what is saved

def test_a_cell_that_is_run_again_has_what_stood_there_and_a_saved_one_has_not(notes):
    one = Box(roots=notes)
    one._desk.send = lambda m: None
    one._desk.take({**ask('momentum', kind='question'), 'view':'v'}); one._desk.join()
    again = Box(roots=notes)
    assert talk(again._desk, dict(kind='ready'))[0] | dict(known=None)==dict(kind='state', view='v', text='momentum', chips={'kind':'question'}, known=None, id=again.model_id)
    data, meta = again._repr_mimebundle_()
    kept = {k:v for k,v in again.get_state().items() if k not in ('_esm', '_css')}
    assert 'momentum' not in repr((kept, data, meta)) and 'fastdebug' in meta and data['text/plain']==data['text/markdown']==repr(again)
    for o in (one, again): o.close()

def test_fastinsert_means_the_list_of_the_box(notes):
    utils._last.clear()
    talk(Desk(None, roots=notes), ask('momentum'), dict(kind='keep', n=1))
    assert utils._last[0][0].section.heading=='How does momentum work?'
    talk(Desk(None, roots=notes), ask('entropy'), dict(kind='keep', n=7))
    assert utils._last[0].query.text=='momentum'

WITHOUT = '''
import sys
sys.modules['anywidget'] = None
from fastdebug import utils
utils._in_kernel = lambda: sys.argv[2]=='kernel'
print(utils.fastbox('momentum', roots=sys.argv[1])); print(utils.fastbox(roots=sys.argv[1])); print('anywidget' in [o for o in sys.modules if sys.modules[o]])
'''
@pytest.mark.parametrize('where, why', [('kernel', 'needs anywidget'), ('terminal', 'needs a notebook')])
def test_without_widgets_the_plain_answer_comes_and_says_why(notes, where, why):
    p = subprocess.run([sys.executable, '-c', WITHOUT, str(notes), where], capture_output=True, text=True)
    assert not p.returncode, p.stderr
    *_, last, none, loaded = p.stdout.strip().splitlines()
    assert 'zigzags cancel out' in p.stdout and why in last and why in none and 'ask something' in none and loaded=='False'

def test_where_no_cell_failed_fastnbs_opens_the_box(notes, monkeypatch):
    monkeypatch.setattr(utils, '_in_kernel', lambda: True)
    monkeypatch.setattr(utils, 'last_error', lambda shell: None)
    opened = fastnbs(roots=notes)
    assert isinstance(opened, Box) and opened._desk.roots==notes
    opened.close()

# ---- nothing found can run

def judged(html): return find_danger(html.replace('class="fd-tex"', 'class="math"'))

def test_the_judge_sees_danger(): assert judged('<p><img src=x onerror=ran()></p>') and not judged('<p><span class="fd-tex">$x$</span></p>'.replace('span', 'b'))

@pytest.mark.parametrize('view', VIEWS, ids=range(len(VIEWS)))
def test_payloads_in_the_page(view):
    "Each payload in every field of a hit and in every place of Markdown, as the page gets it"
    for p in PAYLOADS:
        hit    = evil_hit(p, p)
        answer = Answer(parse_query(p), (hit,), Scope(('.',), '', 1, 1))
        html   = page_html([*section_blocks(hit.section, view), *(rewrite_markdown(f.format(p, p), view) for f in FRAMES)])
        rows   = ''.join(r['heading']+r['where'] for r in box.answer_rows(answer))
        assert not (bad := judged(html)), f'{bad}\nfrom {p!r}'
        assert not (bad := judged(rows)), f'{bad}\nfrom {p!r}'

def test_the_page_is_clean_whatever_made_it():
    "Also where the rooms before it had let a payload through"
    for p in PAYLOADS: assert not (bad := judged(box.clean_page(p))) or bad.startswith('maths '), f'{bad}\nfrom {p!r}' # formulas are cleaned before

def test_hostile_notes_through_the_desk(tmp_path, reader):
    (tmp_path/'evil').mkdir()
    words, desk = write_notes(tmp_path/'evil', 'http://127.0.0.1:9'), Desk(None, k=4, roots=tmp_path/'evil')
    for i,word in enumerate(words, 1):
        said = talk(desk, ask(word, i), *(dict(kind='show', n=i, i=j) for j in range(1, 4)), dict(kind='code', n=i, i=0))
        rows = next(o['rows'] for o in said if o['kind']=='list')
        html = [o['html'] for o in said if o['kind']=='section']
        assert rows and word in ''.join(html+[r['heading'] for r in rows]), f'{words[word]!r} was not shown'
        for part in (*html, *(r['heading'] for r in rows), *(r['where'] for r in rows)): assert not (bad := judged(part)), f'{bad}\nfrom {words[word]!r}'
        assert all(o['url'].partition(':')[0] in ('http', 'https', 'vscode') or ':' not in o['url'].split('/')[0] for s in said if s['kind']=='section' for o in s['links'])
