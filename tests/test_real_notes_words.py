"""Words as other people write them: in two spellings, in two languages, with units and versions, in short forms, cut by a line's end.

Each row is a note, a question and whether the note answers it; a second note says nothing of it."""
import pytest
from fastdebug.config import find_config
from fastdebug.search import Searcher

FOUND = [('The time series has a trend.', 'timeseries'), ('Use a dataloader.', 'data loader'), ('Feature maps grow.', 'featuremaps'), ('A check point was saved.', 'checkpoint'),
    ("L'apprentissage de l’algorithme", 'algorithme'), ("nell'esempio sull'errore", 'esempio'), ("l'aprenentatge", 'aprenentatge'), ("qu'une epoche", 'une epoche'),
    ('Needs numpy 1.26.4.', 'numpy 1.26'), ('TensorFlow v2.15.0 is old.', 'tensorflow 2'), ('It takes 16GB.', '16 GB'), ('It takes 250 ms.', '250ms'), ('There are 60,000 digits.', '60000'),
    ('There are 60000 digits.', '60,000'), ('Tiles of 512×512 pixels', '512x512'), ('EfficientNetB0 is small.', 'efficientnet'), ('Try GPT2LMHead.', 'gpt'), ('An L1Loss', 'l1'),
    ('Written in C++.', 'c++'), ('Written in F#.', 'f#'), ('Runs on .NET.', '.net'), ('We generalise better.', 'generalize'), ('labelled catalogues', 'catalog'),
    ('the eigenvalues of matrices', 'matrix'), ('Two hypotheses', 'hypothesis'), ('the vertex', 'vertices'), ('Set the learning rate.', 'lr'), ('the val set', 'validation set'),
    ('An env holds packages.', 'environment'), ('regu\u00adlari\u00adzation', 'regularization'), ('it is regulari-\nzation', 'regularization'), ('كِتَاب', 'كتاب'), ('שָׁלוֹם', 'שלום')]
NOT_FOUND = [('milk for it', 'git'), ('It ends.', 'ann'), ('The C language', 'c++'), ('set the data', 'dataset'), ('It cost 0.5.', '0')]

@pytest.fixture
def hits(tmp_path):
    "The names of the notes that answer a question"
    def ask(text, question):
        (tmp_path/'a.md').write_text(f'# Note\n\n{text}\n', encoding='utf-8')
        (tmp_path/'b.md').write_text('# Shopping\n\nmilk, bread, soap\n', encoding='utf-8')
        return [h.section.heading for h in Searcher(find_config([tmp_path]), memory=True).search(question).hits]
    return ask

@pytest.mark.parametrize('text,question', FOUND)
def test_found(hits, text, question): assert hits(text, question)==['Note']

@pytest.mark.parametrize('text,question', NOT_FOUND)
def test_not_found(hits, text, question): assert 'Note' not in hits(text, question)
