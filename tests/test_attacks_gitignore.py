"Patterns of a `.gitignore` that would keep the walk busy: each name is told in time proportional to its length"
import random, re, time

import pytest
from pathspec import GitIgnoreSpec

from fastdebug.config import find_config
from fastdebug.search import Searcher
from fastdebug.sources import Walker, _read_rules, _steady

def seconds(f):
    start = time.process_time()
    f()
    return time.process_time()-start

LONG = 'a'*250
BOMBS = ['*a*a*a*b', '*a'*100+'b', '**a**a**a**b', '*?a*?a*?a*?b', '*[a]*[a]*[a]*[a]b', '**/a/**/a/**/a/**/b', '/**/*a*a*a*b', '*a*a*a*a*a/b', '!*a*a*a*a*b',
         '*'*500+'b', '**/'*300+'b', '*a*/'*40+'b', '[a-z]*[a-z]*[a-z]*[a-z]*1', '\\a*\\a*\\a*\\a*b']

@pytest.mark.parametrize('pattern', BOMBS)
def test_a_pattern_against_long_names(tmp_path, pattern):
    folder = tmp_path
    for _ in range(6): folder = folder/LONG
    folder.mkdir(parents=True)
    for i in range(20): (folder/f'{"a"*200}{i}.md').write_text('# A')
    (tmp_path/'.gitignore').write_text(pattern+'\n')
    assert seconds(lambda: Walker((str(tmp_path),)).scan()) < 1

def test_tens_of_thousands_of_rules_are_refused_in_words(tmp_path, fresh_cache, reader):
    (tmp_path/'notes'/'.git').mkdir(parents=True)
    for i in range(50): (tmp_path/'notes'/f'{i}.md').write_text('# Momentum')
    (tmp_path/'notes'/'.gitignore').write_text(''.join(f'*a{i}*\n' for i in range(70_000)))
    s = Searcher(find_config(str(tmp_path/'notes')))
    assert seconds(lambda: s.search('momentum')) < 3
    answer = s.search('momentum')
    assert answer.hits and 'more than 1,000 rules' in dict(answer.scope.skipped)[str(tmp_path/'notes'/'.gitignore')]

def test_rules_in_folders_inside_each_other(tmp_path):
    "Hundreds of levels, each with rules: neither recursion nor the product of both"
    folder = tmp_path
    (folder/'.git').mkdir()
    for _ in range(300):
        (folder/'.gitignore').write_text(''.join(f'*b{i}*c\n' for i in range(10)))
        folder = folder/'d'
        folder.mkdir()
    (folder/'a.md').write_text('# A')
    scan = Walker((str(tmp_path),)).scan
    assert seconds(scan) < 3 and any(o.endswith('a.md') for o in scan().files)

def test_a_rule_that_makes_no_sense(tmp_path):
    (tmp_path/'a.md').write_text('# A')
    (tmp_path/'b.md').write_text('# B')
    (tmp_path/'.gitignore').write_text('!\n//\n[\n[z-a]\n\\\n/\n!!\n***\\\nb.md\n')
    assert [o[-4:] for o in Walker((str(tmp_path),)).scan().files]==['a.md']

PIECES = ['a', 'b', '*', '**', '/', '?', '[ab]', '\\*', '*a', '/**/', '**/', '.', '!']

def test_they_mean_what_they_meant():
    "The same as pathspec's own expressions, for patterns and paths drawn by chance"
    rng, tried = random.Random(0), 0
    for _ in range(3_000):
        pattern = ''.join(rng.choices(PIECES, k=rng.randint(1, 8)))
        try: old = GitIgnoreSpec.from_lines([pattern], backend='simple')
        except ValueError: continue
        rules,_ = _read_rules('/', pattern, None)
        if not rules: continue
        for _ in range(8):
            path = '/'.join(''.join(rng.choices('ab*.', k=rng.randint(1, 4))) for _ in range(rng.randint(1, 5)))+rng.choice(['', '/'])
            tried += 1
            assert old.check_file(path).include==rules.spec.check_file(path).include, (pattern, path)
    assert tried>10_000

def test_ordinary_patterns_are_as_pathspec_makes_them():
    regex = '^(?:.+/)?[^/]*\\.pyc(?:(?P<ps_d>/)|$)'
    assert re.compile(_steady(regex)).match('a/b.pyc') and _steady('^a/[^/]*b(?:(?P<ps_d>/)|$)')=='^a/[^/]*b(?:(?P<ps_d>/)|$)'
