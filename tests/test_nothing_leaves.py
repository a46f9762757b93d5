"""Nothing leaves: a search asks nothing of the network and writes nothing but its index; nothing that is shown or committed tells a secret.

Python reports every `open`, `connect`, `rename` and the like to an audit hook; a child process records them while it does all that a user can do.
What tantivy does in its own Rust code raises no such event, so the files of the whole place are compared as well.
Running Jupyter servers are found by the files they leave in Jupyter's runtime folder: nothing asks them."""
import base64,json,os,re,stat,subprocess,sys
from pathlib import Path
import pytest
from notebooks import code, md, result, write

pytestmark = pytest.mark.skipif(os.name=='nt', reason='permissions and paths as POSIX has them')

WATCH = '''
import os,sys,json
home,cache = os.environ['HOME'],os.environ['FASTDEBUG_CACHE']
seen = []
# event -> (which argument is a path, which one the open folder it is relative to)
WRITES = {'os.remove':[(0,1)], 'os.rmdir':[(0,1)], 'os.mkdir':[(0,2)], 'os.rename':[(0,2),(1,3)], 'os.link':[(1,3)], 'os.symlink':[(1,2)], 'os.truncate':[(0,None)], 'os.chmod':[(0,2)],
    'os.chown':[(0,3)], 'os.utime':[(0,3)], 'os.setxattr':[(0,None)], 'os.removexattr':[(0,None)], 'tempfile.mkstemp':[(0,None)], 'tempfile.mkdtemp':[(0,None)]}
NETWORK = ('socket.connect', 'socket.bind', 'socket.sendto', 'socket.sendmsg', 'socket.getaddrinfo', 'socket.gethostbyname', 'socket.gethostbyaddr', 'urllib.Request', 'http.client.connect',
    'ftplib.connect', 'smtplib.connect', 'webbrowser.open')
STARTS = ('subprocess.Popen', 'os.system', 'os.exec', 'os.posix_spawn', 'os.fork', 'pty.spawn')

def folder_of(fd):
    if os.path.isdir('/proc/self/fd'): return os.readlink(f'/proc/self/fd/{fd}')
    import fcntl
    return os.fsdecode(fcntl.fcntl(fd, fcntl.F_GETPATH, bytes(1024)).rstrip(bytes(1)))

def full(path, fd):
    if isinstance(path, int): return folder_of(path)
    return path if fd==-1 or os.path.isabs(path) else os.path.join(folder_of(fd), os.fsdecode(path))

def inside(path):
    if isinstance(path, int): return False
    path = os.path.realpath(os.fsdecode(path))
    return path==os.devnull or path==cache or path.startswith(cache+os.sep)

def record(event, args):
    if event.startswith(NETWORK) or event.startswith(STARTS): seen.append([event, repr(args)[:200]])
    elif event=='open':
        path,mode,flags = args
        if flags & (os.O_WRONLY|os.O_RDWR|os.O_CREAT|os.O_TRUNC|os.O_APPEND) and not isinstance(path, int) and not inside(path): seen.append([event, os.fsdecode(path)])
    elif event in WRITES:
        places = [full(args[i], -1 if d is None else args[d]) for i,d in WRITES[event]]
        if not all(map(inside, places)): seen.append([event, repr(places)])
    elif event.startswith('shutil.rmtree') and not inside(args[0]): seen.append([event, repr(args[0])])

sys.dont_write_bytecode = True
sys.addaudithook(record)
def report(): print(json.dumps(seen))
'''

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

TOKEN = 'f00dfacec0ffee5ec2e7'

def a_place(tmp_path):
    "A home folder with a project in it that has a git remote with a password, and two Jupyter servers with tokens"
    home = tmp_path/'home'
    nbs = home/'project/nbs'
    write(nbs/'a.ipynb', md('# Gradient\n\n![p](https://example.com/x.png) [l](other.md) ![m](pic.png) <img src="http://127.0.0.1:9/x.png">'),
        code('gradient = 1', result({'text/html':'<table><tr><td>gradient<img src=http://example.com/y.png></table>', 'text/plain':'gradient'})))
    (nbs/'new.md').write_text('# Notes\n\ngradient [up](../secret.md)\n')
    (nbs/'bad.ipynb').write_text('{')
    git = home/'project/.git'
    git.mkdir()
    (git/'HEAD').write_text('ref: refs/heads/main\n')
    (git/'config').write_text(f'[remote "origin"]\n\turl = https://me:{TOKEN}@github.com/me/work.git\n')
    (home/'cache').mkdir()
    runtime = home/'runtime'
    runtime.mkdir()
    for pid,root in ((os.getpid(), home/'project'), (os.getppid(), home/'elsewhere')):
        (runtime/f'jpserver-{pid}.json').write_text(json.dumps({'url':f'http://user:{TOKEN}@localhost:1/', 'token':TOKEN, 'password':True, 'pid':pid, 'root_dir':str(root), 'port':1, 'hostname':'localhost'}))
    return home

def run_in(home, body, cwd='project', umask=0o022):
    "Run `body` in a child process, watched; what it reports"
    env = {k:v for k,v in os.environ.items() if not k.startswith(('FASTDEBUG', 'JPY', 'JUPYTER', 'XDG', 'COVERAGE', 'COV_'))}
    env |= dict(HOME=str(home), FASTDEBUG_CACHE=str(home/'cache/fastdebug'), JUPYTER_RUNTIME_DIR=str(home/'runtime'), IPYTHONDIR=str(home/'ipython'))
    setup = f'import os; os.umask({umask})\n'
    ran = subprocess.run([sys.executable, '-c', setup+WATCH+body], cwd=home/cwd, env=env, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    assert ran.returncode==0, ran.stderr[-3000:]
    return json.loads(ran.stdout.splitlines()[-1])

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
