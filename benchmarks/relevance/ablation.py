"What does each part of the ranking buy? Leave it out and ask the same questions"
from dataclasses import replace
from statistics import fmean
from tempfile import TemporaryDirectory
from fastdebug.config import find_config
from fastdebug.eval import compare_reports, evaluate
from fastdebug.rank import Weights
from fastdebug.search import Searcher
from ..tools.corpora import corpora, own_cache, shared
from ..data.sections import FOLDERS, KIND, labelled_file

PARTS = { # name -> weights without it
    'mentions in the heading':            dict(heading=1.),
    'bonus for a heading that answers':   dict(heading_bonus=0.),
    'precision of that heading':          dict(precision_power=0.),
    'headings above and title':           dict(context=0.),
    'code':                               dict(code=0.),
    'outputs':                            dict(output=0.),
    'parts of compounds':                 dict(part=0.),
    'length of the section':              dict(b=0.),
    'length of the heading':              dict(b_heading=0.),
    'saturation of mentions':             dict(k1=1000.),
    'missing words':                      dict(all_words=0.),
    'milder for long questions':          dict(short_query=1000),
    'closeness':                          dict(proximity=0.),
    'the rest of the notebook':           dict(notebook=0.)}
SHOWN = 'its content words', 'one typo', 'four words of the body'

def _report(folders, weights, **kw):
    s = Searcher(find_config(corpora(*folders)), weights)
    return evaluate(s.config.roots, search=lambda q: [h.section for h in s.search(q, k=10).hits], **kw)

def labelled(weights):
    with TemporaryDirectory() as tmp:
        return sum((_report([folder], weights, questions=labelled_file(name, tmp), n=0).values(KIND) for name,folder in FOLDERS.items()), [])

def measure(weights, n):
    "Reports on natural questions and on known items, and MRR@10 of the questions labelled by section"
    return (_report(['d2l'], weights, questions=shared()/'eval/d2l_questions.jsonl', n=0),
            _report(['fastdebug-notes/nbs','handson-ml3'], weights, n=n), fmean(labelled(weights)))

def row(name, found, whole):
    natural, known, by_section = found
    kind = 'written by people'
    (low, high), change = (c := compare_reports(natural, whole[0])).interval[kind], c.mean[kind]
    first = ' | '.join(f"{fmean(known.values(k, 'hit@1')):.3f}" for k in SHOWN)
    return f'| {name} | {fmean(natural.values(kind)):.3f} | {change:+.3f} ({low:+.3f} to {high:+.3f}) | {whole[2]-by_section:+.3f} | {first} |'

def run(quick):
    n, parts = (30, dict(list(PARTS.items())[:2])) if quick else (150, PARTS)
    with own_cache():
        whole = measure(Weights(), n)
        lines = ['| without | natural, MRR@10 | what the part buys there (95 % interval) | on labelled sections | heading, hit@1 | typo | body |',
                 '|---|--:|--:|--:|--:|--:|--:|', row('(nothing left out)', whole, whole)]
        lines += [row(name, measure(replace(Weights(), **change), n), whole) for name,change in parts.items()]
    return '\n'.join(lines)
