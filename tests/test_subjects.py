"""Sixty questions about the newer lessons, in words that avoid those of the heading that answers them.

They were written before any of them was asked; what is missed stays in."""
from dataclasses import replace
from statistics import fmean
import pytest
from fastdebug.analyze import find_tokens, is_stop
from fastdebug.config import find_config
from fastdebug.eval import find_sections, read_questions, score_answers, section_id
from fastdebug.meaning import open_meaning
from fastdebug.model import fetch_model
from fastdebug.search import Searcher
import toy

FILE = 'tests/data/subjects.jsonl'

@pytest.fixture(scope='module')
def sections(root): return find_sections(Searcher(find_config(root/'nbs/lessons'), memory=True))

@pytest.fixture(scope='module')
def asked(root, sections): return read_questions(root/FILE, sections)

def content(text): return {f.term for f in find_tokens(text) if not is_stop(f.word)}

def test_there_are_sixty_about_ten_lessons(asked):
    right = [o for q in asked for o in q.right]
    assert len({q.text for q in asked})==len(set(right))==len(right)==60
    assert len({o.partition('#')[0] for o in right})==10

def test_they_avoid_the_words_of_the_heading(asked, sections):
    named = {section_id(s):s for s in sections}
    shared = {q.text: both for q in asked for o in q.right if (both := content(q.text) & content(named[o].heading))}
    assert not shared and all(len(content(q.text))>=3 for q in asked)

@pytest.mark.model
def test_meaning_finds_them_among_five(root, asked, tmp_path):
    cache = str(tmp_path)
    fetch_model('', cache, toy.minilm())
    s = Searcher(replace(find_config(root/'nbs/lessons'), cache_dir=cache, meaning=True, model=''), meaning=open_meaning)
    look = s.look()
    look.meaning.read(look.snapshot.manifest.searched, look.snapshot.sections)
    found = [[section_id(h.section) for h in s.search(q.text, k=5).hits] for q in asked]
    hit = fmean(o['hit@5'] for o in score_answers(asked, found))
    missed = [q.text for q,f in zip(asked, found) if not q.right & set(f)]
    print(f'hit@5 {hit:.3f}; missed:', *missed, sep='\n')
    assert hit>=.7, missed
