"One named test for each fault that tools of this kind are known for"
import os,re
from pathlib import Path
from urllib.parse import unquote
import pytest
from fastdebug.utils import fastlistnbs, fastnbs, fastnotes
from notebooks import code, md, write
import commonmark

@pytest.fixture(autouse=True)
def book(reader):
    "The reader's folder, to write notes in"
    return reader

def ask(question, **kw): return fastnbs(question, k=50, roots='.', **kw)
def headings(hits): return [h.section.heading for h in hits]
def marked(text): return re.findall(r'<mark[^>]*>(.*?)</mark>', text)
def shown(hits): return hits._repr_markdown_()

def test_heading_text_repeated_in_a_file(book):
    "Each of two sections of the same name is found by its own words, and shown with its own text"
    write(book/'a.ipynb', md('# Animals'), md('## Diet\n\nwombats graze'), md('## Diet\n\nquokkas browse'))
    wombat,quokka = ask('wombats graze'),ask('quokkas browse')
    assert (wombat[0].section.number, quokka[0].section.number)==(1, 2)
    assert 'quokkas' not in wombat[0].section.text and 'wombats' not in quokka[0].section.text
    assert [h.text for o in fastlistnbs(roots='.') for h in o.headings]==['Animals', 'Diet', 'Diet']

def test_a_heading_that_is_the_prefix_of_another(book):
    "A short heading doesn't end or swallow the longer one"
    write(book/'a.ipynb', md('## How to fit\n\nshort'), md('## How to fit a line\n\nlong'), md('## How to fit a line by hand\n\nlonger'))
    assert {h.section.heading:h.section.prose.split('\n')[-1] for h in ask('how to fit')}=={'How to fit':'short', 'How to fit a line':'long', 'How to fit a line by hand':'longer'}
    assert ask('how to fit a line')[0].section.heading=='How to fit a line'

def test_hashes_in_a_comment_inside_a_fence(book):
    write(book/'a.ipynb', md('# Loop\n\n```python\n## the quokka step\nx = 1\n```\n\nafter it'), code('## another quokka\ny = 2'))
    hit, = ask('quokka')
    assert hit.section.heading=='Loop' and 'after it' in hit.section.text and 'y = 2' in hit.section.text
    assert [h.text for o in fastlistnbs(roots='.') for h in o.headings]==['Loop']

def test_capitals_are_not_lost_in_marking(book):
    write(book/'a.ipynb', md('# The DataLoader of QUOKKA\n\nQuokka, quokka.'))
    assert marked(shown(ask('quokka dataloader')))==['DataLoader', 'QUOKKA', 'Quokka', 'quokka']

def test_a_link_in_a_heading_is_not_broken_by_marking(book):
    write(book/'a.ipynb', md('# See [the quokka](https://example.org/quokka?see=the#quokka) here'))
    text = shown(ask('see the quokka'))
    assert 'https://example.org/quokka?see=the#quokka' in commonmark.read(text, html=True).links
    assert marked(next(o for o in text.split('\n') if o.startswith('#')))==['See', 'the', 'quokka']

def test_c_sharp_in_a_heading(book):
    "The hash is part of the heading, of the answer and of the link"
    write(book/'a.ipynb', md('# Why C# and F#\n\ntypes', id=''), md('# Why C\n\npointers', id=''))
    hit = ask('why C# types')[0]
    assert hit.section.heading=='Why C# and F#' and unquote(hit.links[0].url)=='a.ipynb#Why-C#-and-F#' and hit.links[0].url.count('#')==1
    assert '### Why C# and F#' in re.sub('</?mark[^>]*>', '', shown(ask('types'))).replace('&#35;', '#')

def test_a_note_without_a_notebook(book):
    write(book/'a.ipynb', md('# Wombat'))
    (book/'only.md').write_text('# Quokka\n\nA note of its own.\n')
    hit, = ask('quokka')
    assert hit.section.file==str(book/'only.md') and hit.links[0].url=='only.md#Quokka' and 'A note of its own' in shown(ask('quokka'))

def test_no_server_running(book, tmp_path):
    write(book/'a.ipynb', md('# Quokka'))
    assert not (tmp_path/'runtime').exists()
    assert ask('quokka')[0].links[0].url=='a.ipynb#cell-id=cell-0'
    (tmp_path/'runtime').mkdir()
    (tmp_path/'runtime/jpserver-1.json').write_text('{"url": "http://localhost:1/", "pid": 99999999, "root_dir": "/"}') # it died without tidying up
    assert ask('quokka')[0].links[0].url=='a.ipynb#cell-id=cell-0'

def test_folder_names_with_dots(book):
    for o in ('v1.2/a.b', 'lesson.md/x', 'data.ipynb'): write(book/o/'note.one.ipynb', md('# Quokka'))
    assert {h.section.file for h in ask('quokka')}=={str(book/o/'note.one.ipynb') for o in ('v1.2/a.b', 'lesson.md/x', 'data.ipynb')}
    for h in ask('quokka'): assert Path(os.path.normpath(book/unquote(h.links[0].url.partition('#')[0])))==Path(h.section.file)

def test_a_double_space_in_the_query(book):
    write(book/'a.ipynb', md('# Animals'), md('# Quokka diet\n\nleaves'), md('# Other\n\nnothing'))
    first = [(h.section.number, h.score) for h in ask('quokka diet')]
    for q in ('quokka  diet', '  quokka\tdiet ', 'quokka\u3000 \n diet'): assert [(h.section.number, h.score) for h in ask(q)]==first
    assert headings(ask('quokka  diet'))==['Quokka diet']

def test_a_one_letter_word_does_not_match_everything(book):
    write(book/'book.ipynb', md('# Matrix\n\nexample box axis'), md('# Slope\n\nHere x grows.'), md('# R\n\na language'))
    assert headings(ask('x'))==['Slope'] and marked(shown(ask('x')))==['x']
    assert headings(ask('r'))==['R'] and {h.section.heading for h in ask('a')}=={'R'}

def test_stop_words_only(book):
    write(book/'a.ipynb', md('# Animals'), md('# How to\n\nsteps'), md('# Quokka\n\nnone'))
    assert headings(ask('how to'))==['How to'] and headings(fastnotes('how to', roots='.'))==['How to']
    assert not ask('whose') and 'Searched' in repr(ask('whose'))

def test_results_are_not_in_directory_order(book):
    "The best comes first, whatever its file is called, and the order does not depend on when a file was written"
    for i,name in enumerate('zebra apple mango'.split()): write(book/f'{name}.ipynb', md(f'# Note {i}\n\n'+'words '*50+'quokka once'))
    write(book/'middle.ipynb', md('# Quokka\n\nAll about the quokka.'))
    before = [(h.section.file, h.section.heading) for h in ask('quokka')]
    assert before[0]==(str(book/'middle.ipynb'), 'Quokka') and len(before)==4
    for name in ('apple', 'zebra'): (book/f'{name}.ipynb').write_text((book/f'{name}.ipynb').read_text()+'\n')
    assert [(h.section.file, h.section.heading) for h in ask('quokka')]==before

def test_a_file_in_the_wrong_encoding_does_not_end_the_search(book):
    (book/'a.md').write_bytes('# Größe\n\nquokka'.encode('latin-1'))
    (book/'b.ipynb').write_bytes(b'{"cells": [{"cell_type": "markdown", "source": "# \xff quokka"}]}')
    write(book/'z.ipynb', md('# Quokka'))
    answer = ask('quokka')
    assert headings(answer)==['Quokka'] and all(o in repr(answer) for o in ('a.md: not UTF-8', 'b.ipynb: not UTF-8'))

def test_an_h4_does_not_swallow_the_following_h2(book):
    write(book/'a.ipynb', md('# Top\n\n#### Deep\n\nquokka'), code('deep = 4'), md('## Next\n\nwombat'), code('next = 2'))
    deep,following = ask('quokka')[0].section,ask('wombat')[0].section
    assert (deep.heading, deep.code, deep.path)==('Deep', 'deep = 4', ('Top',)) and 'wombat' not in deep.text
    assert (following.heading, following.code, following.path)==('Next', 'next = 2', ('Top',))

def test_text_before_the_first_heading_is_not_lost(book):
    write(book/'a.ipynb', code('import quokka'), md('Words about the wombat.'), md('# Start'))
    (book/'b.md').write_text('---\ntitle: B\n---\nAn echidna first.\n\n# Then\n')
    for word in ('wombat', 'quokka', 'echidna'):
        hit, = ask(word)
        assert hit.section.heading=='' and hit.section.level==0 and word in hit.section.text
    assert '(before the first heading)' in shown(fastnotes('wombat', roots='.'))
