"Does it stay quick at 200,000 sections?"
import os, tempfile
from fastdebug.config import find_config
from fastdebug.engine import build_query
from fastdebug.candidates import make_plan, understand, how_many
from fastdebug.search import Searcher
from ..tools.corpora import corpora, own_cache, real_questions, repeat_corpora
from ..tools.grep import count_files, has_rg, rarest, rg
from ..tools.measure import Row, clock, median, p95, take_turns

def bare_scan(top):
    "The paths and stats below `top`, nothing decided"
    found, todo = {}, [top]
    while todo:
        with os.scandir(todo.pop()) as entries:
            for e in entries:
                if e.is_dir(follow_symlinks=False): todo.append(e.path)
                else: found[e.path] = e.stat(follow_symlinks=False)
    return found

def freshness(s, top, n):
    "p95 of a look at all files in which nothing changed, and of a bare one"
    ours, ref = take_turns(n, s.snapshot, lambda: bare_scan(top))
    return Row('freshness check, p95', p95(ours), p95(ref), 2, 'bare scandir and stat')

def bare_tantivy(s, look, question):
    "Seconds of the call into tantivy that a search makes, its query already built; None when there is none"
    query, _ = understand(look.snapshot, question)
    if not query.content: return None
    index, plan = s.library.index, make_plan(look, query)
    built = build_query(index, plan)
    return clock(lambda: index._searcher.search(built, how_many(query, 5), count=False))[0]

def answering(s, questions, rounds=3):
    "p95, over the questions, of what a search does after the freshness check, and of the bare call into tantivy. Each question counts with its median over some rounds through all of them: a busy moment of the machine strikes one round"
    look = s.look()
    asked = [q for q in questions if bare_tantivy(s, look, q) is not None]
    times = [[(clock(s.answer, look, q)[0], bare_tantivy(s, look, q)) for q in asked] for _ in range(rounds)]
    ours, ref = ([median(o) for o in zip(*([t[i] for t in r] for r in times))] for i in (0, 1))
    return Row('the rest of a search, p95', p95(ours), p95(ref), 3, 'bare tantivy, as many candidates')

def whole(s, top, questions):
    "Median of whole searches and of `rg -i`"
    words = [(q,w) for q in questions if (w := rarest(s, q))]
    times = [(clock(s.search, q)[0], rg(w, (top,))) for q,w in words]
    ours, ref = zip(*times)
    return Row('the whole search, median', median(ours), median(ref), .2, '`rg -i`, rarest word')

def run(quick, copies=None):
    with own_cache(), tempfile.TemporaryDirectory(prefix='fastdebug-big-') as top:
        top = os.path.realpath(top)
        files = repeat_corpora(top, copies or (5 if quick else 60))
        s = Searcher(find_config(top))
        seconds, view = clock(s.snapshot)
        print(f'large: {files:,} files, {view.manifest.sections:,} sections, built in {seconds:.0f} s')
        s.snapshot()
        rows = [freshness(s, top, 20 if quick else 100), answering(s, real_questions(40 if quick else 300))]
        if has_rg(): rows.append(whole(s, top, real_questions(5 if quick else 40)))
        else: print('large: no rg (ripgrep) on this machine, its row is left out')
    size = f'{view.manifest.sections:,} sections: '
    return [Row(size+r.what, r.ours, r.reference, r.budget, r.against) for r in rows]
