"A process that may not grow gets the right answer or a sentence that says why not, and lives on"
import subprocess, sys

import pytest

from children import unmeasured

pytestmark = pytest.mark.skipif(sys.platform!='linux', reason='the size of a process is limited on Linux only')

CHILD = """
import resource, sys
from fastdebug.core import RootsError
from fastdebug.config import find_config
from fastdebug.search import Searcher
config = find_config(sys.argv[1])
size = int(open('/proc/self/statm').read().split()[0])*resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size+int(sys.argv[2]),)*2)
try:
    for _ in range(3): answer = Searcher(config).search('quokka 17')
except RootsError as e: print('refused', e)
else: print('skipped' if answer.scope.skipped else 'found', [h.section.heading for h in answer.hits][:1], *{why for _,why in answer.scope.skipped})
"""

@pytest.fixture(scope='module')
def notes(tmp_path_factory):
    top = tmp_path_factory.mktemp('notes')
    for i in range(200): (top/f'n{i}.md').write_text(f'# Quokka {i}\n\nIt smiles {i} times a day.\n'*20)
    return top

@pytest.mark.parametrize('room', [0, 20, 60, 90, 95, 110, 150, 300, 400, 1000])
def test_a_process_that_may_not_grow(notes, fresh_cache, room):
    res = subprocess.run([sys.executable, '-c', CHILD, str(notes), str(room*10**6)], capture_output=True, text=True, env=unmeasured(), timeout=300)
    assert res.returncode==0, (res.returncode, res.stderr[-500:])
    if room>=300: assert res.stdout=="found ['Quokka 17']\n"
    elif room<60: assert 'refused' in res.stdout or 'not enough memory' in res.stdout
    else: assert res.stdout=="found ['Quokka 17']\n" or 'searching here takes' in res.stdout or 'not enough memory' in res.stdout

def test_a_large_file_is_skipped_in_words(notes, fresh_cache):
    (notes/'large.md').write_text('# Quokka\n\n' + 'It smiles. '*1_000_000)
    res = subprocess.run([sys.executable, '-c', CHILD, str(notes), str(200*10**6)], capture_output=True, text=True, env=unmeasured(), timeout=300)
    (notes/'large.md').unlink()
    assert res.stdout=="skipped ['Quokka 17'] not enough memory\n", (res.stdout, res.stderr[-500:])
