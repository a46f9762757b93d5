"Pictures, tables and links of a section are there when it is shown, wherever the reader sits"
import base64,io,os
from pathlib import Path
from urllib.parse import unquote
import pytest
from PIL import Image
from fastdebug.utils import fastnbs
from notebooks import code, md, result, write
import commonmark

def picture(color, kind='PNG', size=(8, 8)):
    out = io.BytesIO()
    Image.new('RGB', size, color).save(out, kind)
    return out.getvalue()

def b64(data): return base64.b64encode(data).decode()

RED,GREEN,BLUE,GREY = (picture(o) for o in ('red', 'green', 'blue', 'grey'))

TABLE = Path(__file__).parent/'data/pandas_table.html' # as pandas writes one

SECTION = '''## How does the quokka look?

![relative](../images/red%20one.png) and ![pasted](attachment:green.png) and <img src="../images/grey.png" width="50">

See [the book], [its neighbour](../other/next.ipynb#Two) and [itself](#End).
'''

@pytest.fixture
def book(tmp_path):
    "A notebook with everything in one section, in a folder of its own"
    table = TABLE.read_text(encoding='utf-8')
    top = tmp_path/'book'
    (top/'images').mkdir(parents=True)
    (top/'images/red one.png').write_bytes(RED)
    (top/'images/grey.png').write_bytes(GREY)
    write(top/'nbs/a.ipynb', md('# Animals'), md(SECTION, attachments={'green.png':{'image/png':b64(GREEN)}}),
        code('plt.plot(weights)', result({'text/plain':'<Figure size 640x480 with 1 Axes>', 'image/png':b64(BLUE)+'\n'})),
        code('table', result({'text/plain':'   animal  kilos\n0  quokka    3.5\n1  wombat   26.0', 'text/html':table})),
        code('print(3.5)', {'output_type':'stream', 'name':'stdout', 'text':['3.5 kilos\n']}),
        md('# End\n\n[the book]: ../other/book.md "Quokkas"\n'))
    write(top/'other/next.ipynb', md('# One\n\n# Two'))
    return top

@pytest.fixture(params=['elsewhere', 'book/nbs', 'book/other/deep'])
def shown(request, book, tmp_path, monkeypatch):
    "The answer as read from several folders"
    here = tmp_path/request.param
    here.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(here)
    monkeypatch.delenv('JPY_SESSION_NAME', raising=False)
    monkeypatch.setenv('JUPYTER_RUNTIME_DIR', str(tmp_path/'runtime'))
    hits = fastnbs('how does the quokka look', roots=book)
    assert hits[0].section.heading=='How does the quokka look?'
    return commonmark.read(hits._repr_markdown_(), html=True)

def opens(url, here=None): return Path(os.path.normpath(Path(here or os.getcwd())/unquote(url.partition('#')[0])))

def bytes_of(url): return base64.b64decode(url.split('base64,')[1]) if 'base64,' in url else None

@pytest.mark.parametrize('what', {'relative image': RED, 'attachment': GREEN, 'stored plot': BLUE, 'image in HTML': GREY}.items(), ids=lambda o: o[0])
def test_pictures_are_embedded(shown, what):
    assert what[1] in [bytes_of(o) for o in shown.images], what[0]

def test_nothing_is_fetched(shown): assert shown.images and all(o.startswith('data:image/') for o in shown.images)

def test_the_pandas_table_is_a_table(shown):
    cells = [t.strip() for _,t in shown.cells]
    assert cells==['', 'animal', 'kilos', '0', 'quokka', '3.5', '1', 'wombat', '26.0']

def test_printed_text_is_shown(shown): assert '3.5 kilos' in [t.strip() for _,t in shown.code]

def test_a_link_defined_elsewhere_in_the_file_leads_there(shown, book): assert book/'other/book.md' in map(opens, shown.links)

def test_relative_links_are_seen_from_the_reader(shown, book):
    urls = {(opens(u), u.partition('#')[2]) for u in shown.links}
    assert {(book/'other/next.ipynb', 'Two'), (book/'nbs/a.ipynb', 'End')} <= urls

def test_remote_images_become_links_unless_wanted(tmp_path):
    write(tmp_path/'n/a.ipynb', md('# Quokka\n\n![far](https://example.org/a.png) <img src="https://example.org/b.png">'))
    urls = {'https://example.org/a.png', 'https://example.org/b.png'}
    as_links = commonmark.read(fastnbs('quokka', roots=tmp_path/'n')._repr_markdown_(), html=True)
    assert not as_links.images and urls <= set(as_links.links)
    wanted = commonmark.read(fastnbs('quokka', roots=tmp_path/'n', remote_images=True)._repr_markdown_(), html=True)
    assert set(wanted.images)==urls

def test_images_outside_of_the_roots_are_not_read(tmp_path):
    (tmp_path/'secret.png').write_bytes(RED)
    write(tmp_path/'n/a.ipynb', md(f'# Quokka\n\n![x](../secret.png) ![y]({tmp_path}/secret.png)'))
    assert b64(RED)[:40] not in fastnbs('quokka', roots=tmp_path/'n')._repr_markdown_()

def test_without_outputs_on_request(book):
    shown = commonmark.read(fastnbs('how does the quokka look', roots=book, output=False)._repr_markdown_(), html=True)
    assert not shown.cells and BLUE not in [bytes_of(o) for o in shown.images] and RED in [bytes_of(o) for o in shown.images]

def test_a_large_picture_is_made_smaller(tmp_path):
    noise = Image.effect_noise((1200, 1200), 90)
    noise.save(out := io.BytesIO(), 'PNG')
    assert len(b64(out.getvalue()))>1_000_000
    write(tmp_path/'n/a.ipynb', md('# Quokka'), code('plot()', result({'image/png':b64(out.getvalue())})))
    image, = commonmark.read(fastnbs('quokka', roots=tmp_path/'n')._repr_markdown_(), html=True).images
    assert len(image)<=200_100 and Image.open(io.BytesIO(bytes_of(image))).size[0]>=400

def test_a_long_output_is_cut_and_says_so(tmp_path):
    write(tmp_path/'n/a.ipynb', md('# Quokka'), code('run()', {'output_type':'stream', 'name':'stdout', 'text':''.join(f'row {i}\n' for i in range(1000))}))
    text = fastnbs('quokka', roots=tmp_path/'n')._repr_markdown_()
    assert 'row 39\n' in text and 'row 40\n' not in text and '960 more lines left out (limit 40)' in text

def test_folded_hits_carry_no_pictures(book):
    write(book/'nbs/b.ipynb', md('# How does the quokka look, exactly?'), code('p', result({'image/png':b64(picture('pink'))})))
    hits = fastnbs('how does the quokka look', roots=book)
    text = hits._repr_markdown_()
    assert len(hits)>1 and b64(picture('pink')) not in text and '<details>' in text
