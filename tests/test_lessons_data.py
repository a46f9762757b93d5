"The data sets of the lessons come along: proven, licensed, small, unpacked into our own folder, and in nothing that is shipped"
import hashlib,os,re,subprocess,sys,tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import pytest,yaml
from fastdebug.config import find_config
from fastdebug.search import Searcher

lessons = pytest.importorskip('fastdebug.learn.lessons', exc_type=ImportError)
pytestmark = pytest.mark.learn
PACKS = lessons.PACKS

@pytest.fixture(scope='module')
def data(root): return root/'nbs/lessons/data'

def said(text):
    "What a set's text says, line by line: {'sha256': ..., 'licence': ...}"
    rows = re.findall(r'^(\w+) +(\S.*(?:\n {12}.*)*)', text.partition('\n\n')[2], re.M)
    return {k: ' '.join(v.split()) for k,v in rows}

# ---- what lies there

def test_every_set_is_packed_and_nothing_else_is_there(data):
    stems = {o.file.removesuffix('.tgz') for o in PACKS.values()}
    assert {o.name for o in data.iterdir()}=={'README.txt', *(f'{o}.tgz' for o in stems), *(f'{o}.txt' for o in stems)}
    assert sum(o.stat().st_size for o in data.iterdir())<6_400_000

def test_sets_that_may_not_come_along_do_not(data):
    text = ' '.join(o.name for o in data.iterdir()).lower()
    assert not re.search('camvid|coco|biwi|imdb', text)

@pytest.mark.parametrize('name', PACKS)
def test_a_pack_is_what_the_table_says(data, name):
    pack = PACKS[name]
    bytes_ = (data/pack.file).read_bytes()
    assert hashlib.sha256(bytes_).hexdigest()==pack.sha256
    with tarfile.open(data/pack.file) as tar: tops = {o.name.split('/')[0] for o in tar if o.isfile() or o.isdir()}
    assert tops=={pack.file.removesuffix('.tgz')}

@pytest.mark.parametrize('name', PACKS)
def test_a_pack_has_its_origin_licence_and_citation_beside_it(data, name):
    pack = PACKS[name]
    text = (data/pack.file).with_suffix('.txt').read_text(encoding='utf-8')
    told = said(text)
    assert text.startswith(f'{name}: ') and told['sha256']==pack.sha256
    assert told['file']==f'{pack.file}, {(data/pack.file).stat().st_size:,} bytes'
    for o in ('holds', 'origin', 'changes', 'licence', 'cite', 'conditions'): assert len(told[o])>10, o

def test_conditions_of_movielens_stand_in_full(data):
    text = ' '.join((data/'movie_lens_sample.txt').read_text(encoding='utf-8').split())
    for o in ('may not state or imply any endorsement', 'must acknowledge the use', 'distributed under these same license conditions',
              'may not use this information for any commercial'): assert o in text, o

def test_notice_names_what_stands_in_shipped_outputs(root):
    text = (root/'NOTICE').read_text(encoding='utf-8')
    for o in ('Oxford-IIIT Pet', 'CC BY-SA 4.0', 'Parkhi', 'MNIST', 'CC BY-SA 3.0', 'MovieLens', 'Seeing stars', 'Adult', 'Titanic'): assert o in text, o

# ---- unpacked

@pytest.mark.parametrize('name', [o for o in PACKS if o!='MNIST_SAMPLE']) # 14,434 small files: the lessons unpack those
def test_a_set_is_unpacked_below_our_cache_and_marked(fresh_cache, tmp_path, monkeypatch, data, name):
    monkeypatch.setenv('FASTAI_HOME', str(tmp_path/'fastai'))
    path = lessons.find_data(name)
    assert path.relative_to(fresh_cache).parts==('data', PACKS[name].sha256[:24], PACKS[name].file.removesuffix('.tgz'))
    assert (path.parent/'.fastdebug').is_file() and not (tmp_path/'fastai').exists()
    with tarfile.open(data/PACKS[name].file) as tar:
        for o in filter(lambda o: o.isfile(), tar): assert (path.parent/o.name).read_bytes()==tar.extractfile(o).read()
    assert os.listdir(fresh_cache/'data')==[path.parent.name]

def test_two_processes_at_once_both_get_the_whole_set(fresh_cache):
    code = "from fastdebug.learn.lessons import find_data; print(len(list(find_data('MNIST_TINY').rglob('*.*'))))"
    ask = lambda _: subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    with ThreadPoolExecutor(4) as pool: asked = list(pool.map(ask, range(4)))
    assert [o.stdout.strip() for o in asked]==['1429']*4, [o.stderr[-500:] for o in asked]
    assert len(os.listdir(fresh_cache/'data'))==1

def test_what_a_killed_process_left_is_ours_and_in_nobody_s_way(fresh_cache, monkeypatch):
    def killed(*_): raise KeyboardInterrupt
    monkeypatch.setattr(lessons, '_move', killed)
    with pytest.raises(KeyboardInterrupt): lessons.find_data('titanic')
    monkeypatch.undo()
    monkeypatch.setenv('FASTDEBUG_CACHE', str(fresh_cache))
    assert (lessons.find_data('titanic')/'train.csv').is_file()

def test_a_lesson_may_write_beside_a_set(fresh_cache):
    path = lessons.find_data('titanic')
    (path/'models').mkdir()
    (path/'models/m.pth').write_text('weights')
    assert lessons.find_data('titanic')==path and (path/'models/m.pth').is_file()

# ---- in nothing that is shipped, searched or published

def test_the_search_does_not_see_them(root):
    searcher = Searcher(find_config(root/'nbs/lessons'), memory=True)
    assert not [o for o in searcher.snapshot().manifest.searched if f'{os.sep}data{os.sep}' in o]

def test_the_site_leaves_them_out(root, data):
    "Quarto publishes its pages, what its configuration calls resources, and what a page links to"
    places = [yaml.safe_load(o.read_text(encoding='utf-8')).get('project', {}).get('resources', []) for o in (root/'_quarto.yml', root/'nbs/nbdev.yml')]
    published = {f for o in sum(places, []) for f in (root/'nbs').glob(o)}
    assert published and not {f for f in published if data in (f, *f.parents)}
    pages = [o for o in (root/'nbs').rglob('*.ipynb') if '.ipynb_checkpoints' not in o.parts]
    targets = {f'{p.name}: {t}' for p in pages for t in re.findall(r'\]\(<?([^)\s>]+)|(?:src|href)=\\?"([^"\\]+)', p.read_text(encoding='utf-8')) for t in t if t}
    assert len(targets)>100 and not [o for o in targets if re.search(r'(?<!//)\bdata/[\w.-]+\.(tgz|txt)\b', o)]

def test_every_lesson_asks_for_what_comes_along(root):
    asked = {}
    for o in sorted((root/'nbs/lessons').glob('*.ipynb')):
        for name,rest in re.findall(r"find_data\('(\w[\w-]*)'([^)]*)\)", o.read_text(encoding='utf-8')): asked.setdefault((name, rest), o.name)
    assert asked and not [o for o in asked if o[0] not in PACKS or o[1]], asked
