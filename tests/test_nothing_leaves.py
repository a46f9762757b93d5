"""Nothing leaves: a search asks nothing of the network and writes nothing but its index; nothing that is shown or committed tells a secret.

Python reports every `open`, `connect`, `rename` and the like to an audit hook; a child process records them while it does all that a user can do.
What tantivy does in its own Rust code raises no such event, so the files of the whole place are compared as well.
Running Jupyter servers are found by the files they leave in Jupyter's runtime folder: nothing asks them."""
import base64,json,os,re,stat,subprocess,sys
from pathlib import Path
import pytest
from watched import TOKEN, a_place, run_in

pytestmark = pytest.mark.skipif(os.name=='nt', reason='permissions and paths as POSIX has them')

EVERYTHING = '''
import io,contextlib
from fastdebug import cli
from fastdebug.utils import *
from fastdebug.search import Searcher
from fastdebug.config import find_config
def run(f, *words):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
        try: f([*words])
        except SystemExit as e: assert not e.code or e.code in (1,2), e.code
    return out.getvalue()
shown = []
for roots in (None, 'nbs', home+'/project/nbs/a.ipynb'):
    for question in ('gradient', 'gradiemt', 'zzqqy', 'https://example.com/x.png', '"a b" -c nb:a', ''):
        for f in (fastnbs, fastnotes, fastlistnbs):
            a = f(question, roots=roots)
            shown.append(json.dumps(a._repr_mimebundle_())+repr(a))
shown.append(str(fastnbs('gradient', remote_images=True)._repr_markdown_()))
expandcell()
s = Searcher(find_config('nbs'))
assert s.search('gradient').hits and s.find_notes('gradient').hits and s.contents().hits
shown += [run(cli.main, 'info'), run(cli.run_fastnbs, 'gradient'), run(cli.run_fastnotes, 'gradient'), run(cli.run_fastlistnbs), run(cli.run_fastnbs, 'zzqqy')]
open('nbs/new.md').close()
run(cli.main, 'clear')
shown.append(run(cli.run_fastnbs, 'gradient'))
run(cli.main, 'clear', '--all')
shown.append(run(cli.run_fastnbs, 'gradient', '--roots', 'nowhere'))
assert fastnbs('gradient')
'''

def snapshot(top):
    "Every file and folder below `top` but the cache: its kind, permissions, bytes and time"
    found = {}
    for p in sorted(top.rglob('*')):
        if 'cache' in p.relative_to(top).parts[:1]: continue
        st = p.lstat()
        found[str(p)] = (st.st_mode, st.st_mtime_ns, p.read_bytes() if p.is_file() else b'')
    return found

VIOLATIONS = {
    'connect':   ('import socket; s = socket.socket(); s.settimeout(1); s.connect_ex(("127.0.0.1", 9))', 'socket.connect'),
    'resolve':   ('import socket\ntry: socket.getaddrinfo("localhost", 80)\nexcept OSError: pass', 'socket.getaddrinfo'),
    'request':   ('import urllib.request\ntry: urllib.request.urlopen("http://127.0.0.1:9/", timeout=1)\nexcept OSError: pass', 'urllib.Request'),
    'datagram':  ('import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))', 'socket.sendto'),
    'write':     ('open("nbs/x.md", "w").close()', 'open'),
    'append':    ('open("nbs/a.ipynb", "a").close()', 'open'),
    'low level': ('os.close(os.open("nbs/y.md", os.O_CREAT|os.O_RDWR))', 'open'),
    'remove':    ('os.remove("nbs/new.md")', 'os.remove'),
    'rename':    ('os.rename("nbs/new.md", "nbs/newer.md")', 'os.rename'),
    'move out':  ('os.makedirs(cache); open(cache+"/f", "w").close(); os.rename(cache+"/f", "nbs/f")', 'os.rename'),
    'folder':    ('os.mkdir("nbs/sub")', 'os.mkdir'),
    'mode':      ('os.chmod("nbs/new.md", 0o777)', 'os.chmod'),
    'from a folder': ('f = os.open("nbs", os.O_RDONLY); os.chdir(home+"/cache"); os.remove("new.md", dir_fd=f)', 'os.remove'),
    'tree':      ('import shutil; shutil.rmtree("nbs")', 'shutil.rmtree'),
    'process':   ('import subprocess,sys; subprocess.run([sys.executable, "-c", ""])', 'subprocess.Popen'),
}

@pytest.mark.parametrize('name', VIOLATIONS)
def test_the_hook_sees_a_violation(name, tmp_path):
    body,event = VIOLATIONS[name]
    seen = run_in(a_place(tmp_path), body+'\nreport()')
    assert event in [o[0] for o in seen], seen

def test_nothing_is_asked_of_the_network_and_nothing_is_written_beside_the_index(tmp_path):
    home = a_place(tmp_path)
    before = snapshot(home)
    seen = run_in(home, EVERYTHING+'report()')
    assert seen==[]
    assert snapshot(home)==before
    assert list((home/'cache/fastdebug').rglob('meta.json')), 'no index was written, so this shows nothing'

def test_no_secret_in_what_is_shown(tmp_path):
    "Tokens and passwords of servers and remotes, and the path of the home folder, stand in no answer"
    home = a_place(tmp_path)
    for cwd in ('project', 'project/nbs', 'runtime'): # seen from inside the server's folder and from outside
        body = EVERYTHING.replace("(None, 'nbs', home", f"(home+'/project/nbs', home").replace("'nbs'", "home+'/project/nbs'").replace("'nbs/new.md'", "home+'/project/nbs/new.md'")
        (home/'project/settings.ini').write_text('[DEFAULT]\nlib_name = x\n')
        shown = run_in(home, body+'\nprint(json.dumps(shown))', cwd)
        text = '\n'.join(shown)
        assert 'in Jupyter Notebook locally' in text and 'github.com/me/work' in text
        assert TOKEN not in text and 'me:' not in text
        assert str(home) not in text and str(tmp_path) not in text, re.findall('.{60}'+re.escape(str(tmp_path))+'.{60}', text)[:3]

@pytest.mark.parametrize('umask', [0o000, 0o022, 0o077])
def test_the_cache_is_closed_to_others(umask, tmp_path):
    "Whatever the umask: the folders have mode 0700, so that nobody else reaches what is in them"
    home = a_place(tmp_path)
    run_in(home, 'from fastdebug.utils import *\nassert fastnbs("gradient")\nreport()', umask=umask)
    cache = home/'cache/fastdebug'
    folders = [cache, *(p for p in cache.rglob('*') if p.is_dir())]
    assert len(folders)>=3 and any(p.is_file() for p in cache.rglob('*'))
    for p in folders: assert stat.S_IMODE(p.stat().st_mode)==0o700, p

# ---- what is committed

SECRETS = {
    'token':    re.compile(r'[?&](?:access_)?token=\w+|\b(?:ghp|gho|github_pat|hf)_[A-Za-z0-9]{20,}|\b(?:glpat|xox[bap])-[-A-Za-z0-9]{10,}|\bAKIA[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|\beyJ[\w-]{20,}\.[\w-]{10,}'),
    'password': re.compile(r'://[^\s/:@"\'<>()\[\]]+:[^\s/@"\'<>()\[\]]+@'),
    'home':     re.compile(r'(?<![\w./:])/(?:home|Users|root)/[\w.-]+|[A-Z]:\\\\?Users\\'),
}

def find_secrets(text): return [f'{name}: {m[0]}' for name,o in SECRETS.items() for m in o.finditer(text)]

def committed(root):
    names = subprocess.run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', 'nbs', 'mds', 'README.md'], cwd=root, capture_output=True, text=True, check=True).stdout
    return [root/o for o in names.split('\0') if o and (root/o).is_file()]

def stored(nb):
    "Everything a notebook stores besides its sources: outputs and attachments, pictures decoded"
    for c in nb['cells']:
        for o in (*c.get('outputs', ()), c.get('attachments', {})): yield from strings(o)
    yield from strings(nb['metadata'])

def strings(value):
    if isinstance(value, dict): value = [*value, *value.values()]
    if isinstance(value, list):
        if value and all(isinstance(o, str) for o in value): yield ''.join(value)
        for o in value: yield from strings(o)
    if isinstance(value, str):
        packed = len(value)>100 and re.fullmatch(r'[A-Za-z0-9+/\s]+={0,2}\s*', value)
        yield base64.b64decode(value).decode('latin-1') if packed else value

def test_the_search_for_secrets_finds_them():
    for o in ('http://localhost:8888/?token=abc123', 'https://me:pw@github.com/a/b', '"/home/someone/x"', 'File /'+'root/x/y.py', '/Users/me/nbs', 'C:\\Users\\me', 'ghp_'+'a1'*18): assert find_secrets(o), o
    for o in ('https://a.b/home/someone', 'git@github.com:a/b', '~/nbs/a.ipynb', 'a token is a word', 'https://a.b:80/@x'): assert not find_secrets(o), o
    hidden = {'cells':[{'outputs':[{'data':{'image/png':base64.b64encode(b'x'*100+b' /home/someone/x').decode()}}]}], 'metadata':{}}
    assert any(find_secrets(o) for o in stored(hidden))

def test_no_secret_in_what_notebooks_store(root):
    books = [p for p in committed(root) if p.suffix=='.ipynb']
    assert len(books)>20
    found = {p.name:bad for p in books if (bad := [o for s in stored(json.loads(p.read_text(encoding='utf-8'))) for o in find_secrets(s)])}
    assert not found

def test_no_secret_in_the_markdown_twins_and_their_pictures(root):
    files = [p for p in committed(root) if p.suffix!='.ipynb' and (p.name=='README.md' or 'mds' in p.relative_to(root).parts)]
    assert len(files)>20
    books = [json.loads(p.read_text(encoding='utf-8')) for p in committed(root) if p.suffix=='.ipynb']
    typed = {o for nb in books for c in nb['cells'] for o in find_secrets(''.join(c['source']))} # ann, her folder and her password are made up, in code that is there to be read
    found = {p.name:bad for p in files if (bad := set(find_secrets(p.read_bytes().decode('utf-8', 'replace')))-typed)}
    assert not found
