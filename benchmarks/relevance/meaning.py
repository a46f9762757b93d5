"""What meaning buys beside words, part by part, beside other searches: each collection on its own, all in one run.

Needs the usual model in the reader's own cache folder (`fastdebug fetch`); passages are read anew, which takes minutes."""
import json, os, shutil
from contextlib import contextmanager
from dataclasses import replace
from statistics import fmean, median
from tempfile import TemporaryDirectory
from time import perf_counter
from fastdebug.config import cache_folder, find_config
from fastdebug.eval import FROM_BODY, find_sections, interval, make_questions, read_questions, score_answers, section_id
from fastdebug.meaning import open_meaning
from fastdebug.rank import Weights
from fastdebug.search import Searcher
from ..data.sections import DATA, FOLDERS, KIND, LESSONS, labelled_file
from ..tools.corpora import corpora, own_cache, shared
from ..tools.peers import BM25S, FTS5, ManyFTS5, PlainFTS5, Tantivy, open_peers

OURS, WORDS, HYBRID = 'fastdebug', 'fastdebug, words alone', 'FTS5 and the same model, by RRF'
PEERS = {'SQLite FTS5, stemmed':FTS5, 'SQLite FTS5, unstemmed':PlainFTS5, 'bm25s':BM25S, 'tantivy':Tantivy, HYBRID:ManyFTS5}
WITHOUT = { # part of the fusion -> weights without it
    'meaning':                                           dict(meaning=0.),
    'words as they are written':                         dict(written=0.),
    'words count by how much of the question they have': dict(trust=0.),
    'a poor best score is not divided up to one':        dict(good=0.),
    'a heading that is the question is not outvoted':    dict(whole=0.)}
KNOWN = 'its content words', 'one typo', FROM_BODY

def sets(name, sections):
    "name of a set -> its questions"
    if name=='known':
        made = make_questions(sections, 300)
        return {f'known headings: {k}':[q for q in made if q.kind==k] for k in KNOWN}
    with TemporaryDirectory() as tmp: res = {KIND:read_questions(labelled_file(name, tmp), sections)}
    if name=='d2l': res['exercises'] = read_questions(shared()/'eval/d2l_questions.jsonl', sections)
    if name=='lessons':
        res['paraphrases'] = read_questions(DATA/'paraphrases.jsonl', sections)
        res['golden questions'] = read_questions(LESSONS.parent.parent/'tests/data/golden.jsonl', sections)
    return res

def unanswered(name):
    "Questions that a collection does not answer, written by reading it"
    path = DATA/f'unanswered_{name}.jsonl'
    return [json.loads(o)['q'] for o in path.read_text(encoding='utf-8').splitlines()] if path.is_file() else []

def everyday(): return [json.loads(o)['q'] for o in (DATA/'everyday.jsonl').read_text(encoding='utf-8').splitlines()]

def by_ranks(*lists, k=60, n=10):
    "Reciprocal rank fusion (Cormack, Clarke and Buettcher 2009), with its usual k"
    score = {}
    for found in lists:
        for i,o in enumerate(found, 1): score[o] = score.get(o, 0)+1/(k+i)
    return sorted(score, key=lambda o: -score[o])[:n]

def asked(searcher, meaning):
    "A function from a question to the ids of its best ten sections"
    return lambda q: [section_id(h.section) for h in searcher.search(q, k=10, meaning=meaning).hits]

@contextmanager
def searches(searcher, sections):
    "name -> a function from a question to ids: ours, other searches, and the usual hybrid of one of them with the very same vectors"
    look = searcher.look()
    known = look.meaning.known(look.snapshot.manifest.searched)
    def nearest(q): return [f'{o.file}#{o.section}' for o in known.nearest(look.meaning.encode_question(q), ManyFTS5.most)]
    with open_peers(sections, look.config.roots, PEERS) as peers:
        ids = {n:lambda q, f=f: [section_id(s) for s in f(q)] for n,f in peers.items()}
        fts = ids[HYBRID]
        yield {OURS:asked(searcher, True), WORDS:asked(searcher, False), **ids, HYBRID:lambda q: by_ranks(fts(q), nearest(q))}

@contextmanager
def parts(searcher, sections):
    "name -> the same for ours, and for ours without one part"
    yield {OURS:asked(searcher, True)} | {n:asked(_with(searcher, replace(Weights(), **w)), True) for n,w in WITHOUT.items()}

def _with(searcher, weights):
    other = Searcher(searcher.config, weights, meaning=open_meaning)
    other.library, other._means = searcher.library, searcher._means
    return other

def collect(folders, fetched, which, notes):
    "set -> search -> the scores of its questions, collection by collection"
    found = {}
    for name,folder in folders.items():
        searcher = open_read(folder, fetched)
        sections = find_sections(searcher)
        with which(searcher, sections) as known:
            for kind,questions in sets(name, sections).items():
                rows = found.setdefault(kind, {})
                for n,search in known.items():
                    rows.setdefault(n, []).extend(score_answers(questions, [search(q.text) for q in questions]))
        if which is searches and unanswered(name): notes += say_weak(name, searcher, sets(name, sections))
    return found

def open_read(folder, fetched):
    "A searcher over `folder` that knows what all of it means"
    config = find_config(corpora(*([folder] if isinstance(folder, str) else folder)))
    shutil.copytree(os.path.join(fetched, 'models'), os.path.join(config.cache_dir, 'models'), dirs_exist_ok=True)
    searcher = Searcher(replace(config, meaning=True), meaning=open_meaning)
    look = searcher.look()
    look.meaning.read(look.snapshot.manifest.searched, look.snapshot.sections)
    return searcher

def say_weak(name, searcher, questions):
    "How often an answer says that the notes may not say it, and how much longer it takes with meaning"
    lines, took = [], {}
    for on in (False, True):
        said, took[on] = {}, []
        for kind,texts in {'questions that it does not answer':unanswered(name), 'everyday questions':everyday(), **{k:[q.text for q in qs] for k,qs in questions.items()}}.items():
            for q in texts:
                start = perf_counter()
                said.setdefault(kind, []).append(searcher.search(q, k=10, meaning=on).weak)
                took[on].append(perf_counter()-start)
        lines.append(f'- {name}, {"with meaning" if on else "words alone"}: the notes may not say it, '
                     + ', '.join(f'{fmean(v):.1%} of {len(v)} {k}' for k,v in said.items()))
    return [*lines, f'- {name}: with meaning an answer takes {1000*(median(took[True])-median(took[False])):.0f} ms more (median)']

def table(found, head):
    "A row for each set and search: what it reaches, and how far that is from ours"
    lines = [f'| questions | n | {head} | hit@1 | hit@5 | MRR@10 | MRR@10 of fastdebug, less this (95 % interval) |', '|---|--:|---|--:|--:|--:|--:|']
    for kind,rows in found.items():
        for n,scores in rows.items():
            diff = [a['MRR@10']-b['MRR@10'] for a,b in zip(rows[OURS], scores)]
            low, high = interval(diff)
            far  = f'{fmean(diff):+.3f} ({low:+.3f} to {high:+.3f})' if n!=OURS else ''
            mean = ' | '.join(f'{fmean(o[m] for o in scores):.3f}' for m in ('hit@1','hit@5','MRR@10'))
            lines.append(f'| {kind} | {len(scores)} | {n} | {mean} | {far} |')
    return lines

def run(quick):
    fetched, notes = str(cache_folder()), []
    folders = {**FOLDERS, 'known':('fastdebug-notes/nbs', 'handson-ml3')}
    if quick: folders = {'lessons':folders['lessons']}
    with own_cache():
        peers = table(collect(folders, fetched, searches, notes), 'search')
        without = table(collect(folders, fetched, parts, notes), 'without')
    return '\n'.join(['**Meaning beside words, and beside other searches**', '', *peers, '', *notes, '', '**What each part of the fusion buys**', '', *without])
