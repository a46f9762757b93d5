"Every file of the corpora is read, or named as a copy, or named with the reason why not"
import os
from pathlib import Path
import pytest
from fastdebug.config import find_config
from fastdebug.parse import parse_document
from fastdebug.search import Searcher
from fastdebug.sources import decode, read_bytes
from fastdebug.utils import fastnbs

@pytest.fixture(scope='module')
def corpora(shared): return (shared/'corpora').resolve()

@pytest.fixture(scope='module')
def scope(corpora):
    s = Searcher(find_config(str(corpora)))
    return s, s.scope(s.look())

@pytest.fixture(scope='module')
def documents(scope):
    searcher,_ = scope
    return [parse_document(decode(read_bytes(p), p), p) for p in searcher.snapshot().manifest.searched]

def files_below(folder):
    "Notebooks and notes, found without our walker"
    return {str(Path(d)/f) for d,_,fs in os.walk(folder) for f in fs if f.endswith(('.ipynb', '.md', '.qmd'))}

def test_every_file_is_searched_or_a_copy_or_skipped_with_a_reason(corpora, scope):
    searcher,said = scope
    searched,twins,skipped = searcher.snapshot().manifest.searched.keys(), said.twins, dict(said.skipped)
    files = files_below(corpora)
    assert len(files)>=316 and len(searched)==said.files>200
    assert sorted([*searched, *twins, *skipped])==sorted(files)
    assert all(skipped.values())

def test_a_note_in_another_folder_that_names_no_notebook_is_no_copy(corpora, scope):
    "The learner's Markdown copies stand in a folder of their own and say nowhere of which notebook: they are notes"
    copies = {str(o) for o in (corpora/'fastdebug-notes/mds').rglob('*.md')}
    stems  = {o.stem for o in (corpora/'fastdebug-notes/nbs').rglob('*.ipynb')}
    assert sum(Path(o).stem in stems for o in copies)>20 and not scope[1].twins
    assert copies <= {*scope[0].snapshot().manifest.searched, *dict(scope[1].skipped)}

def test_every_section_is_counted(scope, documents):
    assert scope[1].sections==sum(1 for d in documents for s in d.sections if s.text.strip() and not s.nosearch)

@pytest.mark.parametrize('question', ['how gradient accumulation work', 'california housing', 'convolution', 'the', 'import tensorflow'])
def test_an_answer_is_bounded(corpora, question):
    hits = fastnbs(question, k=50, roots=corpora)
    assert len(hits)>5 and len(hits._repr_markdown_())<=400_000
