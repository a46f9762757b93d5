"""What a learner might use instead: other ways to search the same sections.

Each peer keeps what it builds in a folder, so that another process can open it there. `search` gives the best ten in its own terms
and is what is timed; `numbers` says which documents these are. Greps know lines and cells, not sections: they get the generous
reading. Nothing heavy is imported before a peer needs it."""
import json, os, re, sqlite3, subprocess, tempfile
from contextlib import contextmanager
from functools import cache, cached_property, partial
from typing import NamedTuple
from fastdebug.analyze import is_stop

class Doc(NamedTuple):
    "A section, as peers get it"
    file:str    # absolute path
    number:int  # which section of its file
    heading:str
    text:str    # all of it
    cells:tuple # numbers of the notebook's cells in it, () in notes

def make_doc(section):
    cells = tuple(c.number for c in section.cells) if section.file.endswith('.ipynb') else ()
    return Doc(section.file, section.number, section.heading, section.text, cells)

def words_of(q): return re.findall(r'\w+', q.lower())
def content_words(q): return [w for w in words_of(q) if not is_stop(w)]

class Peer:
    "Another search"
    libraries = ()
    def __init__(self,
        folder,   # where it may keep what it builds
        roots=(), # what a grep looks at
        docs=None,# function that gives the documents, one by one
    ):
        self.folder, self.roots, self.docs = str(folder), roots, docs
        os.makedirs(self.folder, exist_ok=True)

    def path(self, name): return os.path.join(self.folder, name)
    def build(self): "Make all documents findable"
    def replace(self, numbers, docs): "Documents `numbers` are now `docs`"
    def numbers(self, found): return found

class FTS5(Peer):
    "SQLite FTS5: heading and body as columns, porter stemmer, any word, its default bm25"
    libraries, tokenize, most = ('sqlite3',), 'porter', 10
    @cached_property
    def db(self): return sqlite3.connect(self.path('fts5.db'))

    def build(self):
        self.db.execute(f"create virtual table t using fts5(heading, body, tokenize='{self.tokenize}')")
        self._add(enumerate(self.docs()))

    def _add(self, docs):
        with self.db: self.db.executemany('insert into t(rowid, heading, body) values (?,?,?)', ((i, d.heading, d.text) for i,d in docs))

    def replace(self, numbers, docs):
        with self.db: self.db.executemany('delete from t where rowid=?', [(i,) for i in numbers])
        self._add(zip(numbers, docs))

    def search(self, q):
        words = ' OR '.join(f'"{w}"' for w in words_of(q))
        return [i for i, in self.db.execute('select rowid from t where t match ? order by rank limit ?', (words, self.most))] if words else []

class PlainFTS5(FTS5):
    "The same with words as they are written"
    tokenize = 'unicode61'

class ManyFTS5(FTS5):
    "The same, and as many sections as a fusion by ranks wants"
    most = 50

class BM25S(Peer):
    "bm25s: the whole section as one field, English stemmer and stop words; after a change it is built again"
    libraries = 'bm25s', 'Stemmer'
    @cached_property
    def tokens(self):
        import bm25s
        from Stemmer import Stemmer
        return partial(bm25s.tokenize, stopwords='en', stemmer=Stemmer('english'), show_progress=False)

    @cached_property
    def index(self):
        import bm25s
        return bm25s.BM25.load(self.path('bm25s'))

    def build(self):
        import bm25s
        self.index = bm25s.BM25()
        self.index.index(self.tokens([d.text for d in self.docs()]), show_progress=False)
        self.index.save(self.path('bm25s'), show_progress=False)

    def replace(self, numbers, docs): self.build()

    def search(self, q):
        words = self.tokens([q], return_ids=False)
        if not any(words): return []
        found, scores = self.index.retrieve(words, k=10, show_progress=False)
        return [int(i) for i,score in zip(found[0], scores[0]) if score>0]

class Tantivy(Peer):
    "tantivy as it comes: heading and body as text fields, its default tokenizer, its query parser"
    libraries = 'tantivy',
    @cached_property
    def index(self):
        import tantivy
        b = tantivy.SchemaBuilder().add_text_field('heading').add_text_field('body')
        self.schema = b.add_unsigned_field('i', stored=True, indexed=True).build()
        return tantivy.Index(self.schema, path=self.folder)

    def build(self): self._write(enumerate(self.docs()))

    def _write(self, docs, gone=()):
        import tantivy
        w = self.index.writer(30_000_000, 1)
        for i in gone: w.delete_documents_by_term('i', i)
        for i,d in docs: w.add_document(tantivy.Document.from_dict(dict(heading=d.heading, body=d.text, i=i), self.schema))
        w.commit()
        w.wait_merging_threads()
        self.index.reload()

    def replace(self, numbers, docs): self._write(zip(numbers, docs), numbers)

    def search(self, q):
        words, searcher = ' '.join(words_of(q)), self.index.searcher() # lower case, so that no word is taken for an operator
        hits = searcher.search(self.index.parse_query(words, ['heading','body']), 10).hits if words else []
        return [searcher.doc(a)['i'][0] for _,a in hits]

class Whoosh(Peer):
    "Whoosh-reloaded: heading and body as text fields with its stemming analyzer, any word, its BM25F"
    libraries = 'whoosh.index', 'whoosh.qparser', 'whoosh.analysis'
    @cached_property
    def index(self):
        from whoosh.analysis import StemmingAnalyzer
        from whoosh.fields import NUMERIC, TEXT, Schema
        from whoosh.index import create_in, exists_in, open_dir
        if exists_in(self.folder): return open_dir(self.folder)
        return create_in(self.folder, Schema(heading=TEXT(StemmingAnalyzer()), body=TEXT(StemmingAnalyzer()), i=NUMERIC(stored=True, unique=True)))

    @cached_property
    def parser(self):
        from whoosh.qparser import MultifieldParser, OrGroup
        return MultifieldParser(['heading','body'], self.index.schema, group=OrGroup)

    @cached_property
    def searcher(self): return self.index.searcher()

    def build(self):
        with self.index.writer() as w:
            for i,d in enumerate(self.docs()): w.add_document(heading=d.heading, body=d.text, i=i)

    def replace(self, numbers, docs):
        with self.index.writer() as w:
            for i,d in zip(numbers, docs): w.update_document(heading=d.heading, body=d.text, i=i)

    def search(self, q):
        self.searcher = self.searcher.refresh()
        return [h['i'] for h in self.searcher.search(self.parser.parse(' '.join(words_of(q))), limit=10)]

def read_headings(path):
    "Heading lines of a note, or of a notebook's Markdown cells: lines that begin with #"
    with open(path, encoding='utf-8') as f: text = f.read()
    if path.endswith('.ipynb'): text = '\n'.join(''.join(c['source']) for c in json.loads(text)['cells'] if c['cell_type']=='markdown')
    return [o.strip() for o in re.findall(r'^#+ +(.*)$', text, re.M)]

def _files(roots):
    for r in roots:
        for folder,_,names in sorted(os.walk(r)): yield from (os.path.join(folder, n) for n in sorted(names) if n.endswith(('.md','.ipynb')))

class HeadingScan(Peer):
    "The rule this project grew out of: read all files, take headings that hold four in five words of the question, each anywhere; in order of files"
    read = staticmethod(read_headings)
    @cached_property
    def _sections(self): return {(d.file, d.heading.strip()):i for i,d in reversed(list(enumerate(self.docs())))}

    def search(self, q):
        words = q.lower().split()
        fits = lambda h: words and sum(w in h for w in words)>=.8*len(words)
        return [(f,h) for f in _files(self.roots) for h in self.read(f) if fits(h.lower())]

    def numbers(self, found): return [self._sections[o] for o in found if o in self._sections][:10]

class HeadingList(HeadingScan):
    "The same with headings read once: to count hits, not to take times"
    read = staticmethod(cache(read_headings))

class Ripgrep(Peer):
    "`rg -i` for any content word: the first section of each file, files with more such lines first"
    @cached_property
    def _first(self): return {d.file:i for i,d in reversed(list(enumerate(self.docs())))}

    def search(self, q):
        words = [o for w in content_words(q) for o in ('-e', w)]
        if not words: return []
        lines = subprocess.run(['rg', '-i', '-F', '-c', *words, *self.roots], capture_output=True, text=True).stdout.splitlines()
        counts = sorted(((int(n), f) for f,_,n in (o.rpartition(':') for o in lines)), reverse=True)
        return [f for _,f in counts]

    def numbers(self, found): return [self._first[f] for f in found if f in self._first][:10]

class Nbrg(Peer):
    "rgapi's `nbrg` for any content word: the sections of the cells, those with more of the words first; it looks at notebooks only"
    libraries = 'rgapi',
    @cached_property
    def _sections(self): return {(d.file, n):i for i,d in enumerate(self.docs()) for n in d.cells}

    def search(self, q):
        from rgapi import nbrg
        words = content_words(q)
        if not words: return []
        found = [(sum(w in c.source.lower() for w in words), os.path.join(r, c.path), c.cell_index)
                 for r in self.roots for c in nbrg('|'.join(map(re.escape, words)), r, case_sensitive=False)]
        return [o[1:] for o in sorted(found, key=lambda o: -o[0])]

    def numbers(self, found): return list(dict.fromkeys(self._sections[o] for o in found if o in self._sections))[:10]

INDEXES = {'SQLite FTS5':FTS5, 'bm25s':BM25S, 'tantivy':Tantivy, 'Whoosh-reloaded':Whoosh}
PEERS = INDEXES | {'scan of headings':HeadingScan, 'ripgrep':Ripgrep, 'nbrg':Nbrg}

@contextmanager
def open_peers(sections, roots, peers=INDEXES):
    "name -> a function from a question to its best sections"
    docs = [make_doc(s) for s in sections]
    with tempfile.TemporaryDirectory(prefix='fastdebug-peers-') as top:
        made = {name:make(os.path.join(top, make.__name__), roots, lambda: docs) for name,make in peers.items()}
        for o in made.values(): o.build()
        yield {name:lambda q, o=o: [sections[i] for i in o.numbers(o.search(q))] for name,o in made.items()}
