"One kernel, any number of threads and tasks: each question is answered from one moment, and no exception reaches anybody"
import asyncio, os, random, subprocess, sys, threading, time

import pytest

from fastdebug.config import find_config
from fastdebug.folder import folder_size
from fastdebug.search import Searcher
from fastdebug.utils import fastlistnbs, fastnbs, fastnotes

SECONDS = float(os.environ.get("FUZZ_SECONDS", 600 if os.environ.get("HYPOTHESIS_PROFILE")=="fuzz" else 45))

def note(folder, i, text='quokka'): (folder/f'{i:03}.md').write_text(f'# Note {i} zebra{i}\n\n{text} {i} momentum gradient\n')

@pytest.fixture
def notes(tmp_path, fresh_cache, reader):
    (tmp_path/'notes').mkdir()
    for i in range(60): note(tmp_path/'notes', i)
    return tmp_path/'notes'

def hammer(works, seconds):
    "Let each of `works` run again and again in a thread of its own; what they raised"
    errors, until = [], time.monotonic()+seconds
    def run(work):
        while time.monotonic()<until and not errors:
            try: work()
            except BaseException as e: errors.append(e)
    threads = [threading.Thread(target=run, args=(w,)) for w in works]
    for t in threads: t.start()
    for t in threads: t.join()
    return errors

def test_eight_threads_ask_while_files_change(notes):
    "Notes 0 to 29 never change: whoever asks for one of them finds it, always, by each of the three doors"
    rng, asked = random.Random(0), []
    def check(i, hits, name):
        asked.append(name)
        assert any(str(h.section.file if name!='list' else h.file).endswith(f'{i:03}.md') for h in hits), (name, i, len(hits))
    def nbs():
        i = rng.randrange(30)
        hits = fastnbs(f'zebra{i}', roots=str(notes))
        check(i, hits, 'nbs')
        assert f'zebra{i}' in hits._repr_markdown_() and hits.scope.files>=30
    def lines():
        i = rng.randrange(30)
        check(i, fastnotes(f'zebra{i}', roots=str(notes)), 'notes')
    def headings():
        i = rng.randrange(30)
        check(i, fastlistnbs(f'zebra{i}', roots=str(notes)), 'list')
    def typo():
        fastnbs('zebre3 momentun', roots=str(notes))
    def other():
        s = Searcher(find_config(str(notes)))
        i = rng.randrange(30)
        check(i, s.search(f'zebra{i}').hits, 'nbs')
    def change():
        i = rng.randrange(30, 60)
        if rng.random()<.3: (notes/f'{i:03}.md').unlink(missing_ok=True)
        else: note(notes, i, rng.choice(['quokka', 'wombat', 'koala']))
        time.sleep(.01)
    errors = hammer([nbs, nbs, nbs, lines, lines, headings, typo, other, change], SECONDS)
    assert not errors, errors
    assert {*asked}=={'nbs', 'notes', 'list'}

def test_tasks_in_one_loop_and_in_threads_of_it(notes):
    async def ask(i): return fastnbs(f'zebra{i}', roots=str(notes))
    async def work():
        here = await asyncio.gather(*(ask(i) for i in range(20)))
        there = await asyncio.gather(*(asyncio.to_thread(fastnbs, f'zebra{i}', roots=str(notes)) for i in range(20)))
        return here, there
    for hits in asyncio.run(work()):
        assert [os.path.basename(h[0].section.file) for h in hits]==[f'{i:03}.md' for i in range(20)]

def test_the_first_questions_of_all_threads_at_once(notes):
    "Nobody built the index yet; whoever comes second waits for it"
    found = []
    errors = hammer([lambda: found.append(len(fastnbs('zebra7', roots=str(notes))))]*12, 1)
    assert not errors and min(found)>=1

def test_a_snapshot_stays_as_it_was(notes):
    s = Searcher(find_config(str(notes)))
    before = s.snapshot()
    df, paths = before.df('quokka'), {*before.manifest.searched}
    for i in range(30): (notes/f'{i:03}.md').unlink()
    note(notes, 99, 'quokka')
    assert len(s.search('quokka', 99).hits)==31
    assert before.df('quokka')==df and {*before.manifest.searched}==paths and before.outline(str(notes/'003.md'))

def test_of_eight_processes_that_build_the_first_index_one_reads(tmp_path, fresh_cache, root):
    "The others wait for it, and say how far it is"
    (tmp_path/'many').mkdir()
    for i in range(1_200): (tmp_path/'many'/f'{i}.md').write_text(f'# Note {i}\n\n'+f'momentum gradient word{i} '*300)
    code = f'''from fastdebug.search import Searcher; from fastdebug.config import find_config
said = []
seen = Searcher(find_config({str(tmp_path/'many')!r})).snapshot(lambda *o: said.append(o))
print(seen.reads.parsed, len(seen.layers), seen.manifest.sections, len(said)>0)'''
    ps = [subprocess.Popen([sys.executable, '-c', code], cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    found = sorted((p.communicate(timeout=300)[0].split() for p in ps), key=lambda o: int(o[0]))
    assert [o[:3] for o in found]==[['0', '1', '1200']]*7+[['1200', '1', '1200']]

def test_a_file_of_the_index_that_goes_while_it_is_counted(tmp_path, monkeypatch):
    (tmp_path/'ab12.store').write_text('abc')
    monkeypatch.setattr(os, 'walk', lambda folder: [(folder, [], ['ab12.store', 'gone.store'])])
    assert folder_size(str(tmp_path))==3
