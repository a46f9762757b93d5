"A terminal's first answer loads what it needs and nothing else: the whole process takes little longer than `import IPython`"
import json, os, shutil, subprocess, sys

import pytest

# each takes as long as a tenth of an answer, or more
NEVER = {'IPython', 'fastcore', 'pathspec', 'typing_extensions', 'platformdirs', 'jupyter_core', 'markdown_it', 'PIL', 'tqdm', 'rapidfuzz',
    'numpy', 'onnxruntime', 'difflib', 'tempfile', 'uuid'} | {f'fastdebug.{o}' for o in ('render', 'rewrite', 'images', 'meaning', 'encoder', 'model')}

@pytest.fixture
def notes(tmp_path):
    "A project with notes and an ordinary `.gitignore`, its index made"
    top = tmp_path/'notes'
    (top/'.git').mkdir(parents=True)
    (top/'.gitignore').write_text('*.pyc\n!keep.pyc\nbuild/\n/drafts\n')
    (top/'a.md').write_text('# Quokka\n\nIt smiles, `x = smile()`.\n')
    env = {k:v for k,v in os.environ.items() if not k.startswith(('JUPYTER_', 'COVERAGE_'))} # coverage loads modules of its own
    env |= {'FASTDEBUG_CACHE':str(tmp_path/'cache'), 'XDG_DATA_HOME':str(tmp_path/'data'), 'XDG_CONFIG_HOME':str(tmp_path/'config')}
    env.pop('FASTDEBUG_SETTINGS', None)
    ask(top, env)
    return top, env

def ask(top, env, *more):
    code = 'import sys, json, atexit\nfrom fastdebug.cli import run_fastnbs\ntry: run_fastnbs(sys.argv[1:])\nfinally: print(json.dumps([*sys.modules]), file=sys.stderr)'
    return subprocess.run([sys.executable, '-c', code, 'quokka', *more], cwd=top, env=env, capture_output=True, text=True)

@pytest.mark.skipif(sys.platform!='linux', reason='the folders of other systems are asked of platformdirs')
def test_what_an_answer_loads(notes):
    said = ask(*notes)
    assert 'It smiles' in said.stdout and said.returncode==0
    loaded = {*json.loads(said.stderr.splitlines()[-1])}
    assert not loaded & NEVER and len(loaded)>50

def test_a_command_ends_with_its_code_and_all_that_it_printed(notes):
    top, env = notes
    fastnbs = shutil.which('fastnbs', path=os.path.dirname(sys.executable))
    for question,code,said in (('quokka', 0, 'It smiles'), ('zebrafinch', 1, 'Nothing found')):
        ran = subprocess.run([fastnbs, question], cwd=top, env=env, capture_output=True, text=True)
        assert ran.returncode==code and said in ran.stdout and 'Searched 1 notebook or note' in ran.stdout and not ran.stderr
