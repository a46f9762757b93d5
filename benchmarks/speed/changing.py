"One file of 5,000 was saved: what does the next answer cost?"
import os, random, tempfile, time
from fastdebug.config import find_config
from fastdebug.parse import parse_document
from fastdebug.search import Searcher
from fastdebug.sources import decode, read_bytes
from ..tools.corpora import own_cache, repeat_corpora, save
from .large import bare_scan
from ..tools.measure import Row, clock, median

def stat_and_parse(top, path):
    "The work that nobody can avoid"
    bare_scan(top)
    parse_document(decode(read_bytes(path), path), path)

def settle(s):
    "Wait until the files saved last are old enough to be told by their stamps: one is saved now and then, not forty in a second"
    time.sleep(2.1)
    s.search('gradient accumulation')

def run(quick):
    with own_cache(), tempfile.TemporaryDirectory(prefix='fastdebug-change-') as top:
        top = os.path.realpath(top)
        files = repeat_corpora(top, 60, limit=500 if quick else 5000)
        s = Searcher(find_config(top))
        s.search('gradient accumulation')
        ours, ref = [], []
        for path in random.Random(0).sample(sorted(s.snapshot().manifest.searched), 10 if quick else 40):
            settle(s)
            save(path)
            ref.append(clock(stat_and_parse, top, path)[0])
            ours.append(clock(s.search, 'gradient accumulation')[0])
    return [Row(f'next answer after one of {files:,} files changed, median', median(ours), median(ref), 3, 'stat all files, parse that one')]
