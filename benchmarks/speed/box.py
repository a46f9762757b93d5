"""Does the search box answer between two keys? In the kernel, without the front end.

By words alone, and also with meaning where the usual model lies in the reader's own cache folder (`fastdebug fetch`)."""
import random
from fastdebug.box import Desk
from fastdebug.config import cache_folder, find_config
from fastdebug.model import find_model
from fastdebug.search import Searcher
from ..tools.corpora import corpora, own_cache, real_questions
from ..tools.measure import Row, clock, median, p95
from .reading import opened, read_all

BUDGET = .06 # seconds, p95

def typed(n, seed=0):
    "`n` questions as far as somebody typed them, cut anywhere behind the second letter"
    rng = random.Random(seed)
    return [q[:rng.randint(min(2, len(q)), min(len(q), 80))] for q in real_questions(n, seed)]

def beginnings(n, seed=1):
    "Every beginning of `n` questions, key by key"
    return [q[:i] for q in real_questions(n, seed) for i in range(1, min(len(q), 60)+1)]

def times(texts, kinds):
    "Seconds until a desk had sent the last of `kinds` for each of `texts`, waiting for each answer"
    sent, roots = [], corpora()
    desk = Desk(sent.append, roots=roots)
    def answer(n, text):
        desk.lanes['ask'].answer(dict(kind='ask', view='v', n=n, text=text, chips={}), lambda: 'section' not in kinds and any(o['kind']=='list' for o in sent))
    found = []
    for n,text in enumerate(texts):
        sent.clear()
        found.append(clock(answer, n, text)[0])
        if bad := [o['text'] for o in sent if o['kind']=='trouble']: raise RuntimeError(f'{text!r}: {bad[0]}')
    return found

def rows_of(way, quick):
    "The table's rows for searching in one way: a warm box, questions cut anywhere and typed key by key"
    rows = []
    times(typed(30, 9), ('list', 'section')) # warm
    for what,texts in (('cut anywhere', typed(60 if quick else 400)), ('key by key', beginnings(4 if quick else 20))):
        alone, whole = times(texts, ('list',)), times(texts, ('list', 'section'))
        print(f'box {way}: {len(texts)} questions {what}: list median {median(alone)*1e3:.0f} ms, p95 {p95(alone)*1e3:.0f} ms; '
              f'with the first section median {median(whole)*1e3:.0f} ms, p95 {p95(whole)*1e3:.0f} ms, most {max(whole)*1e3:.0f} ms')
        rows.append(Row(f'the box {way}, list and first section, questions {what}, p95', p95(whole), None, BUDGET, 'in the kernel'))
    return rows

def run(quick):
    fetched = str(cache_folder())
    with own_cache() as cache:
        Searcher(find_config(corpora())).snapshot() # the index
        rows = rows_of('by words', quick)
        if find_model('', fetched) is None: return rows
        read_all(opened(corpora(), cache, fetched))
        return rows + rows_of('with meaning', quick)
