"""How does a hub grow? Three local nodes, each piece of the index on two of them, beside the embedded index of the same files and
beside the bare engine's query.

`HUB_SECTIONS=1000000 python -m benchmarks hub` takes that many sections, about, instead of ten and a hundred thousand."""
import json, os, random, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from fastdebug import joint
from fastdebug.address import parse_address
from fastdebug.candidates import how_many, understand
from fastdebug.config import find_config
from fastdebug.crawl import Crawler
from fastdebug.engine import Plan
from fastdebug.hub import SECTION, Hub, Who, build_query, readable
from fastdebug.hub_reader import HubSnapshot
from fastdebug.search import Searcher
from ..tools.corpora import add_paragraph, own_cache, real_questions, repeat_corpora
from ..tools.measure import clock, machine, median, p95

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT/'tests/opensearch'))
from launch import Cluster, VERSION, why_not

SIZES   = 10_000, 100_000
COPY    = 4_600 # sections of the corpora, about
READERS = {1:60, 8:10, 32:4} # how many ask at once: questions of each
FRESH   = 5 # files that are saved and asked for
SAVED   = ROOT/'benchmarks/data/hub.json'

# ---- what is measured

def _size(folder): return sum(o.stat().st_size for o in Path(folder).rglob('*') if o.is_file())

def crawl(cluster, address, folder):
    "A crawler, and what its first look took"
    crawler = Crawler(address, [folder], public=True, shards=3)
    report  = crawler.look()
    assert not report.skipped
    name = parse_address(address).index
    cluster.ask('_cluster/health?wait_for_status=green&timeout=300s', seconds=310)
    store = json.loads(cluster.ask(f'{name}-1/_stats/store'))['_all']
    bytes_of = lambda o: store[o]['store']['size_in_bytes']
    return crawler, dict(sections=report.sections, files=report.files, build=report.seconds, size=bytes_of('primaries'), copies=bytes_of('total'))

def ask_at_once(make, questions, n, each):
    "Seconds of every answer, where `n` threads with a `Searcher` of their own ask at the same time"
    def reader(i):
        s, mine = make(), random.Random(i).sample(questions, each)
        s.search('gradient descent')
        return [clock(s.search, q)[0] for q in mine]
    with ThreadPoolExecutor(n) as pool: return [*chain.from_iterable(pool.map(reader, range(n)))]

def ask_all(make, questions):
    found = {n:ask_at_once(make, questions, n, each) for n,each in READERS.items()}
    return {str(n):dict(p50=median(o), p95=p95(o)) for n,o in found.items()}

def candidates_and_stats(hub, text):
    "What a question asks of a hub, without what is scored and shown afterwards"
    hub.begin()
    seen  = HubSnapshot(hub)
    query = understand(seen, text)[0]
    terms = tuple(dict.fromkeys(t for w in query.content for t in w.terms))
    return terms, how_many(query), seen.candidates(Plan(terms), how_many(query))

def bare_query(hub, terms, k):
    "The same words of the engine alone: its best sections with their text"
    body = {'query':build_query(Plan(terms), terms, [SECTION, readable(Who())]), 'size':k, '_source':False, 'stored_fields':['data']}
    return hub.ask(lambda c, s: c.search(index=hub.index, body=body, request_timeout=s))

def beside_bare(address, questions):
    "Seconds of our requests, and of the bare engine's query, in turns"
    hub, ours, bare = Hub(parse_address(address)), [], []
    for q in questions:
        seconds, (terms, k, _) = clock(candidates_and_stats, hub, q)
        ours.append(seconds)
        bare.append(clock(bare_query, hub, terms, k)[0])
    return dict(p50=median(ours), p95=p95(ours), bare50=median(bare), bare95=p95(bare))

def until_found(folder, searcher, look, n):
    "Seconds from the saving of a file until it answers"
    path, word = sorted(Path(folder).rglob('*.md'))[n], 'zuvax'+''.join(chr(97+int(o)) for o in str(n))
    path.write_text(add_paragraph(path.read_text(encoding='utf-8'), path.name, f'A {word} was seen.'), encoding='utf-8')
    start = time.perf_counter()
    look()
    while not (found := searcher.search(word).hits): pass
    assert word in found[0].section.text
    return time.perf_counter()-start

def freshness(folder, searcher, look, first): return median([until_found(folder, searcher, look, first+i) for i in range(FRESH)])

# ---- one size

@contextmanager
def patient():
    "Readers who wait for their answer, however many they are"
    old, joint.WAIT = joint.WAIT, 600.
    try: yield
    finally: joint.WAIT = old

def measure_hub(cluster, folder, questions):
    address = f'{cluster.urls[0]}/notes'
    crawler, found = crawl(cluster, address, folder)
    with patient():
        make = lambda: Searcher(find_config(address))
        found['readers'] = ask_all(make, questions)
        found['requests'] = beside_bare(address, questions)
        found['fresh'] = freshness(folder, make(), crawler.look, 0)
    return found

def measure_embedded(folder, questions):
    "The same of one's own index"
    with own_cache() as cache:
        make = lambda: Searcher(find_config(folder))
        seconds, snapshot = clock(make().snapshot)
        found = dict(sections=snapshot.manifest.sections, files=len(snapshot.manifest.searched), build=seconds, size=_size(cache))
        found['readers'] = ask_all(make, questions)
        found['fresh'] = freshness(folder, make(), lambda: None, FRESH)
    return found

def measure_size(sections):
    "Figures of a hub and of an embedded index of that many sections, about"
    heap, questions = '512m' if sections<50_000 else '1g' if sections<500_000 else '3g', real_questions(200)
    with tempfile.TemporaryDirectory(prefix='fastdebug-hub-') as top, Cluster(Path(top)/'nodes', nodes=3, heap=heap) as cluster:
        folder = os.path.realpath(f'{top}/notes')
        repeat_corpora(folder, max(1, round(sections/COPY)))
        found = dict(hub=measure_hub(cluster, folder, questions), embedded=measure_embedded(folder, questions), heap=heap)
    assert found['hub']['sections']==found['embedded']['sections']
    return found

# ---- what is shown

def _rows(o):
    "(what, its figure)"
    yield 'first look, s', f"{o['build']:.1f}"
    yield 'sections a second', f"{o['sections']/o['build']:,.0f}"
    yield 'index, MB', f"{o['size']/1e6:.0f}"
    if 'copies' in o: yield 'with its copies, MB', f"{o['copies']/1e6:.0f}"
    for n,r in o['readers'].items(): yield f'{n} reader{"s"*(n!="1")}, p50 and p95, ms', f"{r['p50']*1e3:.0f}, {r['p95']*1e3:.0f}"
    if r := o.get('requests'):
        yield 'candidates and stats, p50 and p95, ms', f"{r['p50']*1e3:.0f}, {r['p95']*1e3:.0f}"
        yield "the bare engine's query, p50 and p95, ms", f"{r['bare50']*1e3:.0f}, {r['bare95']*1e3:.0f}"
        yield 'ratio of the p95, at most 2', f"{r['p95']/r['bare95']:.2f}"
    yield 'from saved to answered, s', f"{o['fresh']:.2f}"

def show(saved):
    "Figures of all sizes as a Markdown table"
    columns = {f"{name}, {o[name]['sections']:,}":dict(_rows(o[name])) for o in saved['sizes'].values() for name in ('hub', 'embedded')}
    whats = dict.fromkeys(chain.from_iterable(columns.values()))
    lines = [f"| what | {' | '.join(columns)} |", '|---|' + '--:|'*len(columns)]
    lines += [f"| {w} | {' | '.join(o.get(w, '') for o in columns.values())} |" for w in whats]
    return '\n'.join([f"OpenSearch {VERSION}, three nodes on one machine, 3 shards, 1 replica; readers are threads of one process", '', *lines])

def run(quick):
    "`--quick` takes ten thousand sections and saves nothing"
    if why := why_not(): sys.exit(f'hub: {why}')
    said  = os.environ.get('HUB_SECTIONS')
    sizes = [int(o) for o in said.split(',')] if said else SIZES[:1] if quick else SIZES
    saved = dict(machine=machine(), sizes={})
    for n in sizes:
        saved['sizes'][str(n)] = measure_size(n)
        print(show(saved), file=sys.stderr, flush=True)
        if not quick: SAVED.write_text(json.dumps(saved, indent=1)+'\n', encoding='utf-8')
    return show(saved)
