"""How much Python has to do for an answer, counted in calls: a count is the same on a slow and on a busy machine.

The limits are ratios within one run, or calls for each file with room to spare; what they guard is that nobody makes work grow with the collection."""
import random, time

import pytest

from fastdebug.config import find_config
from fastdebug.search import Searcher

from counting import calls

WORDS = [a+b for a in ('gra','mo','bat','lo','ten','ker') for b in ('dient','mentum','ch','ss','sor','nel')]
QUESTION = f'how does {WORDS[0]} change {WORDS[7]} and {WORDS[14]}'

def write(folder, n):
    "`n` notes of three sections, each of words drawn by chance and one of its own"
    rng = random.Random(n)
    folder.mkdir()
    for i in range(n):
        parts = [f'## {rng.choice(WORDS)} {j}\n\n{" ".join(rng.choices(WORDS, k=60))} own{i}x{j}\n' for j in range(3)]
        (folder/f'{i:04}.md').write_text('\n'.join([f'# Note {i}\n', *parts]), encoding='utf-8')
    return folder


@pytest.fixture
def two(tmp_path, fresh_cache):
    "Searchers of a collection and of one five times as large, both looked at before"
    folders = [write(tmp_path/name, n) for name,n in (('small', 60), ('large', 300))]
    time.sleep(2.1) # younger files are read again at each look: their clock may be coarse
    res = [Searcher(find_config(str(o))) for o in folders]
    for s in res: s.search(QUESTION), s.search(QUESTION)
    return res


def test_an_answer_is_no_more_work_in_a_larger_collection(two):
    "Besides the look at the files: as many candidates, so as many calls"
    small, large = (calls(lambda: s.answer(s.look(), QUESTION)) - calls(s.look) for s in two)
    print(small, large)
    assert 1_000 < large < 1.15*small


def test_a_word_that_occurs_nowhere_is_no_more_work_either(two):
    small, large = (calls(lambda: s.answer(s.look(), QUESTION+' gradeint')) - calls(s.look) for s in two)
    print(small, large)
    assert large < 1.3*small


def test_a_look_at_unchanged_files_takes_a_few_calls_for_each(two):
    small, large = (calls(s.library.snapshot) for s in two)
    print(small, large, (large-small)/240)
    assert (large-small)/240 < 8


def test_one_changed_file_is_read_alone(two):
    "The next look does the work of that file; the rest of the collection adds only what a look adds"
    more = []
    for s in two:
        plain = calls(s.library.snapshot)
        note = next(iter(sorted(s.library.snapshot().manifest.searched)))
        with open(note, 'a', encoding='utf-8') as f: f.write('\nA new thought.\n')
        more.append(calls(s.library.snapshot)-plain)
    print(more)
    assert more[1] < 1.8*more[0]
