"The right section comes first: for questions people wrote, and for known headings"
import importlib
import pytest

@pytest.fixture(scope='module')
def relevance(root, shared):
    with pytest.MonkeyPatch.context() as mp:
        mp.syspath_prepend(str(root))
        yield importlib.import_module('benchmarks.relevance')

def searched(relevance, *folders):
    "A searcher for some of the corpora, and its sections"
    from benchmarks.corpora import corpora
    s = relevance.Searcher(relevance.find_config(corpora(*folders)))
    return s, relevance.all_sections(s)

def test_natural_questions_are_answered_at_least_as_well_as_by_sqlite(relevance):
    searcher,sections = searched(relevance, 'd2l')
    questions = relevance.from_textbook()
    assert len(questions)==416
    (ours,_,mrr,_),(theirs,_,mrr_of_sqlite,_) = (relevance.figures(o, questions) for o in (relevance.ours(searcher), relevance.sqlite_fts5(sections)))
    assert mrr>=mrr_of_sqlite>.4, f'MRR@10 {mrr:.3f} against {mrr_of_sqlite:.3f}, hit@1 {ours:.3f} against {theirs:.3f}'

@pytest.mark.parametrize('folder', ['fastdebug-notes/nbs', 'handson-ml3'])
def test_a_known_heading_finds_its_section(relevance, folder):
    searcher,sections = searched(relevance, folder)
    questions = relevance.known_items(sections, n=150)['known heading']
    first,*_ = relevance.figures(relevance.ours(searcher), questions)
    assert len(questions)==150 and first>=.90, f'hit@1 {first:.3f}'
