"Somebody else's notebook must not hide a note as its twin; a copy still answers once"
import json

import pytest

from fastdebug.config import find_config
from fastdebug.search import Searcher

HEADS = ['Why', 'How', 'When', 'Who', 'Where']
WORDS = ['momentum keeps a step going', 'it adds the last step', 'when the slope is noisy', 'everybody who trains', 'in every framework']

def md(heads=HEADS, words=WORDS, front=''): return front+'\n\n'.join(f'# {h}\n\n{w}' for h,w in zip(heads, words))

def book(path, heads=HEADS, words=WORDS):
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [dict(cell_type='markdown', source=f'# {h}\n\n{w}') for h,w in zip(heads, words)]
    path.write_text(json.dumps(dict(cells=cells, metadata={}, nbformat=4)))

def note(path, *args, **kw):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(md(*args, **kw))

@pytest.fixture
def notes(tmp_path, fresh_cache, reader):
    (tmp_path/'notes').mkdir()
    return tmp_path/'notes'

def twins(notes): return {p.removeprefix(str(notes)+'/') for p in Searcher(find_config(str(notes))).search('x').scope.twins}

MINE = ['quokka thoughts of mine', 'that nobody else has', 'written last summer', 'on a long train', 'through the hills']

def test_same_headings_other_text_another_folder(notes):
    book(notes/'theirs'/'a.ipynb')
    note(notes/'mine'/'a.md', words=MINE)
    assert twins(notes)==set() and Searcher(find_config(str(notes))).search('quokka').hits

@pytest.mark.parametrize('path', ['a.md', 'a.qmd', 'theirs/a.md'])
def test_same_headings_other_text(notes, path):
    "Also beside it, and also when it names the notebook"
    book(notes/'a.ipynb')
    note(notes/path, words=MINE, front='---\nsource: a.ipynb\n---\n\n')
    assert twins(notes)==set()

def test_same_text_and_headings_in_another_folder_and_not_named(notes):
    book(notes/'theirs'/'a.ipynb')
    note(notes/'mine'/'a.md')
    assert twins(notes)==set()

def test_a_notebook_that_takes_my_words_and_other_headings(notes):
    book(notes/'a.ipynb', heads=['One', 'Two', 'Three', 'Four', 'Five'])
    note(notes/'a.md')
    assert twins(notes)==set()

def test_copies_answer_once(notes):
    book(notes/'a.ipynb')
    for o in ('a-Copy1.ipynb', 'a-practice.ipynb'): book(notes/o)
    note(notes/'a.md'), note(notes/'a.qmd', HEADS[:4])
    note(notes/'mds'/'x.md', front='---\nsource: a.ipynb\n---\n\n')
    (notes/'a.py').write_text('\n'.join(f'# %% [markdown]\n# # {h}\n#\n# {w}\n' for h,w in zip(HEADS, WORDS)))
    assert twins(notes)=={'a-Copy1.ipynb', 'a-practice.ipynb', 'a.md', 'a.qmd', 'a.py', 'mds/x.md'}

def test_a_copy_that_went_its_own_way_is_a_notebook(notes):
    book(notes/'a.ipynb'), book(notes/'a-Copy1.ipynb', words=MINE)
    assert twins(notes)==set() and Searcher(find_config(str(notes))).search('quokka').hits
