"""Long lists of notes: named by what a person knows them by, within the size of an answer, and no work for what isn't shown."""
import time
import pytest
from fastdebug.utils import fastlistnbs, fastnbs, fastnotes

def files(here, n, folders=1, text='# Subject {i}\n\n## How does {i} work?\n'):
    for i in range(n):
        (folder := here/f'week {i%folders:02}').mkdir(exist_ok=True)
        (folder/f'note_{i}.md').write_text(text.format(i=i))
    return str(here)

def test_notes_without_headings_are_listed_by_name(tmp_path):
    (tmp_path/'Linked List.md').write_text('only text')
    (tmp_path/'0010_momentum.md').write_text('more text')
    (tmp_path/'a.md').write_text('# Heading\n')
    found = fastlistnbs(roots=str(tmp_path))
    assert [o.title for o in found]==['momentum', 'Heading', 'Linked List'] and [len(o.headings) for o in found]==[0, 1, 0]
    page = found._repr_markdown_()
    assert '[Linked List](Linked%20List.md)' in page.replace(str(tmp_path), '').replace('../', '') or 'Linked%20List.md)**' in page
    assert '0 headings' not in page and 'Linked List' in repr(found) and 'momentum' in repr(found)

NAMED = [('Hash Table.md', 'hash table'), ('Hash Table.md', 'hash tables'), ('0030_hash_table.md', 'hash table'), ('hash-table.md', 'table hash'), ('HashTable.md', 'hash table'), ('Hash Table.qmd', 'hash'),
    ('02. Hash Table.md', 'table'), ('sub/Hash Table.md', 'hash table')]

@pytest.mark.parametrize('name,question', NAMED)
@pytest.mark.parametrize('text', ['## Time complexity\n\nO(1)\n', 'no heading at all\n'])
def test_a_note_is_listed_by_its_name(tmp_path, name, question, text):
    (tmp_path/name).parent.mkdir(exist_ok=True)
    (tmp_path/name).write_text(text)
    (tmp_path/'Other.md').write_text('## Space complexity\n')
    found = fastlistnbs(question, roots=str(tmp_path))
    assert [o.file.rpartition('/')[2] for o in found]==[name.rpartition('/')[2]] and [h.text for h in found[0].headings]==(['Time complexity'] if '#' in text else [])

def test_file_names_stand_beside_titles(tmp_path):
    (tmp_path/'0010_x.md').write_text('# Momentum\n')
    (tmp_path/'Adam.md').write_text('text\n')
    page = fastlistnbs(roots=str(tmp_path))._repr_markdown_()
    assert '** · 0010&#95;x.md · 1 heading' in page or '** · 0010_x.md · 1 heading' in page
    assert 'Adam.md' not in page.replace('Adam.md)', '')

def test_thousands_of_notes_are_folders_with_their_first_notes(tmp_path):
    found = fastlistnbs(roots=files(tmp_path, 700, folders=7))
    page, plain = found._repr_markdown_(), repr(found)
    assert len(found)==700 and page.count('<details>')==page.count('</details>')==7 and len(page)<400_000
    assert 'week 03 · 100 notes, 200 headings</summary>' in page and page.count('.md) ·')==700 and 'Searched 700 notebooks and notes' in page
    assert 'week 03: 100 notes, 200 headings' in plain and len(plain)<100_000
    assert found[699].headings[1].text=='How does 699 work?' or found[0].headings[1].link.url

@pytest.mark.parametrize('n', [200, 2_000])
@pytest.mark.parametrize('file', ['posts/{i}/index.md', 'posts/{m}/{i}/index.md', '{m}/deep/er/{i}/a note.md', '{i}/{i}/{i}.md'])
def test_a_folder_for_each_note_is_no_list_of_folders(tmp_path, file, n):
    for i in range(n):
        (at := tmp_path/file.format(i=i, m=i%7)).parent.mkdir(parents=True)
        at.write_text(f'# Quokka {i}\n\n## How does {i} work?\n')
    found = fastlistnbs(roots=str(tmp_path))
    page, plain = found._repr_markdown_(), repr(found)
    assert page.count('<summary><b>' if n==200 else '<summary>')<=100 and page.count('](')>=min(n, 990) and len(page)<400_000
    assert 'index.md' in page or 'note.md' in page or '199.md' in page
    assert n==200 or plain.count('\n')<1_500

def test_what_is_not_shown_costs_nothing(tmp_path):
    found = fastlistnbs(roots=files(tmp_path, 3_000, folders=3, text='text {i}\n'))
    assert found._repr_markdown_().count('.md) ·')<=1_000 and '667 more' in found._repr_markdown_()
    assert len(found.answer.hits._made)<=1_000

def test_any_number_of_lines_around_costs_the_same(tmp_path):
    (tmp_path/'a.md').write_text('# A\n\n'+'a wombat digs\n\nother\n\n'*2_000)
    found = fastnotes('wombat digs', n=10**9, roots=str(tmp_path))
    assert len(found)==1 and found[0].lines[0][0]==0

def test_a_terminal_says_where_each_of_many_equal_titles_stands(tmp_path, monkeypatch):
    for o in 'ab':
        (tmp_path/o).mkdir()
        (tmp_path/o/'setup.md').write_text('# Setup\n\n## Install\n\nquokka\n\n## Run\n\nquokka\n')
    monkeypatch.chdir(tmp_path)
    listed = repr(fastlistnbs())
    assert [l for l in listed.split('\n') if 'setup.md' in l]==['Setup · a/setup.md', 'Setup · b/setup.md']
    shown = repr(fastnbs('quokka', k=3)).split('\n')
    assert [l for l in shown if l[:4] in ('2 · ', '3 · ')] and not any(l.startswith(('1 · ', '4 · ')) for l in shown)

# ---- pictures in a terminal, and what a folder holds

# what stands in a section: (what the terminal shows of it, what it doesn't)
PICTURES = {'![a koala](img/koala.png)': '[picture: a koala]', '![](img/koala%20bear.png)': '[picture: koala bear.png]', '![](attachment:koala.png)': '[picture: koala.png]', '![[koala.png|300]]': '[picture: koala.png]',
            '![](data:image/png;base64,iVBORw0KGgo=)': '[picture]', '![ ](<koala.png> "title")': '[picture: koala.png]', 'two ![x](a.png) and ![y](b.png)': 'two [picture: x] and [picture: y]', '![a koala](https://example.org/k.png)': '[picture: a koala]',
            '`x` ![[note]]': '![[note]]', '[a link](a.png)': '[a link](a.png)', '```\n![a](b.png)\n```': '![a](b.png)', 'wow! [a](b.png)': 'wow! [a](b.png)'}

@pytest.mark.parametrize('typed', PICTURES)
def test_a_terminal_names_the_pictures(tmp_path, typed):
    (tmp_path/'a.md').write_text(f'# Quokka\n\nBefore the quokka.\n\n{typed}\n\nBehind the quokka.\n', encoding='utf-8')
    for text in (repr(fastnbs('quokka', roots=tmp_path)), repr(fastnbs('quokka', roots=tmp_path)[0])):
        assert PICTURES[typed] in text and 'Before the quokka.' in text and 'Behind the quokka.' in text
        if PICTURES[typed]!=typed and '`' not in typed: assert typed not in text

def test_a_terminal_says_where_a_stored_picture_is(tmp_path):
    from fastdebug.terminal import render_plain
    from notebooks import code, md, result, write
    shown = result({'image/png':'iVBORw0KGgo=', 'text/plain':'<Figure size 1x1>'})
    write(tmp_path/'a.ipynb', md('# Quokka'), code('plot(quokka)', shown, shown), md('Behind the quokka.'), code('print(1)', result({'text/plain':'a quokka'})))
    hits = fastnbs('quokka', roots=tmp_path)
    text = repr(hits)
    assert text.count('[picture]')==2 and text.index('plot(quokka)')<text.index('[picture]')<text.index('Behind the quokka.')
    marked = render_plain(hits[:1], open='<', close='>')
    assert marked.count('<quokka>')+marked.count('<Quokka>')==4 and marked.replace('<', '').replace('>', '').count('quokka')==text.count('quokka')

@pytest.mark.parametrize('names, said', [(('a.md',), '1 note'), (('a.md', 'b.qmd'), '2 notes'), (('a.ipynb',), '1 notebook'), (('a.ipynb', 'b.ipynb'), '2 notebooks'), (('a.ipynb', 'b.md'), '1 notebook, 1 note'),
                                         (('a.md', 'b.md', 'c.ipynb'), '1 notebook, 2 notes'), (('a.Rmd', 'b.ipynb', 'c.ipynb'), '2 notebooks, 1 note'), (('a.py', 'b.md', 'c.md'), '3 notes')])
def test_a_folder_is_counted_by_what_it_holds(names, said):
    from fastdebug.render import render_contents
    groups = [(f'Note {i}', '', [(1, f'Heading {i} {j}', '') for j in range(25)], name, 'here') for i,name in enumerate(names)]
    page = render_contents([*groups, *((f'Other {i}', '', [(1, f'Heading {i}', '')]*9, f'{i}.md', 'there') for i in range(6))])
    assert f'<b>here</b> · {said}, {25*len(names)} headings' in page and '<b>there</b> · 6 notes, 54 headings' in page
