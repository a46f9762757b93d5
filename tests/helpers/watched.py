"A child process that is watched: what it opens, writes, asks the network for and starts, from a home folder made for it"
import json,os,subprocess,sys
from notebooks import code, md, result, write

WATCH = '''
import os,sys,json
home,cache = os.environ['HOME'],os.environ['FASTDEBUG_CACHE']
seen = []
# event -> (which argument is a path, which one the open folder it is relative to)
WRITES = {'os.remove':[(0,1)], 'os.rmdir':[(0,1)], 'os.mkdir':[(0,2)], 'os.rename':[(0,2),(1,3)], 'os.link':[(1,3)],
    'os.symlink':[(1,2)], 'os.truncate':[(0,None)], 'os.chmod':[(0,2)], 'os.chown':[(0,3)], 'os.utime':[(0,3)],
    'os.setxattr':[(0,None)], 'os.removexattr':[(0,None)], 'tempfile.mkstemp':[(0,None)], 'tempfile.mkdtemp':[(0,None)]}
NETWORK = ('socket.connect', 'socket.bind', 'socket.sendto', 'socket.sendmsg', 'socket.getaddrinfo', 'socket.gethostbyname',
    'socket.gethostbyaddr', 'urllib.Request', 'http.client.connect',
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
        writes = flags & (os.O_WRONLY|os.O_RDWR|os.O_CREAT|os.O_TRUNC|os.O_APPEND)
        if writes and not isinstance(path, int) and not inside(path): seen.append([event, os.fsdecode(path)])
    elif event in WRITES:
        places = [full(args[i], -1 if d is None else args[d]) for i,d in WRITES[event]]
        if not all(map(inside, places)): seen.append([event, repr(places)])
    elif event.startswith('shutil.rmtree') and not inside(args[0]): seen.append([event, repr(args[0])])

sys.dont_write_bytecode = True
sys.addaudithook(record)
def report(): print(json.dumps(seen))
'''

TOKEN = 'f00dfacec0ffee5ec2e7'

def a_place(tmp_path):
    "A home folder with a project in it that has a git remote with a password, and two Jupyter servers with tokens"
    home = tmp_path/'home'
    nbs = home/'project/nbs'
    table = '<table><tr><td>gradient<img src=http://example.com/y.png></table>'
    write(nbs/'a.ipynb',
        md('# Gradient\n\n![p](https://example.com/x.png) [l](other.md) ![m](pic.png) <img src="http://127.0.0.1:9/x.png">'),
        code('gradient = 1', result({'text/html':table, 'text/plain':'gradient'})))
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
        server = {'url':f'http://user:{TOKEN}@localhost:1/', 'token':TOKEN, 'password':True, 'pid':pid, 'root_dir':str(root)}
        (runtime/f'jpserver-{pid}.json').write_text(json.dumps({**server, 'port':1, 'hostname':'localhost'}))
    return home

def run_in(home, body, cwd='project', umask=0o022):
    "Run `body` in a child process, watched; what it reports"
    env = {k:v for k,v in os.environ.items() if not k.startswith(('FASTDEBUG', 'JPY', 'JUPYTER', 'XDG', 'COVERAGE', 'COV_'))}
    env |= dict(HOME=str(home), FASTDEBUG_CACHE=str(home/'cache/fastdebug'), JUPYTER_RUNTIME_DIR=str(home/'runtime'),
                IPYTHONDIR=str(home/'ipython'))
    setup = f'import os; os.umask({umask})\n'
    ran = subprocess.run([sys.executable, '-c', setup+WATCH+body], cwd=home/cwd, env=env, capture_output=True,
                         text=True, timeout=120, stdin=subprocess.DEVNULL)
    assert ran.returncode==0, ran.stderr[-3000:]
    return json.loads(ran.stdout.splitlines()[-1])
