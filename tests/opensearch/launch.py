"""A real OpenSearch on the loopback address, made of the jars on Maven Central: one node or several, with k-NN, and with the
security plugin where that is asked for (TLS, users, roles, document-level security).

    python tests/opensearch/launch.py [--nodes 3] [--secure]

Needs Java 17, Maven and openssl. The jars (110 MB) are fetched once for an environment. A node takes about ten seconds to answer
and 0.5 to 0.9 GB. What seems odd here was seen to be needed:

- plugins have class loaders of their own and stand in `plugins/`; what `lib/` holds as well, such as netty, would stop the start;
- of the security plugin the users and roles that it brings are taken, and it asks for a password that is not the user's name;
- 503 'not initialized' is the answer until it has written them into its index."""
import argparse, base64, os, shutil, socket, ssl, subprocess, sys, time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

HERE    = Path(__file__).resolve().parent
VERSION = '2.19.1'
ADMIN   = 'admin', 'admin' # of the example users that the plugin brings

# module -> (class of its plugin, how the names of its jars begin)
MODULES = {'transport-netty4': ('org.opensearch.transport.Netty4Plugin', ('transport-netty4-client', 'netty-')),
           'analysis-common':  ('org.opensearch.analysis.common.CommonAnalysisPlugin', ('analysis-common-2',)),
           'lang-painless':    ('org.opensearch.painless.PainlessPlugin', ('lang-painless', 'opensearch-scripting-painless', 'antlr4-', 'asm-'))}

DESCRIPTOR = 'name={name}\ndescription={name}\nclassname={cls}\nversion={v}\nopensearch.version={v}\njava.version=11\n'

SECURITY = '''
plugins.security.ssl.transport.pemcert_filepath: node.pem
plugins.security.ssl.transport.pemkey_filepath: node.key
plugins.security.ssl.transport.pemtrustedcas_filepath: ca.pem
plugins.security.ssl.transport.enforce_hostname_verification: false
plugins.security.ssl.http.enabled: true
plugins.security.ssl.http.pemcert_filepath: node.pem
plugins.security.ssl.http.pemkey_filepath: node.key
plugins.security.ssl.http.pemtrustedcas_filepath: ca.pem
plugins.security.nodes_dn: ["CN=node"]
plugins.security.allow_default_init_securityindex: true
plugins.security.restapi.roles_enabled: ["all_access", "security_rest_api_access"]
plugins.security.audit.type: noop
'''

# ---- the distribution

def why_not():
    "What is missing, '' for nothing"
    lost = [o for o in ('javac', 'mvn', 'openssl') if not shutil.which(o)]
    return f'a real OpenSearch needs {" and ".join(lost)}' if lost else ''

def fetch(jars):
    subprocess.run(['mvn', '-q', '-B', '-f', HERE/'pom.xml', 'dependency:copy-dependencies', f'-DoutputDirectory={jars}'], check=True)

def place(jar, dist):
    "Where `jar` belongs; what is a plugin is unpacked there"
    if jar.suffix=='.zip': return shutil.unpack_archive(jar, dist/'plugins'/jar.name.removesuffix(f'-{VERSION}.0.zip'))
    name = next((name for name,(_,starts) in MODULES.items() if jar.name.startswith(starts)), '')
    into = dist/'modules'/name if name else dist/'lib'
    into.mkdir(parents=True, exist_ok=True)
    if name: (into/'plugin-descriptor.properties').write_text(DESCRIPTOR.format(name=name, cls=MODULES[name][0], v=VERSION))
    shutil.copy(jar, into)

def distribution():
    "The jars as a distribution has them; made once for an environment"
    dist = Path(sys.prefix)/'opensearch'/VERSION
    if (dist/'complete').exists(): return dist
    shutil.rmtree(dist, ignore_errors=True)
    fetch(dist/'jars')
    for o in sorted((dist/'jars').iterdir()): place(o, dist)
    shutil.rmtree(dist/'jars')
    (dist/'complete').touch()
    return dist

# ---- certificates

def certify(folder, *names):
    "An authority in `folder`, and for each of `names` a certificate of this machine"
    folder.mkdir(parents=True, exist_ok=True)
    def openssl(*args): subprocess.run(['openssl', *args], cwd=folder, check=True, capture_output=True)
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '30', '-subj', '/CN=authority',
            '-addext', 'keyUsage=critical,keyCertSign,cRLSign')
    (folder/'ext').write_text('subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n')
    for o in names:
        openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', f'{o}.raw', '-out', f'{o}.csr', '-subj', f'/CN={o}')
        openssl('pkcs8', '-topk8', '-nocrypt', '-in', f'{o}.raw', '-out', f'{o}.key')
        openssl('x509', '-req', '-in', f'{o}.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', f'{o}.pem', '-days', '30', '-extfile', 'ext')

# ---- nodes

def free_ports(n):
    held = [socket.create_server(('127.0.0.1', 0)) for _ in range(n)]
    ports = [o.getsockname()[1] for o in held]
    for o in held: o.close()
    return ports

class Cluster:
    "`urls`: one address a node; `auth`: the administrator, None without security; `ca`: the authority's file, None without"
    def __init__(self, folder, nodes=1, secure=False, heap='512m'):
        self.folder, self.n, self.secure, self.heap = Path(folder), nodes, secure, heap
        self.auth, self.ca = (ADMIN, self.folder/'certs/ca.pem') if secure else (None, None)
        self.http, self.transport = (ports := free_ports(2*nodes))[:nodes], ports[nodes:]
        self.urls, self.running = [f'http{"s"*secure}://127.0.0.1:{o}' for o in self.http], [None]*nodes

    def __enter__(self):
        if self.secure: certify(self.folder/'certs', 'node')
        for i in range(self.n): self.furnish(i)
        try:
            for i in range(self.n): self.start(i)
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def home(self, i): return self.folder.absolute()/f'node{i}'

    def settings(self, i):
        seeds = ', '.join(f'"127.0.0.1:{o}"' for o in self.transport)
        names = ', '.join(f'node{j}' for j in range(self.n))
        return '\n'.join(['cluster.name: tests', f'node.name: node{i}', 'network.host: 127.0.0.1', f'http.port: {self.http[i]}',
            f'transport.port: {self.transport[i]}', f'discovery.seed_hosts: [{seeds}]', f'cluster.initial_cluster_manager_nodes: [{names}]',
            'cluster.routing.allocation.disk.threshold_enabled: false', SECURITY*self.secure])

    def furnish(self, i):
        "The folder of a node"
        dist, home = distribution(), self.home(i)
        (home/'config').mkdir(parents=True)
        (home/'plugins').mkdir()
        for o in ('lib', 'modules'): os.symlink(dist/o, home/o)
        for o in ('opensearch-knn', *['opensearch-security']*self.secure): os.symlink(dist/'plugins'/o, home/'plugins'/o)
        if self.secure:
            for o in (self.folder/'certs').iterdir(): shutil.copy(o, home/'config')
            shutil.copytree(dist/'plugins/opensearch-security/config', home/'config/opensearch-security')
        (home/'config/opensearch.yml').write_text(self.settings(i))

    def start(self, i):
        "Start a node; it ends with this process"
        java = ['java', f'-Xms{self.heap}', f'-Xmx{self.heap}', '-XX:+UseSerialGC', '-cp', f'{self.home(i)}/lib/*', HERE/'SmallNode.java', self.home(i)]
        with open(self.home(i)/'log', 'ab') as log: self.running[i] = subprocess.Popen(java, stdin=subprocess.PIPE, stdout=log, stderr=log)

    def kill(self, i):
        "End a node as a failing machine would"
        self.running[i].kill()
        self.running[i].wait()

    def ask(self, path, url=None, method='GET', body=None, seconds=60):
        "The bytes of an answer to the administrator"
        head = {'Content-Type':'application/json'}
        if self.auth: head['Authorization'] = f'Basic {base64.b64encode(":".join(self.auth).encode()).decode()}'
        context = ssl.create_default_context(cafile=self.ca) if self.secure else None
        data = body.encode() if body is not None else None
        with urlopen(Request(f'{url or self.urls[0]}/{path}', data, head, method=method), timeout=seconds, context=context) as r: return r.read()

    def is_whole(self, url):
        "Does the node at `url` say that all nodes are there and have all copies?"
        try: return b'"timed_out":false' in self.ask(f'_cluster/health?wait_for_nodes={self.n}&wait_for_status=yellow&timeout=1s', url, seconds=5)
        except (HTTPError, OSError): return False

    def wait(self, seconds=180):
        "Until all nodes are one cluster"
        end = time.monotonic()+seconds
        while not any(self.is_whole(u) for u,p in zip(self.urls, self.running) if p.poll() is None):
            if time.monotonic()>end or all(p.poll() is not None for p in self.running): raise TimeoutError(self.last_words())
            time.sleep(.3)

    def last_words(self):
        logs = '\n'.join((self.home(i)/'log').read_text(errors='replace')[-2000:] for i in range(self.n))
        return f'no cluster of {self.n} nodes:\n{logs}'

    def __exit__(self, *_):
        for p in filter(None, self.running): p.stdin.close()
        for p in filter(None, self.running):
            try: p.wait(20)
            except subprocess.TimeoutExpired: p.kill()

def main():
    import tempfile
    p = argparse.ArgumentParser(description='A real OpenSearch, until Ctrl-C')
    p.add_argument('--nodes', type=int, default=1)
    p.add_argument('--secure', action='store_true', help='TLS, users, roles and document-level security')
    o = p.parse_args()
    with tempfile.TemporaryDirectory() as top, Cluster(Path(top)/'nodes', o.nodes, o.secure) as c:
        print(*c.urls, c.auth or '', c.ca or '', flush=True)
        try:
            while True: time.sleep(3600)
        except KeyboardInterrupt: pass

if __name__=='__main__': main()
