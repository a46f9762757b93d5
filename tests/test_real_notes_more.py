"""Kinds of which the first examples were not all: formulas beside text, front matter of other hands, options in a sentence, streams,
entities, names of copies, modules in other encodings."""
import json
import pytest
from fastdebug.cells import parse_outputs
from fastdebug.config import find_config
from fastdebug.parse import parse_document
from fastdebug.query import is_pasted
from fastdebug.rewrite import rewrite_markdown
from fastdebug.search import Searcher
from notebooks import md, write

def headings(text, name='/n/a.md'):
    doc = parse_document(text, name)
    return doc.title, [s.heading for s in doc.sections if s.level]

@pytest.mark.parametrize('before,opens,closes,after', [('The cost is\n', '$$', '$$', '\nof the quokka.'), ('The cost is\n', '\\[', '\\]', ''), ('', '$$', '$$', ' (eq1)'),
    ('- item\n  ', '$$', '$$', ''), ('> said\n> ', '$$', '$$', '')])
@pytest.mark.parametrize('sign', ['+', '-', '=', '#', '>', '1.'])
def test_a_formula_beside_text_is_one_formula(before, opens, closes, after, sign):
    edge = '\n'+before.rpartition('\n')[2].replace('- ', '  ')
    shown = rewrite_markdown(f'{before}{opens}{edge}a{edge}{sign} b{edge}{closes}{after}')
    assert f'a {sign} b' in shown.replace('\\', ''), shown
    assert not any(o in shown for o in ('###', '<h', '\n- b', '\n+ b')), shown

def test_a_formula_by_itself_stays_as_it_was_written():
    assert '%' in rewrite_markdown('so\n$$\na\n% a remark\n+ b\n$$\n'), 'a remark would swallow what follows in one line'
    assert rewrite_markdown('$$\na\n+ b\n$$').count('$$')==2

@pytest.mark.parametrize('yaml', ['title: Quokkas\nReading status: done', '"title": Quokkas\nx: y', 'title: Quokkas\nparent.child: x\ndc/creator: me\n\U0001f4c5: 3\n@id: x', 'Title: Quokkas'])
def test_front_matter_may_have_any_keys(yaml): assert headings(f'---\n{yaml}\n---\n\n## Food\n\nLeaves.\n')==('Quokkas', ['Food'])

@pytest.mark.parametrize('text', ['---\n# Quokka\n---\n\n## Food\n', '+++\n\n# Quokka\n\n+++\n\n## Food\n'])
def test_a_heading_between_rules_is_no_front_matter(text): assert headings(text)[1][:2]==['Quokka', 'Food']

def test_a_line_with_a_colon_between_rules_is_no_front_matter(): assert 'Food' in headings('---\nThis is said: leaves\n---\n\n## Food\n')[1]

def test_text_behind_the_front_matter_of_a_cell_is_found():
    text = json.dumps(dict(cells=[md('---\ntitle: Quokkas\n---\n\n# Food\n\nLeaves.'), md('## Sleep')], metadata={}, nbformat=4, nbformat_minor=5))
    assert headings(text, '/n/a.ipynb')==('Quokkas', ['Food', 'Sleep'])
    assert 'Leaves' in ''.join(s.text for s in parse_document(text, '/n/a.ipynb').sections)

@pytest.mark.parametrize('text', ['what does tar -xzf mean', '`tar -xzf`', 'tar -xzf?', 'linux tar -xzf', 'gcc -Wall', 'why git commit -am', 'java -Xmx4g'])
def test_an_option_is_no_minus_wherever_the_command_stands(text): assert is_pasted(text)

@pytest.mark.parametrize('text', ['momentum -adam', 'make a quokka -adam', 'where do I find food -leaves', 'python -pandas'])
def test_a_minus_before_a_word_is_one(text): assert not is_pasted(text)

def test_what_went_to_two_streams_is_two_outputs():
    stream = lambda name, text: dict(output_type='stream', name=name, text=text)
    assert [o.text for o in parse_outputs(dict(outputs=[stream('stdout', 'out'), stream('stderr', 'wa'), stream('stderr', 'rn')]))]==['out', 'warn']

def test_entities_of_html_headings_are_read(): assert headings('<h2>Plot &amp; show &lt;b&gt;</h2>\n\nx\n')[1]==['Plot & show \\<b>']

@pytest.mark.parametrize('name', ['Copy of a.ipynb', 'a - Copy.ipynb', 'a - Copy (2).ipynb', 'a-Copy1-Copy1.ipynb', 'a.nbconvert.ipynb'])
def test_a_copy_is_known_by_what_tools_call_it(name, tmp_path):
    for o in ('a.ipynb', name): write(tmp_path/o, md('# A quokka\n\nIt smiles at leaves.'))
    found = Searcher(find_config(str(tmp_path)), memory=True).search('quokka')
    assert len(found.hits)==1 and found.scope.files==1

def test_a_module_in_another_encoding_is_no_lost_notebook(tmp_path):
    (tmp_path/'a.md').write_text('# Quokka\n')
    (tmp_path/'mod.py').write_bytes('# -*- coding: latin-1 -*-\nx = "\u00e4"\n'.encode('latin-1'))
    (tmp_path/'book.py').write_bytes('# %% [markdown]\n# \u00e4\n'.encode('latin-1'))
    skipped = Searcher(find_config(str(tmp_path)), memory=True).search('quokka').scope.skipped
    assert [p.rpartition('/')[2] for p,_ in skipped]==['book.py']

def test_one_word_that_stands_in_code_alone_is_no_weak_answer(tmp_path):
    for i in range(8): (tmp_path/f'{i}.md').write_text(f'# Topic {i}\n\nText about subject {i} and more.\n')
    (tmp_path/'a.md').write_text('# Keep it\n\n```python\nplt.savefig("x.png")\n```\n')
    assert not Searcher(find_config(str(tmp_path)), memory=True).search('savefig').weak
