"What every test file shares: where the corpora are, an index of its own, and a copy of the project to build from"
import os,re,shutil,subprocess
from pathlib import Path
import pytest
from hypothesis import settings

# A plain run tries the same cases every time; `make fuzz` others each time, and many. Time is no test here: machines are busy.
settings.register_profile('plain', max_examples=100, derandomize=True, deadline=None, print_blob=True)
settings.register_profile('fuzz', max_examples=int(os.environ.get('FUZZ_CASES', 5_000)), deadline=None, print_blob=True)
settings.load_profile(os.environ.get('HYPOTHESIS_PROFILE', 'plain'))

ROOT = Path(__file__).resolve().parent.parent

@pytest.fixture(scope='session')
def root() -> Path:
    "The project's folder"
    return ROOT

@pytest.fixture(scope='session')
def shared() -> Path:
    "The folder with the test corpora, named by FASTDEBUG_SHARED"
    path = Path(os.environ.get('FASTDEBUG_SHARED') or '/nowhere')
    if not (path/'corpora').is_dir(): pytest.skip('set FASTDEBUG_SHARED to the folder of the test corpora (CONTRIBUTING.md)')
    return path

@pytest.fixture(scope='session', autouse=True)
def session_cache(tmp_path_factory):
    "An index folder for this run, so that a test neither reads nor writes the one in your own cache"
    with pytest.MonkeyPatch.context() as mp:
        cache = tmp_path_factory.mktemp('cache')
        mp.setenv('FASTDEBUG_CACHE', str(cache))
        mp.delenv('FASTDEBUG_ROOTS', raising=False)
        mp.setenv('FASTDEBUG_SETTINGS', str(ROOT/'tests/own.ini')) # by words alone, unless a test says otherwise
        yield cache

@pytest.fixture
def fresh_cache(tmp_path, monkeypatch):
    "An empty index folder for one test"
    cache = tmp_path/'cache'
    monkeypatch.setenv('FASTDEBUG_CACHE', str(cache))
    return cache

@pytest.fixture
def reader(tmp_path, monkeypatch):
    "An empty folder to ask from, with no Jupyter server around"
    here = tmp_path/'reader'
    here.mkdir()
    monkeypatch.chdir(here)
    for o in ('JPY_SESSION_NAME', 'JPY_PARENT_PID'): monkeypatch.delenv(o, raising=False)
    monkeypatch.setenv('JUPYTER_RUNTIME_DIR', str(tmp_path/'runtime'))
    return here

@pytest.fixture(scope='session')
def clone(root, tmp_path_factory) -> Path:
    "The project's own files, as a fresh clone would have them"
    res = tmp_path_factory.mktemp('clone')/'fastdebug'
    names = subprocess.run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], cwd=root,
                           capture_output=True, text=True, check=True).stdout.split('\0')
    for name in filter(None, names):
        if not (root/name).is_file(): continue
        (res/name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root/name, res/name)
    return res

# ---- what a test needs

# fixture -> marker: whoever asks for the one has the other; all pages are made by running their imports
NEEDS = {'shared':'corpora', 'browser':'browser', 'proc':'learn', 'cluster':'opensearch', 'engine':'opensearch'}

# marker -> how the files begin that are about nothing else
FILES = {'learn':('test_learn_', 'test_lessons_'), 'model':('test_semantic',)}

@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        for o in NEEDS.keys() & set(item.fixturenames): item.add_marker(NEEDS[o])

def pytest_ignore_collect(collection_path, config):
    "What imports torch, or weights, is not even read where its marker is left out"
    expression = config.option.markexpr
    out = {o for group in re.findall(r'not \((.*?)\)', expression) for o in group.split(' or ')} | set(re.findall(r'not (\w+)', expression))
    if collection_path.name.startswith(tuple(o for marker in out for o in FILES.get(marker, ()))): return True

# With FASTDEBUG_NO_SKIPS=1 every skip is a failure: in CI, nothing may quietly not run
def _refuse_skip(report):
    if os.environ.get('FASTDEBUG_NO_SKIPS')!='1' or not report.skipped or hasattr(report, 'wasxfail'): return
    why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome,report.longrepr = 'failed', f'{why}: with FASTDEBUG_NO_SKIPS=1 a skip is a failure'

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    _refuse_skip(report)
    return report

@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    _refuse_skip(report)
    return report
