"""A learner's questions about the from-scratch notebooks find these notebooks, or the lesson built on one of them, among everything that stands in nbs/."""
import re
import pytest

QUESTIONS = [
    ('how do sliders change the loss of a quadratic', '61_learn_quadratic'),
    ('how do sums of relus fit any function', '61_learn_quadratic'),
    ('roller coaster speed over time', '61_learn_quadratic'),
    ('how does momentum help sgd', '62_learn_sgd'),
    ('how do mini-batches make the gradient noisy', '62_learn_sgd|0012_sgd_end_to_end'),
    ('difference between weight decay and L2', '62_learn_sgd'),
    ('logistic regression from scratch', '63_learn_logistic'),
    ('pixel similarity baseline with mean 3 and mean 7', '65_learn_mnist'),
    ('dataloader of our own', '65_learn_mnist'),
    ('what do the weights of the digits model look like', '65_learn_mnist')]


@pytest.fixture(scope='module')
def ask(root):
    from fastdebug.config import find_config
    from fastdebug.search import Searcher
    searcher = Searcher(find_config(root/'nbs'), memory=True)
    return lambda question: [h.section.file for h in searcher.search(question, k=3).hits]


@pytest.mark.parametrize('question,notebook', QUESTIONS)
def test_question_finds_its_notebook(ask, question, notebook):
    assert any(re.search(notebook, f) for f in ask(question)), ask(question) # other lessons and examples may know an answer too
