"""Meaning joins the order, and is never in the way: what is missing, broken or foreign costs a sentence or a quiet rebuild, and words answer in any case.

The model is a toy of a few kB (helpers/toy.py); what needs real weights is marked `model`."""
import json, multiprocessing, os, signal, subprocess, sys, threading, time
from dataclasses import replace
from pathlib import Path
from unittest import mock
import numpy as np
import pytest
import toy
from fastdebug.cli import main, run_fastnbs
from fastdebug.config import find_config
from fastdebug.core import MeaningError
from fastdebug.folder import make_private, mark
from fastdebug.encoder import Encoder
from fastdebug.meaning import Meaning, open_meaning
from fastdebug.model import FILES, fetch_model, find_model, model_folder
from fastdebug.passages import find_passages
from fastdebug.vectors import Vectors
from fastdebug.search import Searcher
from fastdebug.parse import parse_document
from fastdebug.utils import fastnbs

QUESTION = 'steepness' # no note says it; the toy knows that it is near `gradient`
NOTES = {'maths.md':'# Descent\n\nFollow the gradient down.\n\n## Pets\n\nThe dog sleeps.\n', 'money.md':'# Money\n\nThe tax is due.\n'}

@pytest.fixture
def own(tmp_path, monkeypatch):
    "Writes a person's own settings"
    def write(text):
        (tmp_path/'own.ini').write_text(f'[fastdebug]\n{text}\n', encoding='utf-8')
        monkeypatch.setenv('FASTDEBUG_SETTINGS', str(tmp_path/'own.ini'))
    return write

@pytest.fixture
def model(tmp_path): return toy.write_toy(tmp_path/'toy-minilm')

@pytest.fixture
def notes(reader, fresh_cache, own, model):
    "A few notes, a reader in their folder, and a toy in their settings"
    for name,text in NOTES.items(): (reader/name).write_text(text, encoding='utf-8')
    own(f'model = {model}')
    return reader

def searcher(**kw): return Searcher(find_config('.'), meaning=open_meaning, **kw)
def read_all(s):
    look = s.look()
    assert look.meaning.read(look.snapshot.manifest.searched, look.snapshot.sections)
    return s
def headings(answer): return [h.section.heading for h in getattr(answer, 'hits', answer)]
def said(answer): return repr(answer).split('\n')[-1]
def run_cli(*words):
    with pytest.raises(SystemExit) as e: main([*words])
    return e.value.code

# ---- what it does

def test_what_means_the_same_is_found_though_no_word_is_the_same(notes):
    s = read_all(searcher())
    hit = s.search(QUESTION).hits[0]
    assert hit.section.heading=='Descent' and hit.section.text[slice(*hit.passage)].startswith('Follow the gradient')
    assert hit.why['meaning']>0 and hit.score==pytest.approx(hit.why['by_words']+hit.why['written']+hit.why['meaning'])
    assert not s.search(QUESTION, meaning=False).hits and not Searcher(find_config('.')).search(QUESTION).hits

def test_with_meaning_off_an_answer_is_what_it_was(notes):
    s, plain = read_all(searcher()), Searcher(find_config('.'))
    for q in ('dog', 'the tax', 'descent dog', '"tax is due"', 'zzqqy', ''): assert s.search(q, meaning=False)==plain.search(q), q

@pytest.mark.parametrize('question,want', {f'{QUESTION} nb:money':{'Money'}, f'{QUESTION} path:maths':{'Descent','Pets'}, f'{QUESTION} -gradient':{'Pets','Money'},
    f'{QUESTION} "tax is"':{'Money'}}.items())
def test_conditions_hold_for_both_sides(notes, question, want): assert set(headings(read_all(searcher()).search(question)))==want

@pytest.mark.parametrize('condition', ['in:prose', 'kind:question', 'nb:nothing'])
def test_a_condition_that_leaves_nothing_is_dropped_and_said(notes, condition):
    answer = read_all(searcher()).search(f'{QUESTION} {condition}')
    assert headings(answer)[0]=='Descent' and any(condition in o for o in answer.scope.notes), answer.scope.notes

def test_a_typo_is_corrected_before_the_question_is_read_for_meaning(notes):
    asked = []
    s = read_all(searcher())
    with mock.patch.object(Encoder, '_encode', lambda self, text: asked.append(text) or np.eye(8, dtype='float32')[0]): s.search('gradiant down')
    assert asked==['gradient down']

def test_not_in_your_notes_is_said_first_and_nothing_is_open(notes):
    for name in 'abcdefgh': (notes/f'{name}.md').write_text(f'# The {name} day\n\nWe went {name} to the lake and {name} the boat was new.\n')
    answer = fastnbs('how new is bread made from sourdough starter and flour', roots='.')
    assert answer.answer.weak and 'may not say this' in repr(answer).split('\n')[0]
    md = answer._repr_markdown_()
    assert 'may not say this' in md.split('\n')[0] and md.count('<details>')==len(answer)>0
    assert not fastnbs('the tax is due', roots='.').answer.weak

# ---- what is read, and kept

@pytest.fixture
def read(monkeypatch):
    "The passages that a model reads"
    seen, real = [], Encoder.encode_passage
    monkeypatch.setattr(Encoder, 'encode_passage', lambda self, text: seen.append(text) or real(self, text))
    return seen

def test_only_what_changed_is_read_again(notes, read):
    read_all(searcher())
    assert [t for t in read if t!='width']==[t for t in read if t!='width' and read.count(t)==1] and len(read)==4
    read.clear()
    (notes/'maths.md').write_text(NOTES['maths.md']+'\n## Slope\n\nHow steep it is.\n')
    (notes/'money.md').rename(notes/'coins.md')
    read_all(searcher())
    assert read==['Descent. Slope. How steep it is.']

def test_an_answer_says_how_much_is_known(notes):
    s = read_all(searcher())
    assert 'meaning known' not in ' '.join(s.search(QUESTION).scope.notes)
    (notes/'new.md').write_text('# New\n\nThe puppy.\n')
    note, = s.search('dog').scope.notes
    assert note=='meaning known for 3 of 4 sections; `fastdebug fetch --read` reads the rest'
    assert 'New' in headings(s.search('puppy new')) # what is not known is found by its words

def test_a_section_that_is_not_read_yet_neither_wins_nor_loses(notes):
    s = read_all(searcher())
    (notes/'new.md').write_text('# Taxes\n\nThe tax is due in May.\n')
    assert {'Taxes','Money'} <= set(headings(s.search('tax due'))[:2])

def test_in_a_kernel_reading_goes_on_behind_the_question(notes):
    s = searcher(background=True)
    first = s.search(QUESTION)
    assert any('meaning known for 0 of 3 sections' in o and 'fetch' not in o for o in first.scope.notes)
    means = s.look().meaning
    means.wait()
    assert headings(s.search(QUESTION))[0]=='Descent' and not s.search(QUESTION).scope.notes

def test_reading_waits_while_a_question_is_answered(notes, monkeypatch):
    for i in range(40): (notes/f'{i}.md').write_text(f'# Note {i}\n\nThe dog {i}.\n')
    s = searcher(background=True)
    means, seen = s.look().meaning, []
    real = Encoder.encode_passage
    monkeypatch.setattr(Encoder, 'encode_passage', lambda self, text: seen.append(text) or time.sleep(.01) or real(self, text))
    s.search('dog')
    with means.asking():
        time.sleep(.1)
        before = len(seen)
        time.sleep(.2)
        assert len(seen)==before<40
    means.wait()
    assert len([o for o in seen if o!='width'])==43

def test_the_files_that_changed_last_are_read_first(notes, read):
    os.utime(notes/'money.md', (1, 1))
    read_all(searcher())
    assert [t for t in read if t!='width'][-1].startswith('Money')

def kill_while_reading(folder, env):
    code = "import os,signal\nfrom fastdebug.config import find_config\nfrom fastdebug.encoder import Encoder\nfrom fastdebug.meaning import open_meaning\nfrom fastdebug.search import Searcher\nn=0\n" \
           "real=Encoder.encode_passage\ndef die(self,text):\n    global n\n    n+=1\n    if n==130: os.kill(os.getpid(), signal.SIGKILL)\n    return real(self,text)\n" \
           "Encoder.encode_passage=die\ns=Searcher(find_config('.'), meaning=open_meaning)\nl=s.look()\nl.meaning.read(l.snapshot.manifest.searched, l.snapshot.sections)\n"
    return subprocess.run([sys.executable, '-c', code], cwd=folder, env=env, capture_output=True, text=True)

@pytest.mark.skipif(os.name=='nt', reason='signals as POSIX has them')
def test_after_a_kill_reading_goes_on_where_it_was(notes, read):
    (notes/'long.md').write_text('\n\n'.join(f'# Part {i}\n\nThe dog number {i}.' for i in range(200)))
    assert kill_while_reading(notes, dict(os.environ)).returncode==-signal.SIGKILL
    s = read_all(searcher())
    assert len([t for t in read if t!='width'])<=203-100 and s.look().meaning.known(s.look().snapshot.manifest.searched).complete

def test_two_kernels_read_at_once(notes, read):
    a, b = searcher(background=True), searcher(background=True)
    for s in (a, b): s.search(QUESTION)
    for s in (a, b): s.look().meaning.wait()
    assert len([t for t in read if t!='width'])==3
    assert [headings(s.search(QUESTION))[0] for s in (a, b)]==['Descent']*2

@pytest.mark.skipif(not hasattr(os, 'fork'), reason='no fork here')
def test_a_fork_answers(notes):
    s = searcher(background=True)
    s.search(QUESTION)
    s.look().meaning.wait()
    ctx = multiprocessing.get_context('fork')
    answers = ctx.Queue()
    child = ctx.Process(target=lambda: answers.put(headings(s.search(QUESTION))))
    child.start()
    assert answers.get(timeout=30)[0]=='Descent' and child.join(30) is None and child.exitcode==0

def test_the_interpreter_ends_while_something_is_read(notes):
    (notes/'long.md').write_text('\n\n'.join(f'# Part {i}\n\nThe dog number {i}.' for i in range(3000)))
    code = "from fastdebug.config import find_config\nfrom fastdebug.encoder import Encoder\nfrom fastdebug.meaning import open_meaning\nfrom fastdebug.search import Searcher\n" \
           "s=Searcher(find_config('.'), meaning=open_meaning, background=True)\nprint(len(s.search('dog').hits))\n"
    res = subprocess.run([sys.executable, '-c', code], cwd=notes, env=dict(os.environ), capture_output=True, text=True, timeout=60)
    assert (res.returncode, res.stdout.strip(), res.stderr)==(0, '5', '')

def test_ctrl_c_while_all_is_read_leaves_what_was_read(notes, monkeypatch):
    real, n = Encoder.encode_passage, iter(range(99))
    def stop(self, text):
        if next(n)==2: raise KeyboardInterrupt
        return real(self, text)
    monkeypatch.setattr(Encoder, 'encode_passage', stop)
    s = searcher()
    with pytest.raises(KeyboardInterrupt): read_all(s)
    monkeypatch.setattr(Encoder, 'encode_passage', real)
    assert headings(s.search('dog'))[0]=='Pets' and headings(read_all(s).search(QUESTION))[0]=='Descent'

def test_a_full_disk_is_told_and_words_answer(notes, monkeypatch):
    s = searcher(background=True)
    monkeypatch.setattr(Vectors, 'add', mock.Mock(side_effect=OSError(28, 'No space left on device')))
    s.search('dog')
    s.look().meaning.wait()
    answer = s.search('dog')
    assert headings(answer)==['Pets'] and any('No space left' in o for o in answer.scope.notes)

def files_of(cache): return {o.name:o for o in cache.rglob('vectors/*/*/*') if o.name in ('rows','vectors','signs')}

@pytest.mark.parametrize('name', ['rows', 'vectors', 'signs'])
@pytest.mark.parametrize('damage', [None, b'', b'something else, and long enough to be looked at', 'half'], ids=['deleted', 'empty', 'foreign', 'half'])
def test_damage_costs_time_and_no_answer(notes, fresh_cache, name, damage):
    want = headings(read_all(searcher()).search(QUESTION))
    path = files_of(fresh_cache)[name]
    data = path.read_bytes()
    path.unlink()
    if damage is not None: path.write_bytes(data[:len(data)//2] if damage=='half' else damage)
    s = searcher()
    assert headings(s.search('dog'))[0]=='Pets'
    assert headings(read_all(s).search(QUESTION))==want

def test_what_no_file_says_any_more_does_not_stay_for_good(notes, fresh_cache):
    (notes/'long.md').write_text('\n\n'.join(f'# Part {i}\n\nThe dog number {i}.' for i in range(1500)))
    read_all(searcher())
    before = files_of(fresh_cache)['rows'].stat().st_size
    (notes/'long.md').unlink()
    (notes/'new.md').write_text('# New\n\nThe puppy.\n')
    s = read_all(searcher())
    assert files_of(fresh_cache)['rows'].stat().st_size<before/10 and headings(s.search(QUESTION))[0]=='Descent'

def test_clear_drops_the_vectors_and_clear_all_the_models(notes, fresh_cache):
    read_all(searcher())
    mark(make_private(fresh_cache/'models/x'))
    assert files_of(fresh_cache) and run_cli('clear')==0 and not files_of(fresh_cache) and (fresh_cache/'models/x').is_dir()
    assert run_cli('clear', '--all')==0 and not [o for o in fresh_cache.rglob('*') if o.is_file()]

# ---- models that can't be used

def refuses(write, what):
    "The notes of an answer for which the model was to be used"
    s = searcher()
    answer = s.search('dog')
    look = s.look()
    if look.meaning:
        with pytest.raises(MeaningError, match=what): look.meaning.read(look.snapshot.manifest.searched, look.snapshot.sections)
    else: assert any(what in o for o in answer.scope.notes), answer.scope.notes
    assert headings(answer)==['Pets']

def test_a_model_that_gives_no_numbers(notes, own, tmp_path):
    own(f"model = {toy.write_toy(tmp_path/'nan-minilm', {'gradient':[float('nan')]*8})}")
    refuses(None, 'gives no numbers')

def test_a_model_that_was_pooled_already(notes, own, tmp_path):
    own(f"model = {toy.write_toy(tmp_path/'pooled-minilm', pooled=True)}")
    refuses(None, 'not one vector for each token')

def test_a_model_with_an_input_nobody_knows(notes, own, tmp_path):
    own(f"model = {toy.write_toy(tmp_path/'odd-minilm', inputs=('pixels',))}")
    refuses(None, 'wants pixels')

def test_a_model_of_no_known_family(notes, own, tmp_path):
    own(f"model = {toy.write_toy(tmp_path/'whatever')}")
    refuses(None, 'is not known here')

def test_a_model_whose_files_are_something_else(notes, own, model):
    Path(model, 'model.onnx').write_bytes(b'no network at all')
    refuses(None, 'can not be loaded')

def test_models_of_another_width_never_mix(notes, own, tmp_path):
    read_all(searcher())
    own(f"model = {toy.write_toy(tmp_path/'wide-minilm', {'steepness':[0.]*15+[1.], 'dog':[0.]*15+[1.]})}")
    s = searcher()
    assert any('meaning known for 0 of 3' in o for o in s.search('dog').scope.notes)
    assert headings(read_all(s).search(QUESTION))[0]=='Pets' # this one thinks so

def test_a_model_runs_no_code_of_its_own(notes, own, model, tmp_path):
    ran = tmp_path/'ran'
    Path(model, 'evil.py').write_text(f'open({str(ran)!r}, "w")\n')
    Path(model, 'modules.json').write_text(json.dumps([dict(idx=0, name='0', path='', type='evil.Evil')]))
    Path(model, 'config.json').write_text(json.dumps(dict(auto_map={'AutoModel':'evil.Evil'})))
    read_all(searcher())
    assert not ran.exists()

def test_a_project_names_no_model(notes, own, model):
    own('')
    (notes/'settings.ini').write_text(f'[fastdebug]\nroots = .\nmeaning = yes\nmodel = {model}\n')
    assert find_config().model=='' and not fastnbs(QUESTION)

# ---- fetching

def test_half_a_download_is_never_taken_for_a_model(fresh_cache):
    import io
    response = mock.MagicMock()
    response.__enter__.return_value = io.BytesIO(b'half of it')
    with mock.patch('urllib.request.urlopen', return_value=response), pytest.raises(MeaningError, match='wrong checksum'): fetch_model('', str(fresh_cache))
    assert find_model('', str(fresh_cache)) is None and not [o for o in fresh_cache.rglob('*') if o.is_file() and o.name!='.fastdebug']

def test_a_model_that_changed_on_the_disk_is_told_and_words_answer(notes, own, fresh_cache):
    own('')
    for f in FILES:
        path = model_folder('', str(fresh_cache))/f.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b'x')
    answer = fastnbs('dog', roots='.')
    assert headings(answer)==['Pets'] and 'wrong checksum' in said(answer) and 'fastdebug fetch' in said(answer)

def test_without_a_model_the_last_line_says_once_how_to_have_one(notes, own, fresh_cache):
    own('')
    assert 'fastdebug fetch' in said(fastnbs('dog', roots='.')) and 'fastdebug fetch' not in said(fastnbs('dog', roots='.'))

def test_only_a_person_has_a_model_fetched(notes, own):
    own('')
    with mock.patch('urllib.request.urlopen', side_effect=OSError('no network')) as asked:
        fastnbs('dog', roots='.')
        assert not asked.called
        assert 'could not be fetched (no network)' in said(fastnbs('dog', roots='.', meaning=True)) and asked.called

def test_without_the_extra_words_answer(notes, own):
    own('')
    with mock.patch('fastdebug.encoder.find_spec', return_value=None):
        assert "[meaning]" in said(fastnbs('dog', roots='.')) and headings(fastnbs('dog', roots='.'))==['Pets']

# ---- odd texts

@pytest.mark.parametrize('question', ['\ud800 dog', 'dog '*600, '\x00', '🐕 dog', '', ' ', '-', '"'], ids=range(8))
def test_any_question_is_answered(notes, question):
    s = read_all(searcher())
    assert isinstance(s.search(question).hits, tuple)
    if 'dog' in question: assert headings(s.search(question))[0]=='Pets'

def test_a_passage_of_50_mb_is_cut(notes):
    sec = parse_document('# Long\n\n'+'x'*50_000_000, 'x.md').sections[0]
    assert max(len(o.text) for o in find_passages(sec))<2000
    sec = parse_document('# Long\n\n'+'word '*10_000_000, 'x.md').sections[0]
    assert len(find_passages(sec))<=64

def test_a_note_of_half_characters_is_read(notes):
    (notes/'odd.ipynb').write_text(json.dumps(dict(cells=[dict(cell_type='markdown', metadata={}, source='# Odd \ud800\n\nThe dog \udfff barks')], metadata={}, nbformat=4, nbformat_minor=5)))
    assert 'Odd' in headings(read_all(searcher()).search('puppy'))[0] or len(headings(read_all(searcher()).search('puppy')))>1

# ---- the real weights

@pytest.fixture(scope='module')
def real(tmp_path_factory):
    "A cache folder with the usual model, out of the zip it is published in"
    cache = tmp_path_factory.mktemp('real')
    fetch_model('', str(cache), toy.minilm()) # which proves the checksums
    return cache

@pytest.mark.model
def test_the_published_files_are_the_usual_model(real):
    model = find_model('', str(real))
    assert {f.name:Path(model_folder('', str(real)), f.name).stat().st_size for f in FILES}=={f.name:f.size for f in FILES}
    e = Encoder(model)
    near = lambda a,b: float(e.encode_question(a) @ e.encode_passage(b))
    assert near('cheerful marsupial on an island', 'A small kangaroo of Rottnest that seems to smile.')>.35 > near('cheerful marsupial on an island', 'Send the form in May.')+.2

@pytest.mark.model
def test_a_second_model_is_used_in_its_own_way(real, tmp_path):
    model = find_model(toy.bge(tmp_path))
    assert model.way.pooling=='first' and model.way.question.startswith('Represent this sentence') and model.key!=find_model('', str(real)).key
    e = Encoder(model)
    assert float(e.encode_question('incline of a mountain') @ e.encode_passage('How fast the ground rises under your feet.'))>float(e.encode_question('incline of a mountain') @ e.encode_passage('Send the form in May.'))

@pytest.mark.model
def test_real_weights_find_what_words_do_not(real, notes, own, monkeypatch):
    own('')
    monkeypatch.setenv('FASTDEBUG_CACHE', str(real))
    (notes/'quokka.md').write_text('# Quokka\n\nA small kangaroo of Rottnest that seems to smile.\n')
    s = read_all(searcher())
    assert headings(s.search('cheerful marsupial on an island'))[0]=='Quokka'
