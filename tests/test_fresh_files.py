"An answer is never stale, and never finds itself: what was saved a moment ago counts, our own answers don't"
import json,os,shutil,sys,time
import nbformat,pytest
from nbclient import NotebookClient
from fastdebug.config import find_config
from fastdebug.library import ReadStats
from fastdebug.search import Searcher
from fastdebug.utils import fastlistnbs, fastnbs, fastnotes
from notebooks import code, md, result, write

QUESTIONS = 'how does momentum work', 'learning rate', 'dropout', 'fastnbs', 'zigzag'

@pytest.fixture
def notes(tmp_path):
    "A folder with a few notes, and a reader who sits elsewhere"
    top = tmp_path/'notes'
    write(top/'sgd.ipynb', md('# Gradient descent'), md('## How does momentum work?\n\nIt keeps part of the last step, so zigzags cancel out.'), code('v = beta*v + grad'),
        md('## How do I choose a learning rate?\n\nRaise it until the loss explodes.'))
    write(top/'nets.ipynb', md('# Nets\n\n## What does dropout do?\n\nIt silences neurons by chance, so momentum matters less.'))
    return top

def ranking(roots, question): return [(h.section.file, h.section.number, h.section.heading, h.score) for h in fastnbs(question, k=20, roots=roots)]
def rankings(roots): return {q: (ranking(roots, q), [(h.section.heading, h.lines, h.score) for h in fastnotes(q, roots=roots)]) for q in QUESTIONS}
def headings(answer): return [h.section.heading for h in answer]

# ---- no echo

def answered(notes, *calls):
    "Cells of a notebook in which these calls of our functions were run, as a kernel saves them"
    ns = dict(fastnbs=fastnbs, fastnotes=fastnotes, fastlistnbs=fastlistnbs, notes=str(notes))
    return [code(o, result(*eval(o, ns)._repr_mimebundle_())) for o in calls]

CALLS = 'fastnbs("how does momentum work", roots=notes)', 'fastnotes("dropout zigzag", roots=notes)', 'fastlistnbs(roots=notes)', 'fastnbs("learning rate", k=1, roots=notes)'

def without_metadata(cells): return [{**c, 'outputs':[{**o, 'metadata':{}} for o in c['outputs']]} for c in cells]
def without_outputs(cells): return [{**c, 'outputs':[]} for c in cells]

@pytest.mark.parametrize('as_saved', [lambda o: o, without_metadata], ids=['today', 'by older versions'])
def test_saved_answers_change_no_ranking(notes, as_saved):
    alone = rankings(notes)
    cells = answered(notes, *CALLS)
    write(notes/'scratch.ipynb', md('# Scratch'), *without_outputs(cells))
    asked = rankings(notes)
    assert {q: [o[:3] for o in a] for q,(a,_) in asked.items()}=={q: [o[:3] for o in a] for q,(a,_) in alone.items()}
    write(notes/'scratch.ipynb', md('# Scratch'), *as_saved(cells))
    assert 'zigzags' in repr(cells[0]['outputs'])
    assert rankings(notes)==asked

def test_a_question_below_an_import_changes_no_ranking(notes):
    alone = rankings(notes)
    write(notes/'scratch.ipynb', md('# Scratch'), code('from fastdebug.utils import *\n' + '\n'.join(f'fastnbs({q!r})' for q in QUESTIONS)))
    assert {q: [o[:3] for o in a] for q,(a,_) in rankings(notes).items()}=={q: [o[:3] for o in a] for q,(a,_) in alone.items()}

def test_answers_shown_in_a_loop_change_no_ranking(notes):
    loop = 'for q in questions: display(fastnbs(q, roots=notes))'
    shown = [{**o['outputs'][0], 'output_type':'display_data'} for o in answered(notes, *CALLS)]
    write(notes/'scratch.ipynb', md('# Scratch'), code(loop))
    asked = rankings(notes)
    write(notes/'scratch.ipynb', md('# Scratch'), code(loop, *shown))
    assert rankings(notes)==asked

def test_a_real_kernel_saves_answers_that_change_no_ranking(notes):
    cells = [nbformat.v4.new_code_cell(o) for o in ('from fastdebug.utils import *', f'notes = {str(notes)!r}', *CALLS, 'hits = fastnbs("dropout", roots=notes)\ndisplay(hits)')]
    nb = nbformat.v4.new_notebook(cells=cells, metadata={'kernelspec':{'name':'python3', 'display_name':'Python 3', 'language':'python'}})
    nbformat.write(nb, notes/'scratch.ipynb')
    asked = rankings(notes)
    NotebookClient(nb, timeout=60).execute()
    nbformat.write(nb, notes/'scratch.ipynb')
    saved = [o for c in nb.cells for o in c.outputs]
    assert len(saved)==len(CALLS)+1 and all('fastdebug' in o.metadata and 'text/markdown' in o.data for o in saved)
    assert rankings(notes)==asked

def test_an_ordinary_output_is_found(notes):
    write(notes/'run.ipynb', md('# Run'), code('print(1)', {'output_type':'stream', 'name':'stdout', 'text':'quokka\n'}))
    assert headings(fastnbs('quokka', roots=notes))==['Run']

NOSEARCH = {'cell tag': [md('## Secret quokka', tags=['nosearch']), md('The quokka hides.')],
    'code cell tag': [md('## Secret quokka'), code('quokka = 1', tags=['nosearch'])],
    'comment': [md('## Secret quokka\n\n<!-- fastdebug: nosearch -->\n\nThe quokka hides.')]}

@pytest.mark.parametrize('cells', NOSEARCH.values(), ids=NOSEARCH)
def test_nosearch_is_listed_but_never_ranked(notes, cells):
    write(notes/'private.ipynb', md('# Private'), *cells, md('## Open quokka\n\nIt shows itself.'))
    assert headings(fastnbs('quokka', k=20, roots=notes))==['Open quokka']==headings(fastnotes('quokka', roots=notes))
    listed = next(o for o in fastlistnbs(roots=notes) if o.file.endswith('private.ipynb'))
    assert [h.text for h in listed.headings]==['Private', 'Secret quokka', 'Open quokka']

# ---- what changed since

def test_what_was_just_saved_is_found_and_what_was_deleted_is_not(notes):
    assert not fastnbs('quokka', roots=notes)
    new = write(notes/'deep/er/new.ipynb', md('# About the quokka'))
    assert headings(fastnbs('quokka', roots=notes))==['About the quokka']
    new.unlink()
    assert not fastnbs('quokka', roots=notes) and 'About the quokka' not in repr(fastlistnbs(roots=notes))

def test_a_moved_file_is_found_where_it_is_now(notes):
    assert fastnbs('dropout', roots=notes)
    (notes/'moved').mkdir()
    os.rename(notes/'nets.ipynb', notes/'moved/nets2.ipynb')
    assert [h.section.file for h in fastnbs('dropout', roots=notes)]==[str(notes/'moved/nets2.ipynb')]

def test_a_rewrite_of_the_same_size_and_time_is_seen(notes):
    path = notes/'note.md'
    words = 'quokka', 'wombat', 'possum', 'dingos'
    path.write_text('# Note\n\nnumbat\n')
    before = path.stat()
    for w in words*5:
        path.write_text(f'# Note\n\n{w}\n')
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        now = path.stat()
        assert (now.st_size, now.st_mtime_ns, now.st_ino)==(before.st_size, before.st_mtime_ns, before.st_ino)
        assert [o for o in words if o in fastnbs(o, roots=notes)._repr_markdown_() and fastnbs(o, roots=notes)]==[w]

def test_a_file_replaced_by_another_with_the_same_stamp_is_seen(notes):
    path,other = notes/'note.md', notes.parent/'other.md'
    path.write_text('# Note\n\nquokka\n')
    assert fastnbs('quokka', roots=notes)
    other.write_text('# Note\n\nwombat\n')
    shutil.copystat(path, other)
    os.replace(other, path)
    assert fastnbs('wombat', roots=notes) and headings(fastnbs('quokka', roots=notes))==[]

# ---- read once

_opened = None

def _watch(event, args):
    if _opened is not None and event=='open' and isinstance(args[0], (str, bytes)): _opened.append(os.fsdecode(args[0]))

@pytest.fixture(scope='module')
def audit(): sys.addaudithook(_watch)

@pytest.fixture
def opened(audit, notes):
    "A function that gives the files of `notes` that are opened while another runs"
    def during(f):
        global _opened
        _opened = []
        try: f()
        finally: seen,_opened = _opened,None
        return sorted({os.path.basename(o) for o in seen if o.startswith(str(notes)+os.sep)})
    return during

def test_the_second_call_reads_nothing_again(notes, opened):
    time.sleep(2.1) # a file that was written within two seconds is compared by its bytes, as git does
    first,again = (Searcher(find_config(str(notes))) for _ in range(2))
    assert opened(lambda: first.search('momentum'))==['nets.ipynb', 'sgd.ipynb']
    assert opened(lambda: first.search('dropout'))==[]
    assert opened(lambda: again.search('momentum'))==[]
    assert first.snapshot().reads==again.snapshot().reads==ReadStats(0, 0)

def test_only_what_changed_is_read_again(notes, opened):
    s = Searcher(find_config(str(notes)))
    s.snapshot()
    time.sleep(2.1)
    s.snapshot() # takes note that the files are old enough now
    write(notes/'nets.ipynb', md('# Nets without dropout'))
    assert opened(lambda: s.search('dropout'))==['nets.ipynb']
    write(notes/'new.ipynb', md('# New'))
    assert s.snapshot().reads.parsed==1

def test_a_touched_file_is_compared_but_not_parsed_again(notes):
    s = Searcher(find_config(str(notes)))
    s.snapshot()
    os.utime(notes/'sgd.ipynb')
    assert s.snapshot().reads.parsed==0 and headings(s.search('momentum').hits)[0]=='How does momentum work?'
