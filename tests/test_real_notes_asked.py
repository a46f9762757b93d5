"""What a person types is read as it was meant: options, quotes, slips in common words; and what the notes don't have is said."""
import pytest
from fastdebug.query import parse_query
from fastdebug.utils import fastnbs

# ---- what is no exclusion, and what is one

OPTIONS = ['netstat -tulpn', 'set -euo pipefail', 'clang -Wall quokka.c', 'pacman -Syu', 'nmap -sV host', 'latexmk -pdf quokka.tex', 'mvn -DskipTests package', 'nextflow run main.nf -profile docker', 'blastn -query quokka.fa -db nt',
           'spark-submit -master local', 'convert -resize 50% a.png b.png', 'Get-ChildItem -Recurse -Filter *.md', 'gcc -fPIC', 'ld -lm', 'clang -march=native']

@pytest.mark.parametrize('command', OPTIONS)
@pytest.mark.parametrize('asked', ['{0}', 'what is {2}', 'the {2} option of {1}', 'how do I use {1} {2}'])
def test_an_option_that_stands_in_the_notes_excludes_nothing(command, asked, tmp_path):
    name, option = command.split()[0], next(o for o in command.split() if o[0]=='-')
    (tmp_path/'a.md').write_text(f'# Note\n\n```sh\n{command}\n```\n')
    (tmp_path/'b.md').write_text(f'# About {name}\n\nAbout {name} in general: it is a tool of quokkas.\n')
    assert [h.section.heading for h in fastnbs(asked.format(command, name, option), roots=str(tmp_path))][:1]==['Note']

@pytest.mark.parametrize('text', ['leaves -bark', 'leaves −bark', 'leaves –bark', 'leaves -"bark"', 'leaves -“bark”', '-bark', '-Bark'])
def test_a_minus_still_excludes(text, tmp_path):
    (tmp_path/'a.md').write_text('# Food\n\nleaves and grass\n')
    (tmp_path/'b.md').write_text('# Other food\n\nleaves and bark, half-bark\n')
    assert [h.section.heading for h in fastnbs(text, roots=str(tmp_path))]==['Food']

@pytest.mark.parametrize('quoted', ['“{}”', '„{}“', '«{}»', '"{}"', '”{}”'])
def test_quotes_of_any_kind_make_a_phrase(quoted): assert parse_query(quoted.format('weight decay')).phrases==(('weight','decay'),)

@pytest.mark.parametrize('mark', ['tag:old', 'path:x', 'nb:x', 'kind:note', 'in:code'])
def test_a_minus_before_a_word_that_narrows_is_said_to_do_nothing(mark):
    asked = parse_query(f'leaves -{mark}')
    assert [w.text for w in asked.words]==['leaves'] and not asked.without and f'"-{mark}" was left out' in asked.notes[0]

# ---- what is honest

@pytest.mark.parametrize('typed,meant', [('waht', 'what'), ('teh', 'the'), ('hwo', 'how'), ('wich', 'which'), ('taht', 'that'), ('shoud', 'should'), ('thier', 'their')])
def test_a_common_word_with_a_slip_says_nothing_either(typed, meant, tmp_path):
    (tmp_path/'a.md').write_text('# Quokkas\n\nA quokka eats leaves.\n')
    answer = fastnbs(f'{typed} quokka', roots=str(tmp_path)).answer
    assert [(w.text, w.typed, w.stop) for w in answer.query.words][0]==(meant, typed, True) and answer.hits and not (answer.weak or answer.missing)

@pytest.mark.parametrize('typed', ['git', 'aws', 'sql', 'ant', 'wasp', 'iota', 'ours3'])
def test_another_word_is_no_slip(typed, tmp_path):
    (tmp_path/'a.md').write_text('# Quokkas\n\nA quokka eats leaves.\n')
    assert fastnbs(f'{typed} quokka', roots=str(tmp_path)).answer.missing==(typed,)

@pytest.mark.parametrize('asked', ['quokka50', 'what does quokka99 do', 'quokka152', 'how does quokka5 work'])
def test_another_version_alone_is_said_not_to_be_there(asked, tmp_path):
    (tmp_path/'a.md').write_text('# quokka18\n\nThe loss of model 3 falls.\n')
    answer = fastnbs(asked, roots=str(tmp_path)).answer
    assert answer.weak and answer.missing and answer.hits
    assert not fastnbs('quokka18', roots=str(tmp_path)).answer.weak

@pytest.mark.parametrize('asked', ['how does a quokka work', 'explain quokka', 'quokka example', 'what does quokka mean', 'help with quokkas'])
def test_words_of_a_question_are_not_missed(asked, tmp_path):
    (tmp_path/'a.md').write_text('# Quokkas\n\nA quokka eats leaves.\n')
    assert not fastnbs(asked, roots=str(tmp_path)).answer.weak

def test_words_of_an_error_that_no_note_has_are_said(tmp_path):
    (tmp_path/'a.md').write_text('# Shape\n\nIt has a shape.\n')
    said = repr(fastnbs(AttributeError("'list' object has no attribute 'shape'"), roots=str(tmp_path)))
    assert 'your notes have no "AttributeError", "list", "object"' in said

# ---- notes without a heading of their own

@pytest.mark.parametrize('name,text', [('Quokka food.md', 'They eat leaves.\n'), ('a.md', '---\ntitle: Quokka food\n---\nThey eat leaves.\n'), ('Quokka food.md', 'They eat leaves.\n\n## Bark\n\nNot much.\n'),
    ('202401151030 Quokka food.md', '#animals\n\nThey eat leaves.\n'), ('quokka-food.md', 'They eat leaves.\n'), ('01 Quokka food.md', 'They eat leaves.\n'), ('quokka_food.md', 'They eat leaves.\n')])
@pytest.mark.parametrize('asked', ['quokka food', 'Quokka food?', 'what is quokka food', 'quoka food'])
def test_a_note_that_is_called_so_comes_before_a_list_of_links(name, text, asked, tmp_path):
    (tmp_path/name).write_text(text)
    (tmp_path/'MOC.md').write_text('# Map of content\n\n- [[Quokka food]]\n- [[Quokka houses]]\n- [[Nothing]]\n')
    hits = fastnbs(asked, roots=str(tmp_path))
    assert hits[0].section.file.endswith(name) and not hits.answer.weak

@pytest.mark.parametrize('asked', ['masked_fill -inf', 'masked_fill mask', 'torch.masked_fill mask'])
def test_a_name_in_code_is_no_weak_answer(asked, tmp_path):
    (tmp_path/'a.md').write_text('# Causal mask\n\n'+'Some words about it. '*60+"\n\n```python\nscores = scores.masked_fill(mask, float('-inf'))\n```\n")
    for i in range(8): (tmp_path/f'b{i}.md').write_text(f'# Other {i}\n\nSomething else.\n')
    assert not fastnbs(asked, roots=str(tmp_path)).answer.weak

# ---- questions in other languages

ASKED_IN = [('comment fonctionne le {}', 'Comment fonctionne le {}'), ("qu'est-ce que le {} ?", "Qu'est-ce que la {}"), ('¿cómo funciona el {}?', 'Cómo funciona la {}'), ('come funziona il {}', 'Come funziona la {}'), ('was ist ein {}', 'Was ist eine {}'),
            ('como funciona o {}', 'Como funciona a {}'), ('hoe werkt een {}', 'Hoe werkt het {}'), ('jak działa {}', 'Jak działa {}'), ('что такое {}', 'Что такое {}'), ('{} nedir ve nasıl çalışır', '{} nedir ve nasıl'), ('什么是{}', '什么是{}')]

@pytest.mark.parametrize('asked,heading', ASKED_IN)
def test_the_words_of_a_question_say_nothing_in_other_languages_too(asked, heading, tmp_path):
    (tmp_path/'right.md').write_text('# Quokka\n\nA quokka eats leaves.\n')
    for i,o in enumerate(('cache', 'wombat', 'river', 'train', 'oven')): (tmp_path/f'{i}.md').write_text(f'# {heading.format(o)}\n\nText on {o}.\n')
    hits = fastnbs(asked.format('quokka'), roots=str(tmp_path))
    assert hits[0].section.heading=='Quokka' and not hits.answer.weak
