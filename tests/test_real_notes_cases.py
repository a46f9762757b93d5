"""Small inputs that came out wrong once, found in other people's notes; each is read where it lies, under `$FASTDEBUG_SHARED/cases`.

What should come out is said by the `case.md` beside each; here it is asked for. The same kinds, with inputs of our own, stand in the other files of this name."""
import os, shutil
from pathlib import Path
import pytest
from fastdebug.utils import fastlistnbs, fastnbs

pytestmark = pytest.mark.corpora

@pytest.fixture
def case(tmp_path, monkeypatch, request):
    "The folder of a case's input, and a reader who sits in it"
    source = Path(os.environ.get('FASTDEBUG_SHARED') or '/nowhere')/'cases'/request.param/'input'
    if not source.is_dir(): pytest.skip(f'set FASTDEBUG_SHARED to the folder of the test corpora (CONTRIBUTING.md); no {request.param}')
    shutil.copytree(source, here := tmp_path/'input')
    monkeypatch.chdir(here)
    return here

def ids(hits): return [f'{Path(h.section.file).name}#{h.section.heading}' for h in hits]
def names(question): return [Path(h.section.file).name for h in fastnbs(question, roots='.')]
def shown(question, **kw): return fastnbs(question, roots='.', **kw)._repr_markdown_()
def headings(): return [h.text for o in fastlistnbs(roots='.') for h in o.headings]

FIRST = [('apostrophe_words_french', 'erreur', 'a.md'), ('apostrophe_words_french', 'entraînement', 'a.md'), ('apostrophe_words_french', 'ottimizzatore', 'b.md'),
    ('british_and_american_spelling_mixed', 'normalization', 'answer.md'), ('british_and_american_spelling_mixed', 'color', 'third.md'),
    ('c_plus_plus_is_c', 'C++', 'cpp.md'), ('c_plus_plus_is_c', 'what is C#', 'cs.md'),
    ('cli_option_excludes_the_answer', 'git checkout -b', 'git.md'), ('cli_option_excludes_the_answer', 'pip install -e .', 'env.md'),
    ('cli_option_excludes_the_answer', 'python -m venv', 'env.md'), ('closed_compound_does_not_find_the_open_one', 'dataset', 'a.md'),
    ('closed_compound_does_not_find_the_open_one', 'backpropagation', 'a.md'), ('closed_compound_does_not_find_the_open_one', 'overfitting', 'a.md'),
    ('closed_compound_does_not_find_the_open_one', 'dataframe', 'a.md'),
    ('first_line_of_a_fence_is_lost', 'numbat', 'book.md'), ('first_line_of_a_fence_is_lost', 'train_loop.py', 'book.md'),
    ('for_loop_gives_while_loop', 'for loop', 'a.md'), ('for_loop_gives_while_loop', 'if statement', 'c.md'), ('for_loop_gives_while_loop', 'import from', 'f.md'),
    ('front_matter_is_the_first_hit_and_a_heading', 'what is gradient clipping', 'clip.md'), ('percent_script_titles_and_md_cells', 'load the wombat data', 'a.py'),
    ('shortened_words', 'how does backprop work', 'a.md'), ('shortened_words', 'params', 'a.md'), ('shortened_words', 'config', 'a.md'),
    ('title_that_stands_only_in_the_file_name', 'hash table', 'Hash Table.md'), ('title_that_stands_only_in_the_file_name', 'time complexity of a linked list', 'Linked List.md'),
    ('pasted_traceback_finds_nothing', 'plt.savefig("fig1.png")', 'b.md'),
    ('pasted_traceback_finds_nothing', 'Traceback (most recent call last):\n  File "/home/ann/train.py", line 7, in <module>\n    loss.backward()\nRuntimeError: element 0 of tensors does not require grad', 'a.md'),
    *(('version_and_unit_spelling', o, 'a.md') for o in ('pytorch 2.1', 'cuda 11', 'python 3', '10GB', '224x224', '1000000')),
    *(('lower_case_name_of_a_versioned_class', o, None) for o in ('resnet', 'densenet', 'yolo', 'f1'))]

@pytest.mark.parametrize('case,question,first', FIRST, indirect=['case'])
def test_the_right_file_answers(case, question, first):
    found = names(question)
    assert found[0]==first if first else 'a.md' in found

@pytest.mark.parametrize('case,known', [('equals_line_in_display_maths_is_a_heading', ['Normal equation','Update rule']), ('html_headings', ['Course','Loading the data','Plotting']),
    ('quarto_callout_title_starts_a_section', ['Setup']), ('percent_script_titles_and_md_cells', ['Reading a quokka'])], indirect=['case'])
def test_headings(case, known): assert headings()==known

@pytest.mark.parametrize('case', ['corrected_to_a_stop_word'], indirect=True)
def test_no_stop_word_is_a_correction(case): assert not fastnbs('git', roots='.') and not fastnbs('foo', roots='.')

@pytest.mark.parametrize('case', ['front_matter_is_the_first_hit_and_a_heading'], indirect=True)
def test_front_matter(case):
    assert ids(fastnbs('what is gradient clipping', roots='.'))[0]=='clip.md#Definition'
    assert 'created' not in shown('momentum') and 'remembers' in shown('momentum')

@pytest.mark.parametrize('case,title', [('title_from_the_last_heading', 'Linear Algebra'), ('title_that_stands_only_in_the_file_name', 'Hash Table')], indirect=['case'])
def test_titles(case, title): assert title in [o.title for o in fastlistnbs(roots='.')]

SHOWN = [('details_emptied', 'numbat', ['<details><summary>Solution</summary>\n\nThe answer is <strong>42</strong>', '</details>\n\nAfter.'], []),
    ('two_outputs_glued_together', 'glue', ['```text\n42\n```', '```text\ndone\n```'], ['42done']), ('pipe_in_maths_cuts_a_table_row', 'numbat', ['$P(A\\vert B)', '$\\vert x\\vert$ of the'], []),
    ('latex_and_html_outputs_not_shown', 'sympy output', ['$$\\displaystyle \\frac{x^{2}}{2}$$'], []), ('latex_and_html_outputs_not_shown', 'html output', ['<p>wallaby <b>bold</b></p>'], []),
    ('matched_output_line_cut', 'epoch 150', ['\nepoch 150 loss', '140 lines before this left out', '20 more lines left out'], ['epoch 0 ']),
    ('match_beyond_the_shown_part', 'undersampling', ['characters before this left out', '>undersampling</mark>'], []), ('match_beyond_the_shown_part', 'quagga', ['characters before this left out (limit 20,000)'], []),
    ('empty_python_files_in_every_answer', 'zebra', [], ['Skipped', 'init']), ('quarto_callout_title_starts_a_section', 'run the bandicoot script', ['Hint', 'virtual environment', 'bandicoot'], []),
    ('html_headings', 'numbat', ['seaborn'], ['wombat'])]

@pytest.mark.parametrize('case,question,there,gone', SHOWN, indirect=['case'])
def test_shown(case, question, there, gone):
    page = shown(question, k=3)
    for o in there: assert o in page
    for o in gone: assert o not in page

@pytest.mark.parametrize('case,question,found', [('latex_and_html_outputs_not_shown', 'kangaroo', ['m.ipynb']), ('latex_and_html_outputs_not_shown', 'wallaby', ['h.ipynb']),
    ('two_outputs_glued_together', '42', ['a.ipynb']), ('jupytext_pair_answers_twice', 'zebra', ['a.ipynb', 'a.ipynb']),
    ('upper_case_and_other_endings_are_silently_unread', 'zebra', ['Lecture.IPYNB', 'README.MD', 'analysis.Rmd', 'notes.markdown'])], indirect=['case'])
def test_found(case, question, found): assert names(question)==found

@pytest.mark.parametrize('case', ['everything_ignored_by_git'], indirect=True)
def test_what_git_ignores_is_said(case):
    (case/'.git').mkdir()
    for o,text in {'a.md':'# Zebra\n\nA zebra has stripes.\n', 'b.md':'# Other\n\nText.\n'}.items(): (case/o).write_text(text)
    assert not names('zebra') and '2 notes are ignored by .gitignore' in shown('zebra') and 'lessons' not in shown('zebra')

@pytest.mark.parametrize('case', ['title_that_stands_only_in_the_file_name'], indirect=True)
def test_listed_by_name(case): assert [o.title for o in fastlistnbs('hash table', roots='.')]==['Hash Table']
