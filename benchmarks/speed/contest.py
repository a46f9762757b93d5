"How does it do beside what a learner might use instead? Every search on the same files and questions, each step in a process of its own"
import json, os, subprocess, sys, tempfile
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from fastdebug.config import find_config
from fastdebug.eval import Question, find_sections, score_answers
from fastdebug.search import Searcher
from ..tools.corpora import natural_questions, own_cache, real_questions, repeat_corpora
from ..tools.grep import has_rg
from ..tools.measure import clock, median
from ..tools.peers import make_doc
from ..tools.worker import SEARCHES, read_docs

MINUTES, GB = 5, 4 # what a peer may take for one step

def lay_out(folder, copies, questions, **kw):
    "Write the files and the questions, as every search gets them"
    repeat_corpora(os.path.join(folder, 'files'), copies, **kw)
    asked = dict(speed=real_questions(20, seed=1)+real_questions(questions), relevance=[o['q'] for o in natural_questions()])
    Path(folder, 'questions.json').write_text(json.dumps(asked), encoding='utf-8')

def write_docs(folder):
    "Write the sections of the files, as the others get them; how many. Our index must be there, so that nobody builds it twice"
    with own_cache(os.path.join(folder, 'made', 'fastdebug')), open(os.path.join(folder, 'docs.jsonl'), 'w', encoding='utf-8') as f:
        n = 0
        for n,s in enumerate(find_sections(Searcher(find_config(os.path.join(folder, 'files')))), 1): f.write(json.dumps(make_doc(s))+'\n')
    return n

def _limit_memory():
    import resource # not on Windows
    resource.setrlimit(resource.RLIMIT_DATA, (GB*10**9,)*2)

def take(name, folder, step, minutes=MINUTES):
    "What one step of one search gives; words instead when it took too much"
    command = [sys.executable, '-m', 'benchmarks.tools.worker', name, folder, step]
    try: out = subprocess.run(command, capture_output=True, text=True, timeout=60*minutes, preexec_fn=_limit_memory)
    except subprocess.TimeoutExpired: return f'over {minutes} min'
    if not out.returncode: return json.loads(out.stdout.splitlines()[-1])
    if 'MemoryError' in out.stderr or out.returncode<0: return f'over {GB} GB'
    raise RuntimeError(f'{name}, {step}: {out.stderr[-2000:]}')

def available():
    "Names of the searches that this machine can run"
    missing = {name for name,make in SEARCHES.items() for o in make.libraries if find_spec(o.partition('.')[0]) is None}
    return [o for o in SEARCHES if o not in missing and (o!='ripgrep' or has_rg())]

def measure(name, folder, steps, rounds=1, minutes=MINUTES):
    "step -> figures (medians over `rounds`), up to the first step that takes too much"
    res = {}
    for step in steps:
        found = [_time(name, folder, step, minutes) for _ in range(rounds if step in ('import','first') else 1)]
        if text := next((o for o in found if isinstance(o, str)), ''): return res | {step:text}
        res[step] = {k:median([o[k] for o in found]) if k!='found' else o[k] for o in found[-1:] for k in o}
    return res

def _time(name, folder, step, minutes):
    "The first answer is what a person waits for: with the start of the process"
    seconds, res = clock(partial(take, name, folder, step, minutes))
    return dict(seconds=seconds) if step=='first' and not isinstance(res, str) else res

def relevance(folder, found):
    "hit@1 and MRR@10 of numbers of documents on the natural questions"
    of_file = {}
    for i,d in enumerate(read_docs(folder)): of_file.setdefault(d.file, set()).add(str(i))
    right = lambda name: frozenset().union(*(ids for f,ids in of_file.items() if _is_copy(f, name)))
    asked = [Question(o['q'], '', right(o['file'])) for o in natural_questions()]
    scores = score_answers(asked, [list(map(str, o)) for o in found])
    return {m:sum(o[m] for o in scores)/len(scores) for m in ('hit@1','MRR@10')}

def _is_copy(path, name):
    folder, base = os.path.split(name)
    return path.endswith(os.path.join('d2l', folder, f'000_{base}'))

STEPS = 'import', 'build', 'first', 'ask', 'hits', 'change'

def measure_all(folder, steps, rounds=1):
    "name -> step -> figures of every search, ours first and without a limit of time, and how many sections there are"
    res = {'fastdebug': measure('fastdebug', folder, ('build',), minutes=60)}
    n = write_docs(folder)
    for name in available():
        done = res.setdefault(name, {})
        done |= measure(name, folder, [o for o in steps if o not in done], rounds, 60 if name=='fastdebug' else MINUTES)
        print(f'{n:,} sections, {name} done', file=sys.stderr, flush=True)
    return res, n

def contest(rounds):
    with tempfile.TemporaryDirectory(prefix='fastdebug-contest-') as folder:
        folder = os.path.realpath(folder)
        lay_out(folder, 1, 200)
        res, n = measure_all(folder, STEPS, rounds)
        for o in res.values():
            if isinstance(hits := o.get('hits'), dict): o['hits'] = relevance(folder, hits['found'])
    return res, n

def _cell(found, step, key, scale=1., form='{:.3g}'):
    o = found.get(step, '')
    return o if isinstance(o, str) else form.format(o[key]*scale) if o[key]*scale>1e-3 or key!='seconds' else '' # nothing to import or to build

def _row(name, found):
    memory = max((o['memory'] for s in ('build','ask') if isinstance(o := found.get(s), dict)), default=0)
    cell = partial(_cell, found)
    return ' | '.join([f'| {name}', cell('build','seconds'), cell('build','size'), cell('import','seconds',1e3), cell('first','seconds',1e3),
        cell('ask','p50',1e3), cell('ask','p95',1e3), cell('change','seconds',1e3), f'{memory:.0f}', cell('hits','hit@1',1,'{:.3f}'), cell('hits','MRR@10',1,'{:.3f}')])+' |'

HEAD = ['| search | build, s | index, MB | import, ms | first answer, ms | p50, ms | p95, ms | after a change, ms | memory, MB | hit@1 | MRR@10 |',
        '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|']

def run(quick):
    found, n = contest(1 if quick else 5)
    return '\n'.join([f'{n:,} sections, 416 questions of the textbook among all corpora:', '', *HEAD, *[_row(k, v) for k,v in found.items()]])
