"""Whatever a note holds: when `fastnbs`, `fastnotes` and `fastlistnbs` have shown it in JupyterLab, as outputs it trusts, nothing has run,
nothing has been asked for outside of the server, and the page around the output is as it was."""
import sys

import pytest

from hostile import AROUND, INSIDE, MARKDOWN, NAMES, OUTPUTS, SCROLL, SETTLE, Trap, fill, write_notes
from danger import commonmark

SHOW = '''from fastdebug.utils import *
for w in {words!r}: display(fastnbs(w, k=4, roots='evil'), fastnotes(w, roots='evil'))'''


def around(page):
    "What stands around the answers, once it stands still: JupyterLab draws cells that came into view a moment later"
    seen = page.evaluate(AROUND)
    for _ in range(40):
        page.wait_for_timeout(250)
        last, seen = seen, page.evaluate(AROUND)
        if last==seen: break
    return seen


@pytest.fixture
def trap():
    t = Trap()
    yield t
    t.server.shutdown()
    t.server.server_close()


def test_the_payloads_are_real(browser, trap):
    "Shown raw, each in a frame of its own, most of them run or load something: the test below can fail"
    context,ran = browser.new_context(),set()
    context.expose_binding('ran', lambda source, n: ran.add(n))
    page = context.new_page()
    page.goto(f'{trap.url}/blank')
    page.evaluate("""raw => raw.map(text => {
        const doc = document.body.appendChild(document.createElement('iframe')).contentDocument;
        doc.write(text); doc.close();
        doc.querySelectorAll('a').forEach(e => e.dispatchEvent(new MouseEvent('click', {bubbles:true, cancelable:true}))) })""",
        [commonmark(fill(p, n, trap.url)) for n,p in enumerate(MARKDOWN)])
    def live(): return ran | {int(p.split('/')[1]) for p in trap.asked if p.split('/')[1].isdigit()}
    for _ in range(300):   # some frames load themselves again and again, so the network is never idle
        if len(live())>=40: break
        page.wait_for_timeout(100)
    context.close()
    assert len(live())>=40, [p for n,p in enumerate(MARKDOWN) if n not in live()]


def test_nothing_in_a_note_can_run(reader, trap):
    (reader.folder/'evil').mkdir()
    words = write_notes(reader.folder/'evil', trap.url)
    assert len(words)>=120 and (len(words)==len(MARKDOWN)+len(OUTPUTS)+len(NAMES) or sys.platform!='linux')
    names,page,ran = list(words),reader.page,[]
    groups = [names[i:i+20] for i in range(0, len(names), 20)]   # JupyterLab hides all but 50 outputs of a cell
    page.context.expose_binding('ran', lambda source, n: ran.append(n))
    reader.write('ask.ipynb', '1', *(SHOW.format(words=g) for g in groups), "fastlistnbs(roots='evil')", '2')
    page.set_viewport_size({'width':1300, 'height':2400})
    reader.open('ask.ipynb')
    before = around(page)
    reader.run(len(groups)+3)
    page.evaluate(SCROLL)
    page.evaluate(SETTLE)
    inside,after = page.evaluate(INSIDE),around(page)
    assert not inside['bad'] and not ran and not reader.dialogs
    assert not trap.asked and not reader.foreign(), (trap.asked, reader.foreign())
    assert {k:after[k] for k in after if after[k]!=before[k]}.keys()<={'where'}, (before, after)
    assert after['where'].split('?')[0]==before['where'].split('?')[0]
    *answers,contents = inside['texts']
    assert len(answers)==2*len(names)
    for i,word in enumerate(names):
        for text in answers[2*i:2*i+2]: assert word in text and 'Nothing found' not in text, f'{words[word]!r} was not shown'
        assert word in contents, f'{words[word]!r} is not in the list'


def test_a_raw_payload_does_run(reader, trap):
    "The same page, with answers that aren't ours: scripts run, requests leave, and all of it is seen"
    ran,page = [],reader.page
    page.context.expose_binding('ran', lambda source, n: ran.append(n))
    reader.write('ask.ipynb', f"from IPython.display import Markdown, display\nfor t in ['<script>ran(1)</script>', '<img src=x onerror=ran(2)>', "
        f"'<img src={trap.url}/3>', '<style>.jp-Toolbar{{{{display:none!important}}}}</style>']: display(Markdown(t))".replace('{{', '{').replace('}}', '}'), '2')
    reader.open('ask.ipynb')
    before = page.evaluate(AROUND)
    reader.run(2)
    page.locator('.jp-OutputArea-output').nth(4).wait_for(state='attached')
    page.evaluate(SETTLE)
    assert {1, 2}<={*ran} and trap.asked==['/3'] and reader.foreign()==[f'{trap.url}/3']
    assert page.evaluate(AROUND)['toolbar']!=before['toolbar'] and page.evaluate(INSIDE)['bad']
