"What git ignores is no note, unless a person names it"
import pytest
from fastdebug.utils import fastnbs

@pytest.fixture(autouse=True)
def notes(tmp_path, monkeypatch):
    top = tmp_path/'notes'
    top.mkdir()
    (top/'a.md').write_text('# Quokka\n\nIt smiles.\n')
    monkeypatch.chdir(top)
    return top

def test_a_gitignore_that_cannot_be_read_ignores_nothing(notes):
    (notes/'.gitignore').mkdir()
    assert fastnbs('quokka', roots='.')

def test_an_ignored_root_is_searched_when_named(notes):
    (notes/'.git').mkdir()
    (notes/'.gitignore').write_text('build\n*.tmp.md\n')
    (notes/'build').mkdir()
    (notes/'build/b.md').write_text('# Quokka in build\n')
    (notes/'b.tmp.md').write_text('# Quokka for a while\n')
    assert [h.section.heading for h in fastnbs('quokka', roots='.')]==['Quokka']
    assert [h.section.heading for h in fastnbs('quokka', roots='build')]==['Quokka in build']

def test_a_named_folder_follows_the_rules_of_the_repository_around_it(notes):
    (notes/'.git').mkdir()
    (notes/'.gitignore').write_text('*.tmp.md\n')
    (notes/'deep/er').mkdir(parents=True)
    for o in ('a.md', 'b.tmp.md'): (notes/'deep/er'/o).write_text(f'# Quokka {o}\n')
    assert [h.section.heading for h in fastnbs('quokka', roots='deep/er')]==['Quokka a.md']
