"""What meaning buys beside words, and what it costs: the same questions, by words alone and with both, each collection on its own.

Needs the usual model in the reader's own cache folder (`fastdebug fetch`); passages are read anew, which takes minutes."""
import json, os, shutil
from dataclasses import replace
from statistics import fmean, median
from tempfile import TemporaryDirectory
from time import perf_counter
from fastdebug.config import cache_folder, find_config
from fastdebug.eval import find_sections, interval, read_questions, score_answers, section_id
from fastdebug.meaning import open_meaning
from fastdebug.search import Searcher
from ..data.sections import DATA, FOLDERS, LESSONS, labelled_file
from ..tools.corpora import corpora, own_cache, shared

HEAD = ['| questions | n | words: hit@1 | hit@5 | MRR@10 | with meaning: hit@1 | hit@5 | MRR@10 | difference (95 % interval) |', '|---|--:|--:|--:|--:|--:|--:|--:|--:|']

def sets(name, sections):
    "name of a set -> its questions"
    with TemporaryDirectory() as tmp: res = {f'labelled by section, {name}': read_questions(labelled_file(name, tmp), sections)}
    if name=='d2l': res['exercises of d2l'] = read_questions(shared()/'eval/d2l_questions.jsonl', sections)
    if name=='lessons':
        res['paraphrases'] = read_questions(DATA/'paraphrases.jsonl', sections)
        res['golden questions'] = read_questions(LESSONS.parent.parent/'tests/data/golden.jsonl', sections)
    return res

def unanswered(name):
    "Questions that a collection does not answer, written by reading it"
    path = DATA/f'unanswered_{name}.jsonl'
    return [json.loads(o)['q'] for o in path.read_text(encoding='utf-8').splitlines()] if path.is_file() else []

def ask(searcher, questions, meaning):
    "(scores, was each called weak?, seconds of each)"
    found, weak, took = [], [], []
    for q in questions:
        start = perf_counter()
        a = searcher.search(q, k=10, meaning=meaning)
        took.append(perf_counter()-start)
        found.append([section_id(h.section) for h in a.hits])
        weak.append(a.weak)
    return found, weak, took

def row(name, questions, searcher):
    "A row of the table, and the two medians of time"
    scores, times = {}, {}
    for meaning in (False, True):
        found, _, times[meaning] = ask(searcher, [q.text for q in questions], meaning)
        scores[meaning] = score_answers(questions, found)
    mean = lambda on: ' | '.join(f'{fmean(o[m] for o in scores[on]):.3f}' for m in ('hit@1','hit@5','MRR@10'))
    diff = [b['MRR@10']-a['MRR@10'] for a,b in zip(scores[False], scores[True])]
    low, high = interval(diff)
    return f'| {name} | {len(questions)} | {mean(False)} | {mean(True)} | {fmean(diff):+.3f} ({low:+.3f} to {high:+.3f}) |', times

def say_weak(name, searcher, answered):
    "How often the answer says that the notes may not say it: where they don't, and where they do"
    rate = lambda qs, on: fmean(ask(searcher, qs, on)[1])
    none = unanswered(name)
    return [f'- {name}, {"with meaning" if on else "words alone"}: said of {rate(none, on):.0%} of {len(none)} questions that are not answered there, '
            f'and of {rate(answered, on):.1%} of {len(answered)} that are' for on in (False, True)] if none else []

def measure(name, folder, fetched):
    "Rows of one collection, and what else is to be said"
    config = find_config(corpora(folder))
    shutil.copytree(os.path.join(fetched, 'models'), os.path.join(config.cache_dir, 'models'), dirs_exist_ok=True)
    searcher = Searcher(replace(config, meaning=True), meaning=open_meaning)
    look, start = searcher.look(), perf_counter()
    look.meaning.read(look.snapshot.manifest.searched, look.snapshot.sections)
    took, found = perf_counter()-start, sets(name, find_sections(searcher))
    rows, times = zip(*(row(n, qs, searcher) for n,qs in found.items()))
    known, more = look.meaning.known(look.snapshot.manifest.searched), 1000*(median(times[0][True])-median(times[0][False]))
    notes = [f'- {name}: {known.sections:,} sections read in {took:.0f} s; an answer takes {more:.0f} ms more than by words alone (median)']
    return [*rows], notes + say_weak(name, searcher, [q.text for qs in found.values() for q in qs])

def run(quick):
    fetched, rows, notes = str(cache_folder()), [], []
    with own_cache():
        for name,folder in list(FOLDERS.items())[-1:] if quick else FOLDERS.items():
            more, said = measure(name, folder, fetched)
            rows, notes = rows+more, notes+said
    return '\n'.join(['**Meaning beside words**', '', *HEAD, *rows, '', *notes])
