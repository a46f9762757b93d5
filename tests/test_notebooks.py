"The assertions in the library's notebooks, run against the installed package"
import json,re,subprocess,sys
from pathlib import Path
import pytest

HERE = Path(__file__).resolve().parent
NOTEBOOKS = sorted((HERE.parent/'nbs').glob('[0-9]*.ipynb'))
def module(nb): return next(iter(re.findall(r'"#\| *default_exp ([\w.]+)', nb.read_text(encoding='utf-8'))), '')
LIBRARY = [o for o in NOTEBOOKS if module(o) and not module(o).startswith('learn.')]

def replay(nb): return subprocess.run([sys.executable, HERE/'helpers/run_notebook.py', nb], capture_output=True, text=True, stdin=subprocess.DEVNULL)

@pytest.mark.parametrize('nb', LIBRARY, ids=lambda o: o.stem)
def test_notebook_against_package(nb):
    res = replay(nb)
    assert res.returncode==0, res.stderr[-4000:]
    name,replaced,asserted = res.stdout.split()[-3:]
    assert name=='fastdebug.'+module(nb) and int(replaced)>0 and int(asserted)>0

def test_replay_sees_a_failing_assertion(tmp_path):
    bad = tmp_path/'nbs/00_core.ipynb'
    bad.parent.mkdir()
    (tmp_path/'pyproject.toml').write_bytes((HERE.parent/'pyproject.toml').read_bytes())
    nb = json.loads((HERE.parent/'nbs/00_core.ipynb').read_text(encoding='utf-8'))
    bad.write_text(json.dumps(nb))
    assert replay(bad).returncode==0
    nb['cells'].append({'cell_type': 'code', 'id': 'bad', 'metadata': {}, 'outputs': [], 'execution_count': None,
                        'source': 'test_eq(ParseError, RootsError)'})
    bad.write_text(json.dumps(nb))
    res = replay(bad)
    assert res.returncode!=0 and 'RootsError' in res.stderr
