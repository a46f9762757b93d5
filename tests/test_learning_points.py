"""Every learning point of the list the project grew from is answered by a section of the lessons.

`tests/data/learning_points.tsv` names the answer: the point's id, the notebook's stem, the heading, and `prose` where an explanation needs no code."""
import csv, json
from collections import Counter
from pathlib import Path
import pytest
from fastdebug.config import find_config
from fastdebug.eval import find_sections
from fastdebug.search import Searcher


@pytest.fixture(scope='module')
def answers(root):
    "id -> (notebook's stem, heading, is it pure prose?)"
    with open(root/'tests/data/learning_points.tsv', encoding='utf-8', newline='') as f: rows = [*csv.reader(f, delimiter='\t', quoting=csv.QUOTE_NONE)]
    return {id:(stem, heading, rest==['prose']) for id,stem,heading,*rest in rows}

@pytest.fixture(scope='module')
def points(shared): return [json.loads(o) for o in (shared/'eval/learning_points.jsonl').read_text(encoding='utf-8').splitlines()]

@pytest.fixture(scope='module')
def searcher(root): return Searcher(find_config(root/'nbs/lessons'), memory=True)

def name(section): return Path(section.file).stem, section.heading.strip()

def place(searcher, point, answer):
    "Where the answer stands among ten hits, from 1; 0 for not at all"
    hits = [name(h.section) for h in searcher.search(point['text'], k=10).hits]
    return hits.index(answer)+1 if answer in hits else 0

def test_every_point_has_an_answer(points, answers): assert {o['id'] for o in points}==set(answers) and len(points)==239

def test_answers_come_first(searcher, points, answers):
    places = {o['id']:place(searcher, o, answers[o['id']][:2]) for o in points}
    first, three = (sum(0<p<=n for p in places.values())/len(points) for n in (1,3))
    misses = [f"{o['id']} (place {places[o['id']]}): {o['text']} -> {answers[o['id']][1]}" for o in points if places[o['id']]!=1]
    print(f'first {first:.3f}, among three {three:.3f}; not first:', *misses, sep='\n')
    assert first>=.90 and three>=.97, misses

def test_no_section_answers_too_much(answers):
    assert not [o for o,n in Counter(a[:2] for a in answers.values()).items() if n>4]

def test_answers_explain_and_show(searcher, answers):
    "An explanation, code that ran, and what came out"
    sections = {name(s):s for s in find_sections(searcher)}
    for stem,heading,prose in set(answers.values()):
        s = sections[stem, heading]
        assert len(s.prose.partition('\n')[2].split())>=15, (stem, heading)
        assert prose or (s.code.strip() and s.outputs), (stem, heading)
    assert sum(prose for *_,prose in answers.values())<=12
