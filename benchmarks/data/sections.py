"""425 questions whose answers are sections, labelled by hand.

Labelled by reading the texts; no search was asked before the labels were final, and no weight was learned on them. 69 over d2l are
real exercises: of those drawn with a fixed seed the ones that one or a few sections answer; only their line numbers are stored.
(Weights were learned on the *files* of all 416 exercises.) 101 were written for this, over the notebooks of a book and of a learner
and over our lessons. For the last 255 a section was drawn first, with a fixed seed, and asked for in the words of somebody who half
remembers what it says."""
import json, sys, zlib
from pathlib import Path
from ..tools.corpora import natural_questions

DATA, KIND = Path(__file__).parent, 'labelled by section'
LESSONS = Path(__file__).resolve().parents[2]/'nbs/lessons'
FOLDERS = {'d2l':'d2l', 'handson':'handson-ml3', 'notes':'fastdebug-notes/nbs', 'lessons':str(LESSONS)} # an absolute path is taken as it is

def _with_text(row, asked):
    "The label `row` with the text of the question that it is about"
    if 'q' in row: return row
    q = asked[row['line']-1]['q'] if row['line']<=len(asked) else ''
    if zlib.crc32(q.encode())!=row['crc32']: sys.exit(f"line {row['line']} of d2l_questions.jsonl is not the question that was labelled")
    return row | {'q':q, 'kind':KIND}

def labelled_file(name, folder):
    "Path of a file for `read_questions` with the questions over a collection; in `folder` when their texts have to be fetched"
    path = DATA/f'sections_{name}.jsonl'
    rows = [json.loads(o) for o in path.read_text(encoding='utf-8').splitlines()]
    if not any('line' in o for o in rows): return path
    asked, new = natural_questions(), Path(folder)/path.name
    new.write_text('\n'.join(json.dumps(_with_text(o, asked)) for o in rows), encoding='utf-8')
    return new
