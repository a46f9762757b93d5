"Natural questions and known headings, side by side: does the right section come first, and whose search does it better?"
from tempfile import TemporaryDirectory
from fastdebug.config import find_config
from fastdebug.eval import MEASURES, Report, compare_reports, evaluate, find_sections
from fastdebug.search import Searcher
from ..tools.corpora import corpora, own_cache, shared
from ..tools.peers import INDEXES, HeadingList, open_peers
from ..data.sections import FOLDERS, labelled_file

OTHERS = INDEXES | {'scan of headings':HeadingList}

def reports(folders, peers=OTHERS, **kw):
    "A report for each search on the same questions, ours first; `kw` goes to `evaluate`"
    roots = corpora(*folders)
    sections = find_sections(Searcher(find_config(roots)))
    res = {'fastdebug': evaluate(roots, **kw)}
    with open_peers(sections, roots, peers) as others: return res | {name:evaluate(roots, search=o, **kw) for name,o in others.items()}

def _row(kind, name, report):
    values = [sum(v)/len(v) for v in (report.values(kind, m) for m in MEASURES)]
    none = sum(not r.found for r in report.kinds[kind])/len(report.kinds[kind])
    return f"| {kind} | {len(report.values(kind))} | {name} | {' | '.join(f'{o:.3f}' for o in (*values, none))} |"

def _lead(kind, found):
    "How far ours is ahead of the best other one"
    mean = lambda name: sum(found[name].values(kind))/len(found[name].values(kind))
    best = max((n for n in found if n!='fastdebug'), key=mean)
    c = compare_reports(found[best], found['fastdebug'])
    low, high = c.interval[kind]
    return f"{kind}: MRR@10 {mean('fastdebug')/mean(best)-1:+.1%} against the best other, {best}; difference {c.mean[kind]:+.3f}, 95 % interval {low:+.3f} to {high:+.3f}"

def labelled(**kw):
    "A report for each search on the questions labelled by section: each collection searched on its own, the results of all put together"
    with TemporaryDirectory() as tmp:
        parts = [reports([folder], questions=labelled_file(name, tmp), n=0, **kw) for name,folder in FOLDERS.items()]
    return {name:Report(', '.join(FOLDERS), sum((o[name].results for o in parts), ())) for name in parts[0]}

def compare(title, found):
    "Lines of a table for the reports `found`, and how far ahead we are"
    kinds = found['fastdebug'].kinds
    head = ['', f'**{title}**', '', '| questions | n | search | hit@1 | hit@5 | MRR@10 | no result |', '|---|--:|---|--:|--:|--:|--:|']
    return head + [_row(k, n, r) for k in kinds for n,r in found.items()] + [''] + [f'- {_lead(k, found)}' for k in kinds]

def run(quick):
    n = 30 if quick else 300
    with own_cache():
        lines = compare('Exercises of a textbook, d2l', reports(['d2l'], questions=shared()/'eval/d2l_questions.jsonl', n=0))
        lines += compare('Known items, fastdebug-notes and handson-ml3', reports(['fastdebug-notes/nbs','handson-ml3'], n=n))
        lines += compare('Questions labelled by section: d2l, handson-ml3, fastdebug-notes and the lessons', labelled())
    return '\n'.join(lines)
