"Is an answer in a cell shown as quickly as it is found?"
from fastdebug.config import find_config
from fastdebug.search import Searcher
from fastdebug.utils import fastnbs
from ..tools.corpora import corpora, own_cache, real_questions
from ..tools.measure import Row, clock, p95

def run(quick):
    with own_cache():
        s = Searcher(find_config(corpora()))
        for q in real_questions(10, seed=1): s.search(q), fastnbs(q, k=5, roots=corpora())._repr_markdown_()
        ours, ref = [], []
        for q in real_questions(40 if quick else 200):
            ref.append(clock(s.search, q)[0])
            ours.append(clock(lambda: fastnbs(q, k=5, roots=corpora())._repr_markdown_())[0])
    limit = max(5*p95(ref), .05)
    return [Row('`fastnbs` rendered, k=5, warm, p95', p95(ours), p95(ref), limit/p95(ref), 'its search; budget is 5 or 50 ms')]
