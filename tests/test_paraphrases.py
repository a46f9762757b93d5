"The paraphrase questions keep their promise: no word of theirs helps a search by words"
import pytest
from fastdebug.analyze import find_tokens, is_stop
from fastdebug.config import find_config
from fastdebug.eval import find_sections, read_questions, section_id
from fastdebug.search import Searcher

@pytest.fixture(scope='module')
def lessons(root): return find_sections(Searcher(find_config(root/'nbs/lessons'), memory=True))

@pytest.fixture(scope='module')
def asked(root, lessons): return read_questions(root/'benchmarks/data/paraphrases.jsonl', lessons)

def content(text): return {f.term for f in find_tokens(text) if not is_stop(f.word)}

def test_there_are_forty_different_ones_from_most_lessons(asked):
    right = [o for q in asked for o in q.right]
    assert len({q.text for q in asked})==len(set(right))==len(right)==40
    assert len({o.partition('#')[0] for o in right})>=18

def test_no_content_word_is_shared_with_the_answer(asked, lessons):
    named = {section_id(s):s for s in lessons}
    for q in asked:
        assert len(content(q.text))>=3, q.text
        for s in (named[o] for o in q.right):
            assert not content(q.text) & content(' '.join((*s.path, s.text))), q.text

def test_a_shared_word_would_be_noticed(lessons):
    "In another form, in code, and in a compound"
    s = next(s for s in lessons if s.heading.startswith('What is multi-label classification'))
    for text in ('classifications', 'get_annotations', 'annotation', 'multilabel'): assert content(text) & content(s.text), text
    assert not content('the giraffe') & content(s.text)
