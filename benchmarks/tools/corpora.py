"The files and the questions that the benchmarks run on"
import json, os, random, sys, tempfile
from contextlib import contextmanager
from pathlib import Path

def shared():
    "The folder with the corpora, named by FASTDEBUG_SHARED"
    path = Path(os.environ.get('FASTDEBUG_SHARED') or '/nowhere')
    if not (path/'corpora').is_dir(): sys.exit('set FASTDEBUG_SHARED to the folder that holds corpora/ and eval/ (see CONTRIBUTING.md)')
    return path

def corpora(*names):
    "Paths of the named corpora, of the folder with all of them without a name"
    top = (shared()/'corpora').resolve()
    return tuple(str(top/n) for n in names) or (str(top),)

def natural_questions():
    "The textbook's exercises: dicts with `q` and the `file` whose section it closes"
    return [json.loads(o) for o in (shared()/'eval/d2l_questions.jsonl').read_text(encoding='utf-8').splitlines()]

def real_questions(n, seed=0):
    "`n` questions people wrote: one half exercises of a textbook, the other the learning points of a learner's notebooks"
    points = [json.loads(o)['text'] for o in (shared()/'eval/learning_points.jsonl').read_text(encoding='utf-8').splitlines()]
    rng = random.Random(seed)
    return rng.sample([o['q'] for o in natural_questions()], n-n//2) + rng.sample(points, n//2)

@contextmanager
def own_cache(folder=None):
    "A cache folder, an empty one unless it is named, for the time of a `with`, so that the reader's own index is neither used nor changed"
    old = os.environ.get('FASTDEBUG_CACHE')
    with tempfile.TemporaryDirectory(prefix='fastdebug-bench-') as empty:
        os.environ['FASTDEBUG_CACHE'] = folder or empty
        try: yield folder or empty
        finally:
            if old is None: del os.environ['FASTDEBUG_CACHE']
            else: os.environ['FASTDEBUG_CACHE'] = old

def add_paragraph(text, path, new):
    "The `text` of a note with one more paragraph, or of a notebook with one more cell, which its twin doesn't notice"
    if not path.endswith('.ipynb'): return f'{text}\n\n{new}\n'
    at = text.index('[', text.index('"cells"'))+1
    return f'{text[:at]}{{"cell_type": "markdown", "metadata": {{}}, "source": {json.dumps([new])}}},{text[at:]}'

def save(path):
    "Write one more thought into the file at `path`"
    text = Path(path).read_text(encoding='utf-8')
    Path(path).write_text(add_paragraph(text, str(path), 'A new thought.'), encoding='utf-8')

def own_words(copy, n=300):
    "Words that only this copy has"
    rng = random.Random(copy)
    return [''.join(rng.choice('bdfgklmnprstvz')+rng.choice('aeiou') for _ in range(4)) for _ in range(n)]

def repeat_corpora(to, copies, limit=None, seed=None):
    "Write the corpora into the folder `to`, again and again; each copy of a file has a stem and some words of its own, as other notes would. How many files"
    top, n = Path(corpora()[0]), 0
    files = [o for o in sorted(top.rglob('*')) if o.suffix in ('.ipynb','.md')]
    if seed is not None: random.Random(seed).shuffle(files)
    for i in range(copies):
        words, rng = own_words(i), random.Random(i)
        for f in files:
            if n==limit: return n
            new = Path(to)/f'copy_{i:03}'/f.relative_to(top).with_name(f'{i:03}_{f.name}')
            new.parent.mkdir(parents=True, exist_ok=True)
            text = add_paragraph(f.read_text(encoding='utf-8'), f.name, ' '.join(rng.sample(words, 30)))
            new.write_text(text, encoding='utf-8')
            n += 1
    return n
