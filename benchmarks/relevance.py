"Natural questions and known headings, side by side: does the right section come first?"
import os, random, re, sqlite3
from functools import partial
from fastdebug.analyze import analyze
from fastdebug.config import find_config
from fastdebug.fresh import read_document
from fastdebug.query import find_words
from fastdebug.search import Searcher
from .corpora import corpora, natural_questions, own_cache

def all_sections(searcher):
    "The sections that `searcher` can find"
    docs = (read_document(p, f.stamp)[1] for p,f in searcher.view().manifest.searched.items())
    return [s for d in docs for s in d.sections if s.text.strip() and not s.nosearch]

# Three ways to search the same sections; each is a function from a question to the best ten

def ours(searcher):
    return lambda q: [h.section for h in searcher.search(q, k=10).hits]

def sqlite_fts5(sections):
    "Heading and body as columns, porter stemmer, any word, default bm25"
    db = sqlite3.connect(':memory:')
    db.execute("create virtual table t using fts5(heading, body, tokenize='porter')")
    db.executemany('insert into t(rowid, heading, body) values (?,?,?)', ((i, s.heading, s.text) for i,s in enumerate(sections)))
    def search(q):
        words = ' OR '.join(f'"{w}"' for w in re.findall(r'\w+', q))
        rows = db.execute('select rowid from t where t match ? order by rank limit 10', (words,)) if words else ()
        return [sections[i] for i, in rows]
    return search

def bm25s_stemmed(sections):
    "Whole sections as one field; None where bm25s is not installed"
    try: import bm25s
    except ImportError: return None
    from Stemmer import Stemmer
    tokens = partial(bm25s.tokenize, stopwords='en', stemmer=Stemmer('english'), show_progress=False)
    index = bm25s.BM25()
    index.index(tokens([s.text for s in sections]), show_progress=False)
    def search(q):
        found, scores = index.retrieve(tokens([q], return_ids=False), corpus=sections, k=10, show_progress=False)
        return [s for s,score in zip(found[0], scores[0]) if score>0]
    return search

# Questions: pairs of a text and a test that tells whether a section answers it

def from_textbook():
    "Exercises; right is any section of the file they were cut out of"
    top = corpora('d2l')[0]
    return [(o['q'], lambda s, f=os.path.join(top, o['file']): s.file==f) for o in natural_questions()]

def content_words(text): return [w.text for w in find_words(text) if not w.stop]

def same_heading(a): return lambda b: a.heading.strip().lower()==b.heading.strip().lower()

def with_typo(rng, words):
    "One letter of the longest word left out, swapped with the next, or added"
    i = max(range(len(words)), key=lambda i: len(words[i]))
    w, j, kind = words[i], rng.randrange(1, max(2, len(words[i])-1)), rng.randrange(3)
    new = w[:j]+w[j+1:] if kind==0 else w[:j]+w[j:j+2][::-1]+w[j+2:] if kind==1 else w[:j]+rng.choice('aeinorst')+w[j:]
    return [*words[:i], new, *words[i+1:]]

def known_items(sections, n=300, seed=0):
    "Headings as written, with a typo, and four words of a body, from `n` sections drawn by chance"
    rng = random.Random(seed)
    named = [s for s in sections if s.level and len(content_words(s.heading))>=2]
    kinds = {'known heading':[], 'with one typo':[], 'four words of a body':[]}
    for s in rng.sample(named, min(n, len(named))):
        words = content_words(s.heading)
        kinds['known heading'].append((' '.join(words), same_heading(s)))
        kinds['with one typo'].append((' '.join(with_typo(rng, words)), same_heading(s)))
        body = [w for w in content_words(s.prose.partition('\n')[2]) if w.isalpha()]
        if len(body)>=12: kinds['four words of a body'].append((' '.join(rng.sample(body, 4)), lambda o, s=s: (o.file,o.number)==(s.file,s.number)))
    return kinds

def ranks(search, questions):
    "Where the first right section stands, from 1; 0 when not among ten; None when nothing was found"
    for q,is_right in questions:
        found = search(q)
        yield next((i for i,s in enumerate(found, 1) if is_right(s)), 0) if found else None

def figures(search, questions):
    "hit@1, hit@5, MRR@10 and the share without a result"
    r = list(ranks(search, questions))
    of = lambda xs: sum(xs)/len(r)
    return of(o==1 for o in r), of(bool(o) and o<=5 for o in r), of(1/o for o in r if o), of(o is None for o in r)

def compare(name, folders, kinds):
    "Table lines for one corpus"
    s = Searcher(find_config(corpora(*folders)))
    sections = all_sections(s)
    engines = {'fastdebug':ours(s), 'SQLite FTS5':sqlite_fts5(sections), 'bm25s':bm25s_stemmed(sections)}
    for kind,questions in kinds(sections).items():
        for engine,search in engines.items():
            if search is None: continue
            nums = ' | '.join(f'{o:.3f}' for o in figures(search, questions))
            yield f'| {kind} ({name}) | {len(questions)} | {engine} | {nums} |'

def run(quick):
    cut = lambda kinds: {k:v[:40] for k,v in kinds.items()} if quick else kinds
    lines = ['| questions | n | engine | hit@1 | hit@5 | MRR@10 | no result |', '|---|--:|---|--:|--:|--:|--:|']
    with own_cache():
        lines += compare('d2l', ['d2l'], lambda _: cut({'natural question':from_textbook()}))
        lines += compare('fastdebug-notes, handson-ml3', ['fastdebug-notes/nbs','handson-ml3'], lambda o: cut(known_items(o)))
    return '\n'.join(lines)
