"""Run code as a user who may not read everything, also when the tests run as root.

The interpreter may lie where that user can't reach, so everything is imported, and done once, before the child changes
its user."""
import json,os,shutil,subprocess,sys,tempfile
from pathlib import Path
import pytest
from children import unmeasured

NOBODY = 65534
OWN    = Path(__file__).parents[1]/'own.ini' # perhaps in a folder that only its owner may enter

START = '''
import json,os,sys
from fastdebug.utils import fastlistnbs, fastnbs, fastnotes

def use(roots):
    "Whatever is imported late is imported now"
    for f in (fastnbs, fastnotes, fastlistnbs):
        for question in ('momentum', 'momentun', 'zzqqy'):
            repr(f(question, roots=roots)), f(question, roots=roots)._repr_markdown_()

def become(user):
    if os.geteuid(): return
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    assert os.geteuid()==user

os.environ['FASTDEBUG_CACHE'] = sys.argv[1]+'/warm-cache'
use(sys.argv[1]+'/warm')
os.environ['FASTDEBUG_CACHE'] = sys.argv[1]+'/cache'
os.environ['HOME'] = sys.argv[1]
os.chdir(sys.argv[1])
become(65534)
'''

@pytest.fixture
def open_folder():
    "A folder that every user can reach, with a folder `warm` of one note; it belongs to nobody"
    with tempfile.TemporaryDirectory() as top:
        (Path(top)/'warm').mkdir()
        (Path(top)/'warm/note.md').write_text('# Momentum\n\nIt keeps speed.\n')
        os.chmod(top, 0o755)
        if not os.geteuid(): os.chown(top, NOBODY, NOBODY)
        yield Path(top).resolve()

def run_as_nobody(folder, code, timeout=60):
    "What `code`, run without privileges, prints last, as JSON"
    env = unmeasured() | {'FASTDEBUG_SETTINGS': str(shutil.copyfile(OWN, folder/'own.ini'))}
    res = subprocess.run([sys.executable, '-c', START+code, str(folder)], env=env, capture_output=True, text=True,
                         timeout=timeout, stdin=subprocess.DEVNULL)
    assert res.returncode==0, res.stderr[-3000:]
    return json.loads(res.stdout.splitlines()[-1])
