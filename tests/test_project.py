"What the project states in two places agrees, and what it ships is complete"
import ast,configparser,importlib,json,os,re,shutil,subprocess,sys,tarfile,tempfile,tomllib,zipfile
from functools import cache
from importlib import metadata
from pathlib import Path
import pytest,yaml
from widths import package_files, wide_lines

pytest_plugins = ['pytester']

@pytest.fixture(scope='module')
def settings(root):
    cfg = configparser.ConfigParser(delimiters=['='], interpolation=None)
    assert cfg.read(root/'settings.ini', encoding='utf-8')
    return cfg['DEFAULT']

@pytest.fixture(scope='module')
def pyproject(root): return tomllib.loads((root/'pyproject.toml').read_text(encoding='utf-8'))

def lines(text): return [o.strip() for o in text.splitlines() if o.strip()]
def norm(name): return re.sub(r'[-_.]+', '-', re.split(r'[<>=!~;\[ ]', name)[0]).lower()
def run(*args, **kw): return subprocess.run(args, capture_output=True, text=True, stdin=subprocess.DEVNULL, **kw)
def notebooks(root): return sorted(o for o in (root/'nbs').rglob('*.ipynb') if not any(p[0] in '._' for p in o.relative_to(root).parts))

# ---- what is said twice

def test_pyproject_agrees_with_settings(settings, pyproject):
    proj = pyproject['project']
    assert proj['name']==settings['lib_name'] and proj['description']==settings['description']
    assert proj['requires-python']==f">={settings['min_python']}" and proj['license']==settings['license']
    assert proj['urls']=={'Repository': settings['git_url'], 'Documentation': settings['doc_url']}
    assert not {'version', 'dependencies', 'optional-dependencies'} & proj.keys()

def test_version_is_one(settings):
    import fastdebug
    assert fastdebug.__version__==settings['version']==metadata.version('fastdebug')

def test_installed_metadata_is_settings(settings):
    reqs = metadata.requires('fastdebug')
    assert {norm(o) for o in reqs if 'extra ==' not in o}=={norm(o) for o in lines(settings['requirements'])}
    extras = {e: {norm(o) for o in reqs if re.search(rf'''extra == ["']{e}["']''', o)} for e in ('learn', 'eval', 'meaning', 'mcp', 'hub', 'dev', 'all')}
    assert extras['learn']=={norm(o) for o in lines(settings['learn_requirements'])}
    assert extras['eval']=={norm(o) for o in lines(settings['eval_requirements'])}
    assert extras['meaning']=={norm(o) for o in lines(settings['meaning_requirements'])}
    for o in ('mcp', 'hub'): assert extras[o]=={norm(r) for r in lines(settings[f'{o}_requirements'])}
    assert extras['dev']=={norm(o) for o in lines(settings['dev_requirements'])}|extras['eval']|extras['mcp']|extras['hub']|extras['meaning']
    assert extras['all']==extras['learn']|extras['eval']|extras['meaning']|extras['mcp']|extras['hub']|extras['dev']
    points = {e.name: e.value for e in metadata.entry_points(group='console_scripts') if e.value.startswith('fastdebug.')}
    assert points==dict(re.split(r'\s*=\s*', o) for o in lines(settings['console_scripts']))
    assert metadata.entry_points(group='nbdev')['fastdebug'].value=='fastdebug._modidx:d'

def test_console_scripts_exist(settings):
    for o in lines(settings['console_scripts']):
        mod,func = o.split('=')[1].strip().split(':')
        assert callable(getattr(importlib.import_module(mod), func))

def test_constraints_are_exact_and_allowed(root, settings):
    pins = dict(o.split('==') for o in lines(re.sub(r'#.*', '', (root/'constraints.txt').read_text())))
    assert {'nbdev', 'nbconvert'} <= pins.keys()
    for name,version in pins.items(): assert metadata.version(name)==version, name

def imports_of(src):
    "First parts of the modules that the code `src` imports, wherever in it"
    for o in ast.walk(ast.parse(src)):
        if isinstance(o, ast.Import): yield from (a.name.split('.')[0] for a in o.names)
        elif isinstance(o, ast.ImportFrom) and not o.level: yield o.module.split('.')[0]

def code_of(nb):
    "The Python in a notebook's code cells, magics left out"
    cells = (''.join(c['source']) for c in nb['cells'] if c['cell_type']=='code')
    return '\n'.join(re.sub(r'^[ \t]*[%!].*$', '', c, flags=re.M) for c in cells if not c.startswith('%%'))

@cache
def distributions(): return metadata.packages_distributions() # it reads the files of every package

def missing(names, reqs):
    dists,have = distributions(),{norm(o) for o in reqs}
    ours = {*sys.stdlib_module_names, 'fastdebug', 'benchmarks'}
    return {o for o in names if o not in ours and not {norm(d) for d in dists.get(o, ['?'])} & have}

@pytest.mark.learn # packages that are not installed can't say what they are imported as
def test_what_is_imported_is_required(root, settings):
    run_time,learn,measure,meaning,mcp,hub,dev = (lines(settings[o]) for o in ('requirements', *(f'{e}_requirements' for e in ('learn', 'eval', 'meaning', 'mcp', 'hub', 'dev'))))
    tools = {'mds':dev, 'eval':measure, 'mcp':mcp, 'hub':hub, **dict.fromkeys(('encoder','vectors','nearest','meaning','hub_reader'), meaning)}
    for p in sorted((root/'fastdebug').rglob('*.py')):
        reqs = run_time + (learn if 'learn' in p.parts else []) + tools.get(p.stem, [])
        gone = missing(imports_of(p.read_text(encoding='utf-8')), reqs)
        assert not gone, p.name
    for p in sorted((root/'tests').rglob('*.py')):
        gone = missing(imports_of(p.read_text(encoding='utf-8')), run_time+learn+measure+meaning+mcp+hub+dev) - {o.stem for o in (root/'tests').rglob('*.py')}
        assert not gone, p.name
    for p in notebooks(root):
        names = set(imports_of(code_of(json.loads(p.read_text(encoding='utf-8')))))
        gone = missing(names, run_time+learn+measure+meaning+mcp+hub+dev)
        assert not gone, p.name

# ---- the site and the generated files

def test_quarto_copy(root): assert (root/'nbs/_quarto.yml').read_bytes()==(root/'_quarto.yml').read_bytes()

def test_nbdev_yml_agrees_with_pyproject(root, pyproject):
    site,proj = yaml.safe_load((root/'nbs/nbdev.yml').read_text())['website'],pyproject['project']
    assert site['title']==proj['name'] and site['description']==proj['description']
    assert site['repo-url']==proj['urls']['Repository'] and site['site-url'].rstrip('/')==proj['urls']['Documentation'].rstrip('/')

def sidebar_files(items):
    for o in items:
        if isinstance(o, str): yield o
        else: yield from ([o['href']] if 'href' in o else []) + list(sidebar_files(o.get('contents', [])))

def test_sidebar_names_every_notebook_and_nothing_else(root):
    side = yaml.safe_load((root/'nbs/sidebar.yml').read_text())['website']['sidebar']['contents']
    names = list(sidebar_files(side))
    assert sorted(names)==[o.relative_to(root/'nbs').as_posix() for o in notebooks(root)]

def headings(nb):
    "Headings in a notebook's prose, as a person would type them"
    for c in nb['cells']:
        if c['cell_type']=='markdown': yield from re.findall(r'^#{1,6} +(.+?)\s*$', re.sub(r'^```.*?^```', '', ''.join(c['source']), flags=re.M|re.S), re.M)

def test_a_heading_is_short_enough_to_type(root):
    found = [(p.name, o) for p in notebooks(root) for o in headings(json.loads(p.read_text(encoding='utf-8')))]
    assert len(found)>1000 and not [o for o in found if len(o[1])>110]

def test_generated_files_are_fresh(root):
    from fastdebug.mds import check_mds
    assert check_mds(root)==[]

def test_every_module_has_a_notebook(root):
    exported = {m for o in notebooks(root) for m in re.findall(r'"#\| *default_exp ([\w.]+)', o.read_text(encoding='utf-8'))}
    mods = {'.'.join(p.relative_to(root/'fastdebug').with_suffix('').parts) for p in (root/'fastdebug').rglob('*.py') if p.stem[0]!='_'}
    assert mods==exported

def front_matter(path):
    m = re.match(r'---\n(.*?)\n---\n', path.read_text(encoding='utf-8'), re.S)
    return yaml.safe_load(m[1])

def test_every_notebook_has_its_twin(root):
    twins = {front_matter(p)['source'] for p in (root/'mds').rglob('*.md')}
    assert twins=={o.relative_to(root).as_posix() for o in notebooks(root)}

def test_readme_opens_with_two_commands(root):
    readme = (root/'README.md').read_text(encoding='utf-8')
    block = re.search(r'```sh\n(.*?)```', readme, re.S)
    assert not re.search(r'^##', readme[:block.start()], re.M), 'a heading comes before the commands'
    ask,test = [o for o in lines(block[1]) if not o.startswith('#')]
    assert '.venv/bin/fastnbs "' in ask and ask.startswith('python3 -m venv .venv')
    assert test=='make test' and run(root/'.ci/run', 'commands').stdout.splitlines()==[ask, test]

def relative_links(text):
    text = re.sub(r'^(`{3,}).*?^\1\s*$|^ {4}.*?$|(`+)[^`].*?\2', '', text, flags=re.M|re.S)
    return [o for o in re.findall(r'\]\(([^)\s#<]+)', text) if not re.match(r'[a-z][a-z0-9+.-]*:', o, re.I)]

def test_links_of_the_front_pages_lead_somewhere(root):
    for name in ('README.md', 'mds/index.md', 'CONTRIBUTING.md', 'CHANGELOG.md'):
        for link in relative_links((root/name).read_text(encoding='utf-8')):
            assert (root/name).parent.joinpath(link).exists(), f'{name}: {link}'

# ---- what must not be in a stored output

def outputs(nb):
    for c in nb['cells']:
        for o in c.get('outputs', []): yield json.dumps({k: v for k,v in o.items() if k!='metadata'}, ensure_ascii=False)

def test_stored_outputs_name_no_machine(root):
    mine = [str(root), str(Path.home()), tempfile.gettempdir()+'/', 'site-packages']
    bad = re.compile('|'.join(map(re.escape, (o for o in mine if len(o)>4))) + r'|/(?:home|Users)/(?!me\b)\w|ipykernel_\d|\bat 0x[0-9a-f]{6}')
    for p in notebooks(root):
        for o in outputs(json.loads(p.read_text(encoding='utf-8'))):
            m = bad.search(o)
            assert not m, f'{p.name}: ...{o[max(0, m.start()-60):m.end()+40]}...'

def test_no_notebook_keeps_the_state_of_widgets(root):
    "What a progress bar was like, which no output shows: once ten times the notebook itself"
    assert not [p.name for p in notebooks(root) if 'widgets' in json.loads(p.read_text(encoding='utf-8'))['metadata']]

# ---- what no text says

# The name on the package index is another project's: whoever installs it gets something else
TOOL = r'\b(?:pip3?|pipx|uvx?|conda|mamba|poetry|pdm|pixi|rye)\b'
BETWEEN = r'(?:\s+(?!(?:in|a|of|the|from|to|and|or|with|beside)\b)[\w.,<>=!~\[\]-]+){0,6}?' # options and other packages, no prose
QUOTE = r'(?:[\\"\'`]|&#\w+;|&quot;)*'
OTHER = re.compile(rf'{TOOL}{BETWEEN}\s+{QUOTE}fastdebug(?![\w/:.-]|\s+(?:is|was|at)\b)|pypi\.org/(?:project|simple)/fastdebug', re.I)

def tracked(root):
    "(name, text) of each text file that git knows"
    names = run('git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard', cwd=root).stdout.split('\0')
    for name in filter(None, names):
        if (root/name).is_file() and b'\0' not in (data := (root/name).read_bytes())[:8000]: yield name, data.decode('utf-8', 'replace')

INSTALL = 'pip install' # apart from the name, or this file would say it

@pytest.mark.parametrize('said', [f'{INSTALL} @', f'%{INSTALL} -qU @', f"{INSTALL} '@[meaning]'", f'{INSTALL} @[learn]', f'{INSTALL} jupyterlab @',
    f'uv {INSTALL} --system @', f'python -m {INSTALL} --upgrade @', 'uv add @', 'pipx install @', 'uvx @', 'conda install -c x @', f'{INSTALL} @==0.1',
    f'{INSTALL} &#x27;@&#91;dev]&#x27;', f'\\"{INSTALL} \\\'@[dev]\\\'\\"', 'https://pypi.org/project/@'])
def test_who_says_to_install_the_other_project_is_heard(said): assert OTHER.search(said.replace('@', 'fastdebug')), said

@pytest.mark.parametrize('said', [f"in a clone of @, `{INSTALL} -e '.[learn]'`", f'{INSTALL} -e . in the clone of @', f'{INSTALL} git+https://github.com/@/@',
    f'.venv/bin/{INSTALL} -q -e . && .venv/bin/fastnbs "x"', '@ info', f'{INSTALL} ./@', f'{INSTALL} fastai'])
def test_who_installs_from_the_clone_is_not_suspected(said): assert not OTHER.search(said.replace('@', 'fastdebug')), said

def test_no_text_of_ours_installs_the_other_project(root):
    found = [f'{name}: {m[0]}' for name,text in tracked(root) for m in OTHER.finditer(text)]
    assert not found, '\n'.join(found)

# ---- what is imported

HEAVY = ['nbformat', 'jupyter_server', 'numpy', 'matplotlib']
HEAVY_LEARN = ['torch', 'fastai', 'pandas']

@pytest.mark.parametrize('name', [*HEAVY, *(pytest.param(o, marks=pytest.mark.learn) for o in HEAVY_LEARN)])
def test_front_door_is_light(name):
    assert importlib.util.find_spec(name), f'{name} is not installed, so this test would show nothing'
    res = run(sys.executable, '-c', f'from fastdebug.utils import *; import sys; print({name!r} in sys.modules)')
    assert res.stdout.strip()=='False', res.stdout+res.stderr

def test_star_gives_the_three_functions():
    ns = {}
    exec('from fastdebug.utils import *', ns)
    assert {'fastnbs', 'fastlistnbs', 'fastnotes', 'expandcell'} <= ns.keys()

def test_expandcell_widens_the_cells(monkeypatch):
    from fastdebug.utils import expandcell
    shown = []
    monkeypatch.setattr('IPython.display.display', shown.append)
    expandcell()
    assert 'width:100%' in shown[0].data

# ---- what is shipped

@pytest.fixture(scope='module')
def dist(clone, tmp_path_factory):
    "A folder with the sdist, and the wheel that was built from it"
    out = tmp_path_factory.mktemp('dist')
    res = run(sys.executable, '-m', 'build', '--no-isolation', '--outdir', out, cwd=clone)
    assert res.returncode==0, res.stdout[-2000:]+res.stderr[-2000:]
    return out

def test_wheel_holds_package_and_lessons(root, dist):
    names = set(zipfile.ZipFile(next(dist.glob('*.whl'))).namelist())
    lessons = [o.name for o in (root/'nbs/lessons').glob('*.ipynb')]
    assert lessons and {f'fastdebug/lessons/{o}' for o in lessons} == {o for o in names if o.startswith('fastdebug/lessons/')}
    assert {o.relative_to(root).as_posix() for o in (root/'fastdebug').rglob('*') if o.suffix in ('.py', '.js', '.css')} <= names
    assert not [o for o in names if o.startswith(('mds/', 'nbs/', 'tests/'))]
    assert not [o for o in names if o.startswith('fastdebug/lessons/') and not o.endswith('.ipynb') or o.endswith('.tgz')]
    assert any(o.endswith('licenses/NOTICE') for o in names)

def test_sdist_holds_twins(root, dist):
    names = {o.split('/', 1)[1] for o in tarfile.open(next(dist.glob('*.tar.gz'))).getnames() if '/' in o}
    wanted = [o.relative_to(root).as_posix() for o in (root/'mds').rglob('*') if o.is_file()]
    assert wanted and {*wanted, 'settings.ini', 'constraints.txt', 'LICENSE', 'NOTICE', 'README.md'} <= names
    assert not [o for o in names if o.startswith('nbs/lessons/data') or o.endswith('.tgz')]

def test_editable_install_copies_nothing(root):
    assert not (root/'fastdebug/lessons').exists()

def plain_env(tmp_path):
    "The environment of someone who has nothing of ours set"
    return {k: v for k,v in os.environ.items() if not re.match('FASTDEBUG_|VIRTUAL_ENV|PYTHON', k)} | {
        'FASTDEBUG_CACHE': str(tmp_path/'cache'), 'COLUMNS': '100'}

@pytest.mark.network
def test_wheel_answers_from_an_empty_folder(dist, tmp_path):
    venv,empty,wheel = tmp_path/'venv',tmp_path/'empty',next(dist.glob('*.whl'))
    empty.mkdir()
    if shutil.which('uv'): steps = [['uv', 'venv', venv, '--python', sys.executable], ['uv', 'pip', 'install', '--python', venv, wheel]]
    else: steps = [[sys.executable, '-m', 'venv', venv], [venv/'bin/python', '-m', 'pip', 'install', wheel]]
    for step in steps:
        res = run(*step)
        assert res.returncode==0, res.stderr[-2000:]
    res = run(venv/'bin/fastnbs', 'how does gradient accumulation work', cwd=empty, env=plain_env(tmp_path))
    assert res.returncode==0 and 'accumulat' in res.stdout.lower() and 'loss.backward()' in res.stdout, res.stdout+res.stderr
    assert not list(empty.iterdir())

# ---- the map of promises, and the width of lines

def promises(root):
    "(promise, file, rooms) of each row of the map in CONTRIBUTING"
    text = (root/'CONTRIBUTING.md').read_text(encoding='utf-8')
    rows = re.search(r'^\| promise \| file \| rooms \|\n\|[-|]+\n((?:\|.*\n)+)', text, re.M)[1].splitlines()
    cells = [[o.strip() for o in row.strip('|').split('|')] for row in rows]
    return [(what, file.strip('`'), re.findall(r'`([\w.]+)`', rooms)) for what,file,rooms in cells if file]

def test_the_map_names_every_test_and_every_room(root):
    rows = promises(root)
    files = [file for _,file,_ in rows]
    assert sorted(files)==sorted(o.relative_to(root/'tests').as_posix() for o in (root/'tests').rglob('test_*.py'))
    rooms = {'.'.join(o.relative_to(root/'fastdebug').with_suffix('').parts) for o in (root/'fastdebug').rglob('*.py') if o.stem[0]!='_'}
    assert {o for *_,named in rows for o in named}==rooms
    assert all(what and named for what,_,named in rows)

def test_no_line_of_code_is_too_wide(root):
    found = [f'{o.relative_to(root)}:{n} ({w})' for o in package_files(root) for n,w in wide_lines(o.read_text(encoding='utf-8'))]
    assert not found, '\n'.join(found)

@pytest.mark.parametrize('line,wide', [('x = 1'+' '*126+'#', True), ('x = 1', False), ("raise ValueError('"+'a'*130+"')", False),
    ('"'+'a'*200+'"', False), ("x = f(a, b, c, d, e, f, g) + 'a' + h('"+'b'*120+"', i, j, k)", True), ("__all__ = ['"+'a'*140+"']", False),
    ('def f():\n    """A\n'+'b'*140+'"""', False)])
def test_what_is_too_wide(line, wide): assert bool(wide_lines(line+'\n'))==wide

# ---- notebooks are born by example

def runs_without_example(cells):
    "How many lines are exported in a row, before a cell shows or checks something; imports alone show nothing"
    run = 0
    for c in cells:
        source = ''.join(c['source'])
        if c['cell_type']!='code': continue
        if re.match(r'#\|\s*export', source): run += sum(bool(o.strip()) and not o.startswith('#|') for o in source.splitlines())
        elif not is_only_imports(source): run = 0
        yield run

def is_only_imports(source):
    try: body = ast.parse(source).body
    except SyntaxError: return False # a magic
    return all(isinstance(o, (ast.Import, ast.ImportFrom)) for o in body)

def test_no_long_run_of_code_without_an_example(root):
    books = {o.name: json.loads(o.read_text(encoding='utf-8'))['cells'] for o in sorted((root/'nbs').glob('[0-9]*.ipynb'))}
    longest = {name: max(runs_without_example(cells), default=0) for name,cells in books.items()}
    assert max(longest.values())<=60, {name:n for name,n in longest.items() if n>60}

@pytest.mark.parametrize('sources,longest', [(['#| export\na=1\nb=2', '#| export\nc=3'], 3), (['#| export\na=1\nb=2', 'import os', '#| export\nc=3'], 3),
    (['#| export\na=1\nb=2', 'a', '#| export\nc=3'], 2), (['#| export\n\na=1', '%time a'], 1), ([], 0)])
def test_what_is_a_run_without_example(sources, longest):
    assert max(runs_without_example([{'cell_type':'code', 'source':o} for o in sources]), default=0)==longest

# ---- measurements

@pytest.mark.learn # some compare with libraries that only the extras bring
def test_every_measurement_is_found_by_its_name(root):
    from benchmarks.__main__ import FILES, LONG, NAMES, load
    for name in (*NAMES, *LONG): assert callable(load(name).run), name
    there = {o.stem for folder in ('speed', 'relevance') for o in (root/'benchmarks'/folder).glob('[a-z]*.py')}
    assert there=={FILES.get(o, o) for o in (*NAMES, *LONG)}
    for folder in ('speed', 'relevance', 'tools', 'data'): assert importlib.import_module(f'benchmarks.{folder}').__doc__

# ---- our own test rules

def test_a_skip_is_a_failure_where_it_is_asked_for(pytester, root, monkeypatch):
    pytester.makeconftest((root/'tests/conftest.py').read_text(encoding='utf-8'))
    pytester.makepyfile("import pytest\ndef test_a(): pytest.skip('no corpora')\n@pytest.mark.xfail\ndef test_b(): assert 0")
    monkeypatch.delenv('FASTDEBUG_NO_SKIPS', raising=False)
    pytester.runpytest_inprocess('-p', 'no:cacheprovider').assert_outcomes(skipped=1, xfailed=1)
    monkeypatch.setenv('FASTDEBUG_NO_SKIPS', '1')
    pytester.runpytest_inprocess('-p', 'no:cacheprovider').assert_outcomes(failed=1, xfailed=1)
    pytester.makepyfile("import pytest\npytest.importorskip('no_such_module_here')")
    pytester.runpytest_inprocess('-p', 'no:cacheprovider').assert_outcomes(errors=1)
