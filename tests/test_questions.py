"The questions that the project promises to answer, asked of a learner's real notebooks"
import html,json,re
from pathlib import Path
from urllib.parse import unquote
import pytest
from hypothesis import given, settings, strategies as st, HealthCheck
from fastdebug.links import heading_text
from fastdebug.utils import fastlistnbs, fastnbs, fastnotes
import commonmark

QUESTION = 'how gradient accumulation work'
BOOK = '0010_fastai_scaling_up_road_to_top_part_3'
KAGGLE = 'https://www.kaggle.com/code/me/scaling-up'
pytestmark = pytest.mark.usefixtures('reader')

@pytest.fixture(scope='module')
def nbs(shared): return shared/'corpora/fastdebug-notes/nbs'

def marked(text): return re.findall(r'<mark[^>]*>(.*?)</mark>', text)
def unmarked(text): return re.sub(r'</?mark[^>]*>', '', text)
def first_part(answer): return answer._repr_markdown_().partition('<details>')[0]
def book_of(section): return Path(section.file).stem

# ---- the section about gradient accumulation

@pytest.fixture
def hits(nbs): return fastnbs(QUESTION, roots=nbs)

def test_best_hit_asks_how_gradient_accumulation_works_under_the_hood(hits):
    assert (hits[0].section.heading, book_of(hits[0].section))==('how does gradient accumulation work under the hood', BOOK)

def source_fences(nbs):
    "The Python fences in the notebook's own cells, by another parser"
    nb = json.loads(next(nbs.rglob(BOOK+'.ipynb')).read_text(encoding='utf-8'))
    return [o for c in nb['cells'] if c['cell_type']=='markdown' for o in commonmark.fences(''.join(c['source']), 'python')]

def test_both_training_loops_are_unbroken_python_fences(hits, nbs):
    loops = [o for o in source_fences(nbs) if 'for x,y in dl:' in o]
    assert len(loops)==2 and 'count=0' in loops[1] and 'count' not in loops[0]
    for text in (hits[0].section.text, first_part(hits)):
        assert [o for o in commonmark.fences(text, 'python') if 'for x,y in dl:' in o]==loops

def test_words_are_marked_in_the_heading_in_their_own_case(nbs):
    line = next(o for o in first_part(fastnbs(QUESTION.upper(), roots=nbs)).split('\n') if o.startswith('#'))
    assert unmarked(line)=='### how does gradient accumulation work under the hood'
    assert {'gradient', 'accumulation', 'work'} <= set(marked(line)) <= {'how', 'does', 'gradient', 'accumulation', 'work'}

def links_of(answer): return re.findall(r'^\[(Open .*? in Jupyter Notebook (?:locally|on Kaggle))\]\((\S+)\)', first_part(answer), re.M)

def test_local_link_opens_the_notebook_at_the_heading(hits, nbs, reader):
    (label,url), = links_of(hits)
    path,_,fragment = url.partition('#')
    assert label==f'Open `{BOOK}` in Jupyter Notebook locally'
    assert (reader/Path(unquote(path)).expanduser()).resolve()==next(nbs.rglob(BOOK+'.ipynb')).resolve()
    assert heading_at(fragment, next(nbs.rglob(BOOK+'.ipynb')))=='how does gradient accumulation work under the hood'

def heading_at(fragment, path):
    "The first heading of the cell that a fragment names"
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    text, = (''.join(c['source']) for c in cells if fragment==f'cell-id={c.get("id")}')
    return heading_text(commonmark.headings(text)[0][1])

def both_links(answer):
    links = links_of(answer)
    return [o for o,_ in links]==[f'Open `{BOOK}` in Jupyter Notebook {o}' for o in ('locally', 'on Kaggle')] and links[1][1]==KAGGLE

def test_kaggle_link_from_the_notebooks_own_metadata(nbs, tmp_path):
    nb = json.loads(next(nbs.rglob(BOOK+'.ipynb')).read_text(encoding='utf-8'))
    nb['metadata']['fastdebug'] = {'links':{'kaggle':KAGGLE}}
    (tmp_path/'mine').mkdir()
    (tmp_path/'mine'/f'{BOOK}.ipynb').write_text(json.dumps(nb), encoding='utf-8')
    assert both_links(fastnbs(QUESTION, roots=tmp_path/'mine'))

@pytest.mark.parametrize('name,text', [
    ('settings.ini', '[fastdebug.links]\n0010_* = {}\n'), ('pyproject.toml', '[tool.fastdebug.links]\n"0010_*" = "{}"\n')])
def test_kaggle_link_from_the_readers_settings(nbs, reader, name, text):
    (reader/name).write_text(text.format(KAGGLE))
    assert both_links(fastnbs(QUESTION, roots=nbs))

# ---- the same question, put differently

VARIANTS = {'typo': 'how gradient acumulation work', 'endings': 'how gradients accumulations works', 'sentence': 'How does gradient accumulation work?',
    'capitals': 'HOW GRADIENT ACCUMULATION WORK', 'order': 'work accumulation gradient how', 'hyphen': 'how gradient-accumulation work'}

@pytest.mark.parametrize('question', VARIANTS.values(), ids=VARIANTS)
def test_same_best_hit_however_it_is_put(hits, nbs, question):
    assert fastnbs(question, roots=nbs)[0].section==hits[0].section

def test_a_typo_is_reported(nbs):
    said = 'searched for "accumulation" instead of "acumulation"'
    answer = fastnbs(VARIANTS['typo'], roots=nbs)
    assert said in repr(answer).split('\n')[-1] and said in html.unescape(answer._repr_markdown_()).split('\n')[-1]
    assert 'instead of' not in repr(fastnbs(QUESTION, roots=nbs))

def test_two_words_with_a_typo_find_three_sections_about_it(nbs):
    for h in fastnbs('gradient acumulation', roots=nbs)[:3]: assert re.search('gradient accumulation', h.section.text, re.I), h.section.heading

# ---- terms of the field

TERMS = {'dropout': 'dropout', 'momentum': 'momentum', 'softmax': 'softmax', 'lr_find': 'lr_find', 'TTA': r'\btta\b', 'fine tune': r'fine[-_ ]?tun'}

@pytest.mark.parametrize('term', TERMS)
def test_a_term_finds_a_section_about_it(nbs, term):
    best = fastnbs(term, roots=nbs)[0].section
    assert re.search(TERMS[term], best.heading, re.I) or len(re.findall(TERMS[term], best.text, re.I))>=2

def test_a_word_in_the_body_only_is_found(nbs):
    best = fastnbs('dropout', roots=nbs)[0].section
    assert 'dropout' not in best.heading.lower() and 'dropout' in best.text.lower()

# ---- nothing found, and odd questions

def test_nothing_found_is_an_answer(nbs):
    answer = fastnbs('zzqqy', roots=nbs)
    known = {h.text for o in fastlistnbs(roots=nbs) for h in o.headings}
    assert not answer and answer.answer.near and {h for h,_ in answer.answer.near} <= known
    for text in (repr(answer), html.unescape(answer._repr_markdown_())):
        assert '"zzqqy"' in text and re.search(r'Searched \d+ notebooks and notes with [\d,]+ sections in .*fastdebug-notes/nbs', text)
    assert all(f'"{h}" ({p})' in repr(answer) for h,p in answer.answer.near)

@pytest.mark.parametrize('question', ['', 'the', '"unbalanced', 'a AND (b', 'in:', 'in:nowhere x', '-', '*', '\x00', 'nb:zzqqy x', '" "', '🙂'])
def test_odd_questions_are_answered(nbs, question):
    answer = fastnbs(question, roots=nbs)
    assert 'Searched' in repr(answer) and 'Searched' in answer._repr_markdown_()

def test_stop_words_alone_still_answer(nbs): assert fastnbs('the', roots=nbs) and fastnbs('how to', roots=nbs)

@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.one_of(st.text(), st.lists(st.sampled_from('the lr_find " - ( ) in: nb: kind: AND gradient code'.split())).map(' '.join)))
def test_any_string_is_a_valid_question(nbs, question): assert 'Searched' in repr(fastnbs(question, roots=nbs))

# ---- lists of headings

def markdown_headings(path):
    "(level, text) of the headings in a notebook's Markdown cells, by another parser"
    nb = json.loads(path.read_text(encoding='utf-8'))
    return [h for c in nb['cells'] if c['cell_type']=='markdown' for h in commonmark.headings(''.join(c['source']))]

def test_list_holds_exactly_the_headings_of_the_notebooks(nbs):
    wanted = {str(p.resolve()): heads for p in nbs.rglob('*.ipynb') if '.ipynb_checkpoints' not in p.parts and (heads := markdown_headings(p))}
    listed = [o for o in fastlistnbs(roots=nbs) if o.file.endswith('.ipynb')]
    found = {o.file: [(h.level, ' '.join(heading_text(h.text).split())) for h in o.headings] for o in listed}
    assert sum(map(len, wanted.values()))>1000 and len(listed)==len(found)
    assert {p for p in found if found[p]}==wanted.keys() # the others are listed by their names
    for p in wanted: assert found[p]==wanted[p], p

def opens(url, reader): return (reader/Path(unquote(url.partition('#')[0])).expanduser()).resolve()

def test_every_listed_heading_opens_its_notebook(nbs, reader):
    for o in fastlistnbs(roots=nbs):
        assert opens(o.link.url, reader)==Path(o.file)
        ids = {f'cell-id={c["id"]}' for c in json.loads(Path(o.file).read_text(encoding='utf-8'))['cells'] if 'id' in c} if o.file.endswith('.ipynb') else ()
        for h in o.headings:
            fragment = h.link.url.partition('#')[2]
            assert opens(h.link.url, reader)==Path(o.file) and (fragment in ids or bool(fragment)==bool(h.text)), h.text
            assert not fragment.startswith('cell-id=') or fragment in ids

def test_the_list_shows_these_links_as_they_are(nbs, monkeypatch):
    """Jupyter compares a fragment letter by letter, so that a different way of writing it leads nowhere.
    Asked from where the notebooks lie: the way to them counts towards the size of an answer, and is as long as the machine likes"""
    monkeypatch.chdir(nbs)
    listed = fastlistnbs(roots=nbs)
    shown = commonmark.read(listed._repr_markdown_(), html=True).links
    assert shown==[l.url for o in listed for l in (o.link, *(h.link for h in o.headings))]

def test_list_of_what_matches_holds_nothing_else(nbs):
    every = [(o.file, h.text) for o in fastlistnbs(roots=nbs) for h in o.headings]
    found = [(o.file, h.text) for o in fastlistnbs('ensemble', roots=nbs) for h in o.headings]
    assert found==[o for o in every if re.search(r'\bensembl(e|es|ed|ing)\b', o[1], re.I)] and len(found)>3

def test_list_stops_at_the_wanted_level(nbs):
    assert {h.level for o in fastlistnbs(roots=nbs, level=2) for h in o.headings}=={1,2}

# ---- lines

@pytest.fixture
def notes(nbs): return fastnotes('how random forest work', roots=nbs)

def test_notes_show_lines_of_the_random_forest_notebook(notes):
    assert book_of(notes[0].section).startswith('0007_fastai_how_random_forests_really_work')
    assert any({'random', 'forest'} <= {o.lower() for o in marked(line)} for line in notes._repr_markdown_().split('\n'))

def test_notes_give_two_lines_of_context(nbs):
    lines = lambda n: {(h.section.file, h.section.number): {i for a,b in h.lines for i in range(a, b+1)} for h in fastnotes('random forest', n=n, k=40, roots=nbs)}
    near,alone = lines(2),lines(0)
    both = near.keys() & alone.keys()
    assert both and all(alone[o] <= near[o] for o in both) and any(alone[o]<near[o] for o in both)
    for h in fastnotes('random forest', roots=nbs):
        last = h.section.text.count('\n')
        said = [i for i,line in enumerate(h.section.text.split('\n')) if re.search('random', line, re.I) and any(a<=i<=b for a,b in h.lines)]
        assert all(any(a<=max(0, i-2) and min(last, i+2)<=b for a,b in h.lines) for i in said[:1])

def test_notes_keep_fences_whole(nbs):
    seen = 0
    for h in fastnotes('learn.lr_find', k=40, roots=nbs):
        whole = {t for _,t in commonmark.read(h.section.text).code if '\n' in t}
        for a,b in h.lines:
            for _,t in commonmark.read('\n'.join(h.section.text.split('\n')[a:b+1])).code:
                if '\n' in t: seen += 1; assert t in whole
    assert seen>3
