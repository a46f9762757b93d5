"Is a question answered before `rg` has looked once?"
from fastdebug.config import find_config
from fastdebug.search import Searcher
from ..tools.corpora import corpora, own_cache, real_questions
from ..tools.grep import count_files, has_rg, rarest, rg
from ..tools.measure import Row, clock, median, p95

def run(quick):
    if not has_rg(): return print('warm: skipped, there is no rg (ripgrep) on this machine') or []
    with own_cache():
        s = Searcher(find_config(corpora()))
        files = len(s.snapshot().scan.files)
        if count_files(corpora())!=files: print(f'warm: rg looks at {count_files(corpora())} files, we at {files}')
        for q in real_questions(20, seed=1): s.search(q)
        ours, ref = [], []
        for q in real_questions(40 if quick else 200):
            if not (word := rarest(s, q)): continue
            ours.append(clock(s.search, q)[0])
            ref.append(rg(word, corpora()))
    print(f'warm: {len(ours)} questions; ours p95 {p95(ours)*1e3:.1f} ms, rg p95 {p95(ref)*1e3:.1f} ms')
    return [Row(f'`Searcher.search`, warm, {files} files, median', median(ours), median(ref), 1, '`rg -i`, rarest word')]
