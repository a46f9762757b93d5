"Nothing found can run: payloads in every place of a note, shown by several Markdown parsers, judged by HTML5 parsers"
import random,re
from dataclasses import replace
import html5lib,pytest
from fastdebug.core import Hit, Section
from fastdebug.highlight import show_marks
from fastdebug.maths import open_lines
from fastdebug.render import render_answer, render_contents, render_notes
from fastdebug.rewrite import RenderOptions, rewrite_inline, rewrite_markdown
from fastdebug.terminal import render_plain, render_text
from danger import PARSERS, find_danger, marked, take_maths
from payloads import FRAMES, PAYLOADS, VIEWS, evil_hit


def shown(source, view): return rewrite_markdown(source, view)

def check(sources):
    pages = [(s, shown(s, v)) for s in sources for v in VIEWS]
    for source,md in dict.fromkeys(pages):
        for name,parse in PARSERS.items():
            assert not (bad := find_danger(parse(md))), f'{name}: {bad}\nfrom {source!r}\nas {md!r}'
    split = [take_maths(md) for _,md in pages]
    direct,rest = marked([md for _,md in pages]),marked([r for r,_ in split])
    for (source,md),(_,maths),d,r in zip(pages, split, direct or (), rest or ()):
        for page in (d, re.sub(r'@@(\d+)@@', lambda m: maths[int(m[1])] if int(m[1])<len(maths) else '', r)):
            assert not (bad := find_danger(page)), f'marked: {bad}\nfrom {source!r}\nas {md!r}'


def test_the_judge_sees_danger():
    "Shown as they are, nearly all payloads are dangerous to at least one parser: the test can fail"
    missed = [p for p in PAYLOADS if not any(find_danger(parse(p)) for parse in PARSERS.values())]
    assert len(PAYLOADS)>=200 and len(missed)<len(PAYLOADS)/3, missed


@pytest.mark.parametrize('frame', FRAMES)
def test_payload_in_frame(frame): check([frame.format(p, p) for p in PAYLOADS])


@pytest.mark.parametrize('seed', range(4))
def test_payloads_mixed(seed):
    rng = random.Random(seed)
    glue = ['', '', ' ', '\n', '\n\n', '$', '`', '"', '\n```\n', '\n- ', '\n> ', '|', '<b>', '*']
    def one():
        bits = [rng.choice(PAYLOADS) if rng.random()<.6 else (p := rng.choice(PAYLOADS))[:rng.randrange(1, len(p)+1)] for _ in range(rng.randrange(2, 5))]
        return ''.join(b+rng.choice(glue) for b in bits)
    check([one() for _ in range(400)])


@pytest.mark.parametrize('html', [False, True])
def test_headings(html):
    for p in PAYLOADS:
        line = show_marks(rewrite_inline(p, RenderOptions(terms=VIEWS[1].terms, html=html, links=not html)))
        for page in [f'<details><summary>{line}</summary>\n\nx\n\n</details>', f'### {line}', f'- [{line}](x)']:
            for name,parse in PARSERS.items(): assert not (bad := find_danger(parse(page))), f'{name}: {bad}\nfrom {p!r}\nas {page!r}'


def folds(page):
    "How many folds stand at the top of `page`, and is the last note there?"
    body = html5lib.parse(page, namespaceHTMLElements=False).find('body')
    return len(body.findall('details')), any('the end' in (e.text or '') for e in body.iter('small'))


def own_folds(md):
    "How many folds `md` begins outside of code and of other folds: a note's own fold may stand inside that of its hit"
    depth = top = 0
    for line in (md[a:b] for a,b in open_lines(md)):
        begins = line.startswith(('<details>', '<details open>'))
        top   += begins and depth==0
        depth += begins - line.startswith('</details>')
    assert depth==0, md
    return top


def long_list(p): return [(p, p, [(2, p, p), (4, p, 'a#'+p), *[(3, 'b', 'b')]*n], p, f'{p} {n}') for n in (1, 60)]


@pytest.mark.parametrize('view', VIEWS[1:])
def test_answers(view):
    "Payloads in every field of a hit: nothing runs, and no fold is ended or swallowed"
    rng = random.Random(1)
    for p in PAYLOADS:
        hit = evil_hit(p, rng.choice(PAYLOADS))
        plain = Hit(Section('a', 0, 'Plain', (), 2, '## Plain', (0, 8)), 1.0)
        answers = [render_answer([hit, hit, plain], view, [p, 'the end']), render_answer([], view, [p, 'the end'], lead=p),
            render_answer([plain, hit], view, [p, 'the end'], lead=p), render_notes([replace(hit, lines=((0, 0), (2, 9)))], view, [p, 'the end']),
            render_contents([(p, p, [(2, p, p), (4, p, 'a#'+p), (3, p, 'b')])], view, [p, 'the end']), render_contents(long_list(p), view, [p, 'the end'])]
        for md in answers:
            for name,parse in PARSERS.items():
                page = parse(md)
                assert not (bad := find_danger(page)), f'{name}: {bad}\nfrom {p!r}\nas {md!r}'
                if name!='mistune': assert folds(page)==(own_folds(md), True), (name, p, md)


def test_terminal():
    "No control character of a note reaches the terminal"
    for p in [*PAYLOADS, '\x1b[2J', '\x1b]0;x\x07', '\x9b31m', '\x1bP+q\x1b\\', '\r\x08x', '\u202ex']:
        hit = evil_hit(p, '\x1b[31m\x1b]8;;http://e\x07')
        bare = render_plain([hit, hit], [p], folded=False) + render_text([hit, hit], [p], color=False) + render_plain([hit], lead=p) + render_text([hit, hit], lead=p, color=False)
        colored = re.sub('\x1b\\[[0-9;]*m|\x1b\\]8;;[!-~]*\x1b\\\\', '', render_text([hit, hit], [p], lead=p))
        assert not re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]', bare+colored), p
