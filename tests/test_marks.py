"""Marks are innocent: taken away they leave what was rendered without them, and they sit on the asked-for words only

What must be marked is said here without the code that marks: by the terms of `analyze`, over the text that GitHub's parser
sees outside of code, maths, pictures and blocks of HTML."""
import os,random,re
import html5lib,pytest
from cmarkgfm import markdown_to_html
from cmarkgfm.cmark import Options
from hypothesis import example, given, settings, strategies as st
from fastdebug.analyze import analyze, find_tokens
from fastdebug.core import Hit, Section
from fastdebug.highlight import CLOSE, OPEN, match_spans, show_marks
from fastdebug.query import parse_query
from fastdebug.render import caption, section_blocks
from fastdebug.rewrite import RenderOptions, rewrite_blocks, rewrite_inline, rewrite_markdown
from fastdebug.terminal import render_plain
from commonmark import corpus_files, parsed
from danger import lab, take_maths

MARK = '<mark style="background-color: #ffff00">'

def view_for(question):
    q = parse_query(question)
    return RenderOptions(terms=q.terms, stop=q.stop_terms)

def unmarked(text): return text.replace(MARK, '').replace('</mark>', '')
def bare(block): return block.replace(OPEN, '').replace(CLOSE, '') # as before marks are shown, for notes that hold marks of their own

# ---- what a reader sees, in runs of text between the borders of elements

HEADINGS = {'h1', 'h2', 'h3', 'h4', 'h5', 'h6'}
def ours(e): return e.tag=='mark' and 'style' in e.attrib # a note may have marks of its own
def seen_through(e): return ours(e) or e.tag=='span' # a span is how we write a dollar or a backslash that means itself

class Runs:
    "The text of a page: [(number of its heading or None, [(character, is it marked?), ...]), ...]; nothing of code and HTML blocks"
    def __init__(self, page):
        self.runs,self.heading = [(None, [])],None
        self.walk(html5lib.parse(page, namespaceHTMLElements=False).find('body'), False)

    def border(self): self.runs.append((self.heading, []))
    def say(self, text, marked): self.runs[-1][1].extend((c, marked) for c in text or '')

    def walk(self, e, marked):
        if e.tag in HEADINGS: self.heading = len(self.runs)
        if not seen_through(e): self.border()
        if e.tag in ('code', 'pre', 'div'): assert e.tag=='div' or not any(map(ours, e.iter('mark')))
        else:
            marked = marked or ours(e)
            self.say(e.text, marked)
            for c in e:
                self.walk(c, marked)
                self.say(c.tail, marked)
        if e.tag in HEADINGS: self.heading = None
        if not seen_through(e): self.border()

ADDRESS = re.compile(r'(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\[image(?:: [^\]]*)?\]|◆', re.I) # whole, or no prose

def places(text, terms):
    "Where in `text` a word stands whose analysed form is one of `terms`"
    free = [m.span() for m in ADDRESS.finditer(text)]
    found = [t for t in find_tokens(text, terms) if t.term in terms and not any(a<=t.start<b for a,b in free)]
    return {i for t in found for i in range(t.start, t.end)}

def check_words(md, view):
    "The marked words of rendered `md` are those that were asked for"
    rest,maths = take_maths(md)
    assert not any('mark' in m and MARK in m for m in maths)
    runs = Runs(markdown_to_html(re.sub(r'@@\d+@@', '◆', rest), Options.CMARK_OPT_UNSAFE)).runs
    texts = [(h, ''.join(c for c,_ in r), {i for i,(_,m) in enumerate(r) if m}) for h,r in runs]
    said = {h for h,text,_ in texts if h is not None and places(text, view.terms)}
    for h,text,got in texts:
        wanted = places(text, view.terms|view.stop if h in said else view.terms)
        assert got==wanted, (text, sorted(got), sorted(wanted))
    return sum(bool(got) for _,_,got in texts)

def shape(e):
    "An element with all that is in it, marks looked through"
    def inside(e):
        yield e.text or ''
        for c in e: yield from [*(inside(c) if ours(c) else [shape(c)]), c.tail or '']
    parts = []
    for o in inside(e):
        if isinstance(o, str) and parts and isinstance(parts[-1], str): parts[-1] += o
        else: parts.append(o)
    return e.tag, sorted(e.attrib.items()), parts

def tree(md): return shape(html5lib.parse(lab(md), namespaceHTMLElements=False))

def check(source, question):
    "All that is promised of marks, for one text and question; how many runs of text hold any"
    view = view_for(question)
    assert [bare(b) for b in rewrite_blocks(source, view)]==rewrite_blocks(source)
    plain,marked = rewrite_markdown(source), rewrite_markdown(source, view)
    if marked!=plain: assert tree(marked)==tree(plain)
    return check_words(marked, view)

# ---- generated texts

QUESTIONS = ['how does gradient accumulation work', 'gradient', 'the learning rate of lr_find', 'how to', 'fine tune', 'C# or c++', 'fine_tune 3e-4', '梯度 gradient', 'été', 'mark style color', 'code span div', 'x', 'what is a b c 1 2']
WORDS = ['gradient', 'Gradients', 'accumulate', 'accumulation', 'how', 'How', 'the', 'does', 'work', 'lr_find', 'fine_tune', 'FineTune', 'fine-tune', 'C#', '3e-4', '梯度下降', 'été', 'E\u0301te\u0301', 'rate', 'x', 'a', 'mark',
    'style', 'color', 'span', 'div', 'code', 'other', 'zebra', "don't", '1', '2.5', '&amp;', '\\*', '\\$', '$', '*', '_', '!', '<', '>', '#', '|', '[', ']', '`', '~', '🙂', '\u200b', '\ufdd0', '\xa0']
word = st.sampled_from(WORDS)
words = st.lists(word, min_size=1, max_size=5).map(' '.join)
plain = st.lists(st.sampled_from(WORDS[:29]), min_size=1, max_size=4).map(' '.join)
inline = st.one_of(words, words, plain.map('*{}*'.format), plain.map('**{}**'.format), plain.map('~~{}~~'.format), plain.map('`{}`'.format), plain.map('`` {} ` ``'.format), plain.map('${}$'.format),
    st.builds('[{}](https://e.org/{})'.format, plain, st.sampled_from(['gradient', 'how?a=work#rate', 'lr_find'])), plain.map('![{}](gradient.png)'.format), plain.map('<b>{}</b>'.format), plain.map('<code>{}</code>'.format), plain.map('<code>a *{}* b</code>'.format),
    plain.map('<a href="gradient.html" title="how">{}</a>'.format), st.sampled_from(['https://e.org/gradient/how', '<https://gradient.org>', 'gradient@work.org', 'www.gradient.org/rate', '<br>', '[gradient]', '[how][x]', 'a<!-- gradient -->',
    '\\begin{gradient}', '&lt;gradient&gt;', '<gradient@work.org>'])).map(lambda o: ' '+o+' ')
line = st.lists(st.one_of(inline, words), min_size=1, max_size=5).map(lambda o: ' '.join(o).strip())
block = st.one_of(line, line, line.map('# {}'.format), line.map('### {}'.format), line.map('{}\n==='.format), line.map('> {}'.format), line.map('- {}'.format), st.builds('1. {}\n   - {}'.format, line, line),
    line.map('```python\n{}\n```'.format), line.map('    {}'.format), line.map('$$\n{}\n$$'.format), st.builds('| {} | gradient |\n|---|---|\n| how | {} |'.format, plain, plain), line.map('<div title="gradient">\n{}\n</div>'.format),
    line.map('\\begin{{align}}{}\\end{{align}}'.format), st.just('[x]: /gradient "how"'), st.just('---'))
note = st.lists(block, min_size=1, max_size=5).map('\n\n'.join)

CASES = int(os.environ.get('FASTDEBUG_MARKS', 1))

@settings(max_examples=2500*CASES, deadline=None)
@given(note, st.sampled_from(QUESTIONS))
@example('# how does `gradient` work', 'how gradient')
@example('# how fine*tune* works', 'how finetune')
@example('gradient@work.org', 'gradient')
@example('a <code>gradient</code>', 'gradient')
def test_generated_notes(source, question): check(source, question)

@settings(max_examples=1000*CASES, deadline=None)
@given(st.text(max_size=80), st.text(max_size=20))
def test_any_text_and_any_question(source, question):
    assert [bare(b) for b in rewrite_blocks(source, view_for(question))]==rewrite_blocks(source)

@settings(max_examples=500*CASES, deadline=None)
@given(line, st.sampled_from(QUESTIONS))
def test_generated_headings(heading, question):
    heading,view = ' '.join(heading.split()),view_for(question)
    marked = show_marks(rewrite_inline(heading, view))
    assert unmarked(marked)==show_marks(rewrite_inline(heading))
    check_words('### '+marked if marked else '', view)

# ---- stop words, by the rule

RULED = {'# How does Gradient work':'How Gradient work', '# How are you':'', '# How does `gradient` go':'', '# How fine*tune* goes':'', 'How does gradient go':'gradient', '# Gradient\n\nhow':'Gradient',
    '| how gradient |\n|---|\n| how |':'gradient', '# [How](u) gradients *how*':'How gradients how', '> # how gradient':'how gradient', '- how gradient':'gradient'}

@pytest.mark.parametrize('source', RULED)
def test_stop_words_only_in_a_heading_beside_a_marked_word(source):
    found = re.findall(MARK+'(.*?)</mark>', rewrite_markdown(source, view_for('how gradient work finetune')))
    assert ' '.join(found)==RULED[source]

def test_a_question_of_stop_words_marks_them_as_its_content(): assert 'how' in analyze('how') and view_for('how to').terms >= {'how', 'to'}

# ---- real notes

def question_for(section, rng):
    "A question whose words stand in the section"
    said = re.findall(r'\w{2,}', section.text) or ['gradient']
    return ' '.join(['how', *rng.sample(said, min(3, len(said))), 'the'])

CAPTION = r'<small>(?:line \d+|first line): .*</small>'
def is_caption(block): return re.fullmatch(CAPTION, block)
def without_captions(block): return re.sub(rf'(?m)^([ >]*){CAPTION}\n[ >]*\n', '', block) # in lists, quotes and folds

def check_section(section, question):
    "The blocks of a shown section differ by marks and captions only"
    view = view_for(question)
    marked = section_blocks(section, view, limit=10**9)
    assert [without_captions(bare(b)) for b in marked if not is_caption(b)]==section_blocks(section, limit=10**9)
    return check(section.prose, question)

def test_sections_of_the_corpora(shared):
    rng,seen = random.Random(0),0
    sections = [s for p in corpus_files(shared/'corpora') for s in parsed(p).sections if len(s.text)<30_000]
    for s in sections if CASES>1 else rng.sample(sections, 500):
        seen += check_section(s, question_for(s, rng)) > 0
    assert seen>300

# ---- code, and terminals

def test_captions_name_the_lines_and_words_of_code(shared):
    rng,seen = random.Random(1),0
    sections = [s for p in corpus_files(shared/'corpora') for s in parsed(p).sections if s.code]
    for s in rng.sample(sections, 300):
        view,said = view_for(question_for(s, rng)),{}
        for i,l in enumerate(s.code.split('\n'), 1):
            if at := places_in_code(l, view.terms): said[i] = at
        got = show_marks(caption(s.code, view, most=10**6), '\x01', '\x02')
        named = {int(n):re.findall('\x01(.*?)\x02', words) for n,words in re.findall(r'line (\d+): ((?:(?!; line).)*)', got)}
        assert named.keys()==said.keys()
        seen += len(said)
    assert seen>300

def places_in_code(line, terms): return {t.term for t in find_tokens(line, terms)} & terms

@settings(max_examples=500*CASES, deadline=None)
@given(note, st.sampled_from(QUESTIONS))
def test_terminal(source, question):
    terms = parse_query(question).terms
    spans = match_spans(source, terms)
    assert {i for a,b in spans for i in range(a, b)}=={i for t in find_tokens(source, terms) if t.term in terms for i in range(t.start, t.end)}
    hit = Hit(Section('a.md', 0, 'x', (), 1, source, (0, len(source))), 1., terms)
    shown = render_plain([hit], open='\x01', close='\x02')
    assert shown.replace('\x01', '').replace('\x02', '')==render_plain([hit]) and shown.count('\x01')==shown.count('\x02')==len(spans)
