"What does the first index cost, against the work that nobody can avoid?"
import json, subprocess, sys, tempfile
import tantivy
from markdown_it import MarkdownIt
from fastdebug.library import Library, read_document
from ..tools.corpora import corpora
from ..tools.measure import Row, clock, median

def build():
    "Seconds for our index of all corpora, and its view"
    with tempfile.TemporaryDirectory() as folder: return clock(lambda: Library(corpora(), folder).snapshot())

def build_fresh():
    "Seconds for our index in a new process, where nothing is remembered of an earlier one"
    code = 'from benchmarks.speed.building import build; print(build()[0])'
    return float(subprocess.run([sys.executable, '-c', code], check=True, capture_output=True, text=True).stdout)

def read_all(paths):
    "The files, decoded: text of notes, JSON of notebooks"
    texts = {}
    for p in paths:
        with open(p, encoding='utf-8') as f: texts[p] = json.load(f) if p.endswith('.ipynb') else f.read()
    return texts

def markdown(texts):
    "The Markdown of all files, one piece for each note and each cell"
    for o in texts.values():
        if isinstance(o, str): yield o
        else: yield from (''.join(c['source']) for c in o['cells'] if c['cell_type']=='markdown')

def parse_all(pieces):
    "Block rules only: no emphasis, no links inside a line"
    md = MarkdownIt('commonmark')
    md.core.ruler.enableOnly(['normalize', 'block'])
    for o in pieces: md.parse(o)

def index_all(texts):
    "One stored text field, tantivy's own tokenizer"
    b = tantivy.SchemaBuilder()
    b.add_text_field('text', stored=True)
    schema = b.build()
    with tempfile.TemporaryDirectory() as folder:
        w = tantivy.Index(schema, path=folder).writer(30_000_000, 1)
        for o in texts: w.add_document(tantivy.Document(text=o))
        w.commit()
        w.wait_merging_threads()

def section_texts(view):
    "The text of every section that our index holds"
    docs = (read_document(p, f.stamp)[1] for p,f in view.manifest.searched.items())
    return [s.text for d in docs for s in d.sections]

def run(quick):
    view = build()[1]
    texts, ours, ref, parts = section_texts(view), [], [], []
    for _ in range(1 if quick else 7):
        ours.append(build_fresh())
        t_read, files = clock(read_all, list(view.scan.files))
        parts.append((t_read, clock(parse_all, list(markdown(files)))[0], clock(index_all, texts)[0]))
        ref.append(sum(parts[-1]))
    shares = ' + '.join(f'{n} {median(t):.2f}' for n,t in zip(('read','parse','add'), zip(*parts)))
    return [Row(f'first build, {len(view.scan.files)} files, {len(texts):,} sections', median(ours), median(ref), 4, shares)]
