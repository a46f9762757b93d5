"Other ways to search the same sections; each is a function that takes the sections and gives a function from a question to the best ten"
import re, sqlite3
from functools import partial

def fts5(sections):
    "SQLite FTS5: heading and body as columns, porter stemmer, any word, its default bm25"
    db = sqlite3.connect(':memory:')
    db.execute("create virtual table t using fts5(heading, body, tokenize='porter')")
    db.executemany('insert into t(rowid, heading, body) values (?,?,?)', ((i, s.heading, s.text) for i,s in enumerate(sections)))
    def search(q):
        words = ' OR '.join(f'"{w}"' for w in re.findall(r'\w+', q))
        rows = db.execute('select rowid from t where t match ? order by rank limit 10', (words,)) if words else ()
        return [sections[i] for i, in rows]
    return search

def bm25s_stemmed(sections):
    "bm25s: the whole section as one field, English stemmer and stop words"
    import bm25s
    from Stemmer import Stemmer
    tokens = partial(bm25s.tokenize, stopwords='en', stemmer=Stemmer('english'), show_progress=False)
    index = bm25s.BM25()
    index.index(tokens([s.text for s in sections]), show_progress=False)
    def search(q):
        if not any(tokens([q], return_ids=False)): return []
        found, scores = index.retrieve(tokens([q], return_ids=False), corpus=sections, k=10, show_progress=False)
        return [s for s,score in zip(found[0], scores[0]) if score>0]
    return search

def tantivy_default(sections):
    "tantivy as it comes: heading and body as text fields, its default tokenizer, its query parser"
    import tantivy
    schema = tantivy.SchemaBuilder().add_text_field('heading').add_text_field('body').add_unsigned_field('i', stored=True).build()
    index = tantivy.Index(schema)
    with index.writer() as w:
        for i,s in enumerate(sections): w.add_document(tantivy.Document.from_dict(dict(heading=s.heading, body=s.text, i=i), schema))
    index.reload()
    searcher = index.searcher()
    def search(q):
        words = ' '.join(re.findall(r'\w+', q.lower())) # lower case, so that no word is taken for an operator
        hits = searcher.search(index.parse_query(words, ['heading','body']), 10).hits if words else []
        return [sections[searcher.doc(a)['i'][0]] for _,a in hits]
    return search

def whoosh_default(sections):
    "Whoosh-reloaded: heading and body as text fields with its stemming analyzer, any word, its BM25F"
    from whoosh.analysis import StemmingAnalyzer
    from whoosh.fields import NUMERIC, TEXT, Schema
    from whoosh.filedb.filestore import RamStorage
    from whoosh.qparser import MultifieldParser, OrGroup
    index = RamStorage().create_index(Schema(heading=TEXT(StemmingAnalyzer()), body=TEXT(StemmingAnalyzer()), i=NUMERIC(stored=True)))
    w = index.writer()
    for i,s in enumerate(sections): w.add_document(heading=s.heading, body=s.text, i=i)
    w.commit()
    searcher, parser = index.searcher(), MultifieldParser(['heading','body'], index.schema, group=OrGroup)
    def search(q): return [sections[h['i']] for h in searcher.search(parser.parse(' '.join(re.findall(r'\w+', q.lower()))), limit=10)]
    return search

def heading_scan(sections):
    "The rule this project grew out of: a heading fits when it holds four in five words of the question, each anywhere in it; in order of files"
    def search(q):
        words = q.lower().split()
        fits = lambda h: words and sum(w in h for w in words)>=.8*len(words)
        return [s for s in sections if fits(s.heading.lower())][:10]
    return search

PEERS = {'SQLite FTS5':fts5, 'bm25s':bm25s_stemmed, 'tantivy':tantivy_default, 'Whoosh-reloaded':whoosh_default, 'scan of headings':heading_scan}
