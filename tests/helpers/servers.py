"""Jupyter servers for the browser tests, each with config, data, runtime and settings folders of its own.

They have a token, so that "no link contains a token" means something."""
import json, os, secrets, shutil, socket, subprocess, sys, time, urllib.error, urllib.request
from dataclasses import dataclass
from pathlib import Path

import nbformat as nf
from nbformat.sign import NotebookNotary

CHROMIUM = os.environ.get('CHROMIUM') or shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')
ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
        '--disable-sync', '--disable-dev-shm-usage', '--force-color-profile=srgb']
KERNEL = {'kernelspec':{'name':'python3', 'display_name':'Python 3', 'language':'python'}}
LONG = 120_000   # ms; only a broken page takes that long


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


@dataclass(frozen=True)
class Lab:
    "A running Jupyter server"
    url:str
    root:Path   # what it serves
    token:str

    def ask(self, path, method='GET'):
        "The server's own answer, as JSON"
        req = urllib.request.Request(f'{self.url}/api/{path}', method=method, headers={'Authorization':f'token {self.token}'})
        with urllib.request.urlopen(req, timeout=20) as r: return json.loads(r.read() or 'null')

    def shut_down_kernels(self):
        for s in self.ask('sessions'):
            try: self.ask(f"sessions/{s['id']}", 'DELETE')
            except urllib.error.HTTPError as e:
                if e.code!=404: raise   # it ended by itself meanwhile

    def trust(self, path):
        "As `jupyter trust` does: the stored outputs of the notebook at `path` may do what they like"
        NotebookNotary(data_dir=str(self.root.parent/'jupyter_data_dir')).sign(nf.read(path, 4))

    def forget_settings(self):
        "Undo what a page changed and the server remembers, such as the theme"
        themes = self.root.parent/'settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings'
        themes.unlink(missing_ok=True)


def start_server(tmp, module='jupyterlab', *args):
    "A process that serves `tmp/work` with config, data, runtime and settings of its own, and the `Lab` to reach it"
    root,port,token = tmp/'work',free_port(),secrets.token_hex(16)
    root.mkdir(parents=True)
    settings = tmp/'settings/@jupyterlab/apputils-extension'
    settings.mkdir(parents=True)
    (settings/'notification.jupyterlab-settings').write_text(json.dumps(dict(fetchNews='false', checkForUpdates=False)))
    dirs = {k: str(tmp/k.lower()) for k in ('JUPYTER_CONFIG_DIR', 'JUPYTER_DATA_DIR', 'JUPYTER_RUNTIME_DIR', 'IPYTHONDIR')}
    dirs |= {'JUPYTERLAB_SETTINGS_DIR':str(tmp/'settings'), 'JUPYTERLAB_WORKSPACES_DIR':str(tmp/'workspaces'), 'JUPYTER_TOKEN':token}
    env = {k:v for k,v in (os.environ|dirs).items() if k!='IN_TEST'}   # a person sits in front of this one
    cmd = [sys.executable, '-m', module, '--no-browser', '--allow-root', '--ServerApp.ip=127.0.0.1', f'--ServerApp.port={port}',
           '--ServerApp.port_retries=0', f'--ServerApp.root_dir={root}', *args]
    with open(tmp/'log', 'w') as log: p = subprocess.Popen(cmd, env=env, stdout=log, stderr=log)
    lab = Lab(f'http://127.0.0.1:{port}', root, token)
    for _ in range(480):
        if p.poll() is not None: break
        try: lab.ask('status')
        except OSError: time.sleep(.25)
        else: return p,lab
    p.kill()
    raise RuntimeError(f'the server did not start: {(tmp/"log").read_text()[-3000:]}')


def stop_server(p, lab):
    lab.shut_down_kernels()
    p.terminate()
    try: p.wait(20)
    except subprocess.TimeoutExpired: p.kill()
