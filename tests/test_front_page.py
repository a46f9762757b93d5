"A newcomer's path: every command on the front page, copied as it stands and run in a fresh clone"
import json,os,re,shlex,shutil,subprocess
import pytest
import notebooks as nbs

def shell_lines(root):
    "The lines of the shell blocks on the front page, in order"
    text = (root/'README.md').read_text(encoding='utf-8')
    return [o.strip() for block in re.findall(r'^```sh\n(.*?)^```', text, re.S|re.M) for o in block.splitlines() if o.strip()]

TESTS = 'make test' # CI itself is this one

def test_the_commands_are_those_that_are_run_below(root):
    found = shell_lines(root)
    assert found.count(TESTS)==1 and len(found)>5
    asked = ' '.join(found)
    assert all(o in asked for o in ('fastnbs ', 'fastlistnbs ', 'fastnotes ', 'fastdebug info', 'fastdebug notes add', 'pip install -e .'))

@pytest.fixture
def newcomer(clone, tmp_path):
    "A fresh clone, a home folder with notebooks of one's own, and nothing of ours set"
    shutil.copytree(clone, tmp_path/'fastdebug')
    nbs.write(tmp_path/'home/notebooks/forests.ipynb', nbs.md('# Trees\n\n## How does a random forest work?\n\nMany trees vote, each grown on rows of its own.'))
    (tmp_path/'home/lectures').mkdir()
    env = {k: v for k,v in os.environ.items() if not re.match('FASTDEBUG_|VIRTUAL_ENV|PYTHON', k)}
    return tmp_path/'fastdebug', env | {'HOME': str(tmp_path/'home'), 'FASTDEBUG_CACHE': str(tmp_path/'cache'), 'COLUMNS': '100'}

@pytest.mark.network
def test_every_command_runs_as_it_stands(root, newcomer):
    folder,env = newcomer
    lines = [o for o in shell_lines(root) if o!=TESTS]
    script = 'set -e\n' + ''.join(f'{o}\necho "== done {i}"\n' for i,o in enumerate(lines))
    res = subprocess.run(['bash', '-c', script], cwd=folder, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert res.returncode==0, res.stdout[-3000:]+res.stderr[-3000:]
    parts = re.split(r'^== done \d+\n', res.stdout, flags=re.M)
    said = dict(zip(lines, parts))
    question = shlex.split(lines[0].split('&&')[-1])[-1]
    assert 'accumulation' in question and 'loss.backward()' in said[lines[0]]
    last = next(o for o in reversed(lines) if o.startswith('fastnbs'))
    assert 'Many trees vote' in said[last] or 'forests.ipynb' in said[last] and 'How does a random forest work?' in said[last]
    assert 'and your notes' in said[last]
    for line in lines:
        if line.startswith('fastdebug notes'): assert 'notebooks' in said[line]
        elif line.startswith(('fastnbs', 'fastlistnbs', 'fastnotes', 'fastdebug')): assert len(said[line])>100 and 'Nothing found' not in said[line], line

def test_what_the_front_page_shows_is_what_was_stored(root):
    "The three functions stand on it with their answers, and nothing claims a badge"
    readme = (root/'README.md').read_text(encoding='utf-8')
    cells = json.loads((root/'nbs/index.ipynb').read_text(encoding='utf-8'))['cells']
    shown = [''.join(c['source']) for c in cells if c['cell_type']=='code' and c['outputs']]
    calls = [o for o in shown if re.search(r'^fast', o, re.M)]
    assert [re.search(r'^(\w+)\(', o, re.M)[1] for o in calls]==['fastnbs', 'fastlistnbs', 'fastnotes']
    assert all('#| column: page' in o for o in calls)
    assert readme.startswith('# fastdebug\n')
    assert readme.count('<mark style="background-color: #ffff00">')>20 and 'badge' not in readme and 'shields.io' not in readme
