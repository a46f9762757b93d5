"""After anything that can happen to a folder, the index answers as if it had just been made, and finds what a plain scan finds.

A state machine changes files, folders, rules and settings at random. After each change the answers of a kernel that saw all of it,
and of one that has just been started, are compared with two others:

- A scan written here. It walks the folders with `os.walk`, decides what is ignored by rules of its own, and decides by Python's
  `in` which sections hold the words that were asked for. Only the cutting of a file into sections (`parse_document`) and the
  comparing of one note with one notebook (`heading_overlap`) are the library's. Which sections match doesn't come from the index,
  its analysis, its manifest, or its ranking: the words are made up so that none is part of another or has a stem of its own.
- An index made this moment from the same files in an empty folder: the same sections, in the same order, with the same scores."""
import json,os,re,shutil,tempfile
from pathlib import Path
import pytest
from hypothesis import HealthCheck, note, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from fastdebug.analyze import STOP_WORDS, stem
from fastdebug.config import find_config
from fastdebug.core import ParseError
from fastdebug.parse import parse_document
from fastdebug.search import Searcher
from fastdebug.sources import decode, natural_key, read_bytes
from fastdebug.twins import heading_overlap, prose_share
from fastdebug.utils import find_searcher
from notebooks import code, md

WORDS = 'zuvax', 'zuvox', 'bilom', 'kordu', 'fenip', 'guhab', 'jotik', 'mulod' # the first two are one letter apart, for spelling
TYPO = 'zuvix' # one letter from both of them
FOLDERS = '.', 'one', 'one/deep', 'two'
STEMS = 'alpha', 'beta', 'gamma'
EXTS = '.ipynb', '.md', '.qmd', '.py'
IGNORE = '', 'two/', '*.qmd', 'alpha.*\n!alpha.md', '/one/*.md', 'deep'
ROOTS = ('.',), ('one',), ('one', 'two'), ('two/alpha.md', 'one'), None # None: what settings.ini says
SETTINGS = '', 'roots = .', 'roots = one, two', 'roots = two'
RAM = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None # a disk on which a commit waits for nothing, where there is one
SAVED = 5_000_000_000 # ns since 1970: the time that every careless program sets

# ---- what is written

sections = st.lists(st.tuples(st.sampled_from(WORDS), st.lists(st.sampled_from(WORDS), max_size=4)), max_size=5)
sources = st.sampled_from(['', '', '', *(f'{o}.ipynb' for o in STEMS), '../one/beta.ipynb'])

def heading(h): return f'# {h}'

def as_file(ext, parts, source=''):
    "The bytes of a file with these sections"
    if ext=='.ipynb': return json.dumps(dict(cells=[c for h,ws in parts for c in (md(heading(h)), code(' '.join(ws)))], metadata={}, nbformat=4, nbformat_minor=4)).encode()
    if ext=='.py': return ''.join(f'# %% [markdown]\n# # {h}\n\n# %%\nx = "{" ".join(ws)}"\n\n' for h,ws in parts).encode() or b'x = 1\n'
    front = f'---\nsource: {source}\njupyter: python3\n---\n\n' if source else ''
    return (front + '\n\n'.join(f'{heading(h)}\n\n{" ".join(ws)}' for h,ws in parts)).encode()

# ---- the slow and obvious way

def ignored(rules, top, path):
    "Does one of the patterns above hide `path`? Written for just these patterns"
    rel = path.relative_to(top).as_posix()
    folders, name = rel.split('/')[:-1], rel.split('/')[-1]
    hidden = False
    for r in rules.split('\n'):
        if r=='two/': hidden |= 'two' in folders
        if r=='deep': hidden |= 'deep' in folders
        if r=='*.qmd': hidden |= name.endswith('.qmd')
        if r=='alpha.*': hidden |= name.startswith('alpha.')
        if r=='!alpha.md' and name=='alpha.md': hidden = False
        if r=='/one/*.md': hidden |= folders==['one'] and name.endswith('.md')
    return hidden

def rules_for(top, root):
    "What `.gitignore` says about a root: one above it counts in a repository only, and not if it hides the root itself"
    rules = (top/'.gitignore').read_text() if (top/'.gitignore').exists() else ''
    return rules if root==top or (top/'.git').exists() and not ignored(rules, top, root/'x.none') else ''

def found_files(top, roots):
    "Files below `roots`, in no order"
    res = {o for o in roots if o.is_file()}
    for root in (o for o in roots if o.is_dir()):
        rules = rules_for(top, root)
        for folder,names,files in os.walk(root):
            names[:] = [o for o in names if not o.startswith('.')]
            res |= {f for f in map(Path(folder).__truediv__, files) if f.suffix in EXTS and not f.name.startswith('.') and not ignored(rules, top, f)}
    return res

def read_all(files):
    "Path -> document, of those that can be read"
    res = {}
    for f in files:
        try: res[f] = parse_document(decode(read_bytes(str(f)), str(f)), str(f))
        except ParseError: pass # skipped, and compared as such with the fresh index
    return res

def repeats(doc, book):
    "Do the headings and the words of `doc` stand in the notebook `book`?"
    prose = re.sub(r'\A---\n.*?\n---\n', '', '\n'.join(o.prose for o in doc.sections), flags=re.S)
    same = heading_overlap(book.headings, doc.headings)>=.8 or not (book.headings or doc.headings)
    return same and prose_share(prose, book.text)>=.9

def has_twin(doc, path, docs):
    "Does a notebook among `docs`, beside the note `doc` or named by it, say the same?"
    if path.suffix=='.ipynb': return False
    tail = tuple(o for o in doc.source.split('/') if o!='..') if doc.source else ()
    books = {p:d for p,d in docs.items() if p.suffix=='.ipynb'}
    likely = [d for p,d in books.items() if p==path.with_suffix('.ipynb') or tail and p.parts[-len(tail):]==tail]
    return any(repeats(doc, d) for d in likely)

def matching(docs, words):
    "(file, number) of every section, front matter apart, that holds one of `words`, or stands below a heading or title that does"
    res = set()
    for path,doc in docs.items():
        if has_twin(doc, path, docs): continue
        for s in doc.sections:
            said = set(re.findall(r'[a-z]+', ' '.join((s.text, *s.path, doc.title)).lower()))
            if said & set(words) and s.text.strip() and not s.nosearch: res.add((str(path), s.number))
    return res

# ---- what is asked

def ranking(answer): return [(h.section.file, h.section.number, h.section.heading, h.section.text, h.score) for h in answer.hits]

def same_ranking(a, b):
    return [o[:4] for o in a]==[o[:4] for o in b] and [o[4] for o in a]==pytest.approx([o[4] for o in b], rel=1e-6)

class Folder(RuleBasedStateMachine):
    "A folder of notes, two kernels that ask, and somebody who works in it"
    def __init__(self):
        super().__init__()
        self.tmp = Path(tempfile.mkdtemp(dir=RAM)).resolve()
        self.top, self.mp, self.roots, self.round, self.kernel = self.tmp/'notes', pytest.MonkeyPatch(), None, 0, {}
        for o in FOLDERS: (self.top/o).mkdir(parents=True, exist_ok=True)
        self.mp.chdir(self.top)
        self.mp.setenv('FASTDEBUG_CACHE', str(self.tmp/'cache'))
        self.mp.delenv('FASTDEBUG_ROOTS', raising=False)
        self.mp.setattr('fastdebug.utils._searchers', {}) # as in a kernel of its own

    def teardown(self):
        self.mp.undo()
        shutil.rmtree(self.tmp)

    # -- what may happen

    def path(self, data, exts=EXTS): return self.top/data.draw(st.sampled_from(FOLDERS))/(data.draw(st.sampled_from(STEMS))+data.draw(st.sampled_from(exts)))

    def existing(self, data):
        "One of the files, None where there is none"
        found = sorted((o for o in self.top.rglob('*') if o.suffix in EXTS), key=lambda o: natural_key(str(o)))
        return data.draw(st.sampled_from(found)) if found else None

    def write(self, path, content):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        note(f'{path.relative_to(self.tmp)}: {content.decode()!r}')

    @initialize(data=st.data(), parts=st.lists(sections, min_size=3, max_size=6), git=st.booleans())
    def start(self, data, parts, git):
        if git: (self.top/'.git').mkdir()
        for p in parts: self.write(path := self.path(data), as_file(path.suffix, p))

    @rule(data=st.data(), parts=sections, source=sources)
    def save(self, data, parts, source):
        "Create a file, or write an old one anew"
        path = self.path(data)
        self.write(path, as_file(path.suffix, parts, source))

    @rule(data=st.data(), parts=sections)
    def copy_as_markdown(self, data, parts):
        "A notebook and its Markdown copy, in whichever folders"
        stem, parts = data.draw(st.sampled_from(STEMS)), [*parts, ('kordu', ['fenip'])]
        for ext in ('.ipynb', '.md'): self.write(self.top/data.draw(st.sampled_from(FOLDERS))/f'{stem}{ext}', as_file(ext, parts))

    @rule(data=st.data(), old=st.sampled_from(WORDS), new=st.sampled_from(WORDS))
    def replace_at_once(self, data, old, new):
        "Exchange a word, so that neither size nor time of change tell, and ask between the two"
        if not (path := self.existing(data)): return
        os.utime(path, ns=(SAVED, SAVED))
        before = path.stat()
        self.ask(find_searcher(find_config(self.roots)), 'guhab') if self.somewhere() else None
        path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
        os.utime(path, ns=(SAVED, SAVED))
        assert (before.st_size, before.st_mtime_ns, before.st_ino)==(path.stat().st_size, path.stat().st_mtime_ns, path.stat().st_ino)
        note(f'{path.relative_to(self.tmp)}: {old} -> {new}')

    @rule(data=st.data())
    def exchange(self, data):
        "Two files take each other's name"
        if not (a := self.existing(data)) or (b := self.existing(data))==a: return
        os.rename(a, self.tmp/'x')
        os.rename(b, a)
        os.rename(self.tmp/'x', b)

    @rule(data=st.data())
    def move(self, data):
        "Rename a file, also into another folder, also over another file"
        if not (path := self.existing(data)): return
        new = self.path(data, (path.suffix,))
        new.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, new)
        note(f'{path.relative_to(self.tmp)} -> {new.relative_to(self.tmp)}')

    @rule(data=st.data())
    def delete(self, data):
        if path := self.existing(data): path.unlink()

    @rule(name=st.sampled_from(FOLDERS[1:]))
    def delete_folder(self, name): shutil.rmtree(self.top/name, ignore_errors=True)

    @rule(data=st.data(), share=st.floats(0, 1))
    def truncate(self, data, share):
        "Cut a file anywhere, as a full disk would"
        if path := self.existing(data): os.truncate(path, int(share*path.stat().st_size))

    @rule(data=st.data())
    def touch(self, data):
        if path := self.existing(data): os.utime(path)

    @rule(patterns=st.sampled_from(IGNORE))
    def ignore(self, patterns): (self.top/'.gitignore').write_text(patterns)

    @rule()
    def toggle_git(self):
        if (self.top/'.git').exists(): (self.top/'.git').rmdir()
        else: (self.top/'.git').mkdir()

    @rule(said=st.sampled_from(SETTINGS))
    def change_settings(self, said): (self.top/'settings.ini').write_text(f'[fastdebug]\n{said}\n')

    @rule(roots=st.sampled_from(ROOTS))
    def change_roots(self, roots): self.roots = roots

    # -- what must hold

    def used_roots(self):
        "The roots as a person would work them out"
        ini = self.top/'settings.ini'
        said = ini.read_text().partition('roots =')[2].split(',') if ini.exists() else []
        return [self.top/o.strip() for o in self.roots or [o for o in said if o.strip()] or ['.']]

    def somewhere(self): return all(o.exists() for o in self.used_roots())

    def ask(self, searcher, question): return searcher.search(question, k=100)

    @invariant()
    def all_agree(self):
        if not self.somewhere(): return
        top, docs = self.top, read_all(found_files(self.top, self.used_roots()))
        self.round += 1
        with pytest.MonkeyPatch.context() as mp:
            mp.setenv('FASTDEBUG_CACHE', str(self.tmp/f'fresh{self.round}'))
            fresh = Searcher(find_config(self.roots))
            expected = {q: self.ask(fresh, q) for q in (*WORDS, ' '.join(WORDS[2:5]), TYPO)}
        shutil.rmtree(self.tmp/f'fresh{self.round}')
        if fresh.look().config is not fresh.config: return # nothing there: the lessons answer
        for searcher in (find_searcher(find_config(self.roots)), Searcher(find_config(self.roots))):
            for q,right in expected.items():
                answer = self.ask(searcher, q)
                assert same_ranking(ranking(answer), ranking(right)), (q, ranking(answer), ranking(right))
                assert (answer.missing, [w.text for w in answer.query.words])==(right.missing, [w.text for w in right.query.words])
                scope, other = answer.scope, right.scope
                assert (scope.files, scope.sections, sorted(scope.twins), scope.skipped, scope.notes)==(other.files, other.sections, sorted(other.twins), other.skipped, other.notes)
                assert all(o.endswith('ignored by .gitignore') for o in scope.notes) and (not scope.notes or (top/'.gitignore').exists())
                if q in WORDS and not any(w.typed for w in answer.query.words):
                    assert {(h.section.file, h.section.number) for h in answer.hits}==matching(docs, [q]), q
        note(f'{len(docs)} documents in {[str(o.relative_to(top)) for o in self.used_roots()]}')

def test_the_made_up_words_have_no_stem_of_their_own(): assert [stem(o) for o in WORDS]==[*WORDS] and not {*WORDS} & STOP_WORDS

def test_the_index_answers_as_a_scan_would():
    "Few histories, each long; with HYPOTHESIS_PROFILE=fuzz more and longer ones, a fiftieth of the profile's cases"
    cases, profile = settings.default.max_examples, os.environ.get('HYPOTHESIS_PROFILE')
    bounds = settings(settings.default, max_examples=max(10, cases//50), stateful_step_count=50 if profile=='fuzz' else 30, deadline=None,
        suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Folder, settings=bounds)
