"""Choose the weights of the ranking, and cross-validate the choice by chapter.

Not among the benchmarks that run by default: it takes minutes. What the index knows of each question's candidates is collected once, as arrays;
a set of weights is then a few array operations away from its answers. `check_model` compares them with `fastdebug.rank` itself."""
import random
from dataclasses import fields, replace
from types import SimpleNamespace
import numpy as np
from fastdebug.config import find_config
from fastdebug.eval import find_sections, interval, make_questions, read_questions, section_id
from fastdebug.engine import decode_candidates, unpack_candidate
from fastdebug.rank import Weights, query_proximity, count_word
from fastdebug.candidates import make_plan, corpus_stats, understand, how_many
from fastdebug.search import Searcher
from ..tools.corpora import corpora, natural_questions, own_cache, shared
from ..tools.peers import open_peers

FREE = 'k1','heading','context','code','b','b_heading','part','heading_bonus','coverage_power','precision_power','all_words','proximity','notebook' # weights to choose
KNOWN = {'its content words':.15, 'one typo':.15, 'four words of the body':.25}                                            # and how much each counts beside natural ones

def collect(look, question):
    "Arrays of what is known of one question's candidates; None when there are none"
    view = look.snapshot
    query, _ = understand(view, question.text)
    words, stats = query.content, corpus_stats(view, query.content)
    found = view.candidates(make_plan(look, query), how_many(query)) if words else []
    if not found: return None
    mentions = decode_candidates(found, query.terms)
    counts = lambda part: np.array([[count_word(w, m, part) for w in words] for m in mentions], float)
    files = {k:i for i,k in enumerate(dict.fromkeys(c.key for c in found))}
    return SimpleNamespace(whole=counts(0.), parts=counts(1.), lengths=np.array([c.lengths for c in found], float), heading_length=np.array([c.heading_length for c in found], float), average=np.array(stats.average),
        idf=np.array(stats.idf), near=np.array([query_proximity(words, m, stats.idf, [any(count_word(w, m)) for w in words]) for m in mentions]),
        right=np.array([section_id(unpack_candidate(c, view.manifest.paths[c.key])) in question.right for c in found]), file=np.array([files[c.key] for c in found]))

def _lift(score, file, w):
    order = np.lexsort((-score, file))
    start = np.searchsorted(file[order], file[order])
    best = np.empty(len(score), bool)
    best[order] = np.arange(len(score))-start < w.top_per_doc
    total = np.bincount(file, score*best)
    return score + w.notebook*(total[file]-score*best)/w.top_per_doc

def score(x, w):
    "What `score_section` and `boost_documents` give, for all candidates of a question at once"
    counts = x.whole + w.part*(x.parts-x.whole)
    weight, b = np.array([w.heading,w.context,w.prose,w.code,w.output]), np.array([w.b_heading,w.b_heading,w.b,w.b,w.b_output])
    shares = np.divide(weight, 1-b+b*x.lengths/x.average, out=np.zeros_like(x.lengths), where=x.lengths>0)
    tf = (counts*shares[:,None,:]).sum(-1)
    body, total, short = tf/(w.k1+tf)*x.idf, x.idf.sum() or 1, min(1, w.short_query/len(x.idf))
    has = counts[:,:,0]>0
    said, precision = (has*x.idf).sum(1)/total, np.minimum(1, has.sum(1)/np.maximum(1, x.heading_length))
    share = ((body>0)*x.idf).sum(1)/total
    s = body.sum(1)*share**(short*w.all_words) + total*w.heading_bonus*said**w.coverage_power*precision**w.precision_power + short*w.proximity*x.near
    return _lift(s, x.file, w)

def reciprocal_ranks(xs, w):
    "1/rank of the first right section among ten, for each question"
    res = np.zeros(len(xs))
    for i,x in enumerate(xs):
        if x is None: continue
        right = np.flatnonzero(x.right[np.argsort(-score(x, w).round(9), kind='stable')[:10]])
        if len(right): res[i] = 1/(1+right[0])
    return res

def load(folders, ask):
    "Searcher, sections, questions and what is known of their candidates"
    s = Searcher(find_config(corpora(*folders)))
    sections, look = find_sections(s), s.look()
    asked = ask(sections)
    return s, sections, asked, [collect(look, q) for q in asked]

def check_model(searcher, asked, xs, n=25):
    "The arrays give the answers of the search itself"
    for q,x in list(zip(asked, xs))[:n]:
        hits = searcher.search(q.text, k=10).hits
        if x is not None: assert np.allclose(sorted(score(x, searcher.weights))[::-1][:len(hits)], [h.score for h in hits], atol=1e-6), q.text

def vary(rng, w, by):
    "Weights near `w`"
    new = {f:getattr(w, f)*np.exp(rng.gauss(0, by)) for f in FREE if rng.random()<.6}
    return replace(w, **{f:float(min(v, 1) if f in ('b','b_heading','part') else v) for f,v in new.items()})

def worth(e, mask):
    "One number to climb: natural questions first, known items as guards"
    return e['natural'][mask].mean() + sum(share*(e[k]==1).mean() for k,share in KNOWN.items())

def climb(evaluate, masks, rng, tries, rounds):
    "Weights tried and what they reach: some around the present ones, then around the best of each fold"
    tried = [(Weights(), evaluate(Weights()))]
    def go(w, by): tried.append(((new := vary(rng, w, by)), evaluate(new)))
    for _ in range(tries): go(Weights(), .3)
    for i in range(rounds):
        for m in masks:
            for w,_ in sorted(tried, key=lambda o: -worth(o[1], m))[:5]:
                for _ in range(4): go(w, .15/(1+i/2))
    return tried

def run(quick):
    tries, rounds, rng = (10, 1, random.Random(0)) if quick else (300, 2, random.Random(0))
    with own_cache():
        s, sections, asked, natural = load(['d2l'], lambda o: read_questions(shared()/'eval/d2l_questions.jsonl', o))
        check_model(s, asked, natural)
        _, _, made, known = load(['fastdebug-notes/nbs','handson-ml3'], lambda o: make_questions(o, 300))
        rank = lambda search, q: next((1/i for i,o in enumerate(search(q.text), 1) if section_id(o) in q.right), 0)
        with open_peers(sections, s.look().config.roots) as others: peers = {name:np.array([rank(o, q) for q in asked]) for name,o in others.items()}
    sets = {k:[x for q,x in zip(made, known) if q.kind==k] for k in KNOWN} | {'natural':natural}
    chapter = [o['file'].split('/')[0] for o in natural_questions()]
    fold = np.array([sorted(set(chapter)).index(c)%5 for c in chapter])
    tried = climb(lambda w: {k:reciprocal_ranks(xs, w) for k,xs in sets.items()}, [fold!=f for f in range(5)], rng, tries, rounds)
    held = np.zeros(len(fold))
    for f in range(5): held[fold==f] = max(tried, key=lambda o: worth(o[1], fold!=f))[1]['natural'][fold==f]
    return report(tried, held, peers)

def report(tried, held, peers):
    best = max(peers, key=lambda o: peers[o].mean())
    low, high = interval(list(held-peers[best]))
    everything = np.ones(len(held), bool)
    w, e = max(tried, key=lambda o: worth(o[1], everything))
    now = tried[0][1]
    figures = lambda e: ', '.join([f"natural MRR@10 {e['natural'].mean():.4f}", *(f'{k} hit@1 {(e[k]==1).mean():.3f}' for k in KNOWN)])
    return '\n'.join([f'{len(tried)} sets of weights tried.', '',
        f'- held-out chapters: MRR@10 {held.mean():.4f}, {held.mean()/peers[best].mean()-1:+.1%} against {best} ({peers[best].mean():.4f}), difference 95 % interval {low:+.4f} to {high:+.4f}',
        f'- the weights in the package: {figures(now)}', f'- the best on everything: {figures(e)}: {({f.name:round(v, 2) for f in fields(w) if (v := getattr(w, f.name))!=f.default})}'])
