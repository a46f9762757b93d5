"""Sixty questions whose answers are sections, labelled by hand.

Labelled by reading the texts; no search was asked before the labels were final. The 24 over d2l are real exercises: of 64 drawn
with a fixed seed, those that one or a few sections answer. Only their line numbers are stored. The others were written for this.

The 110 of `learn_*.jsonl`, labelled in the same way, are for choosing the weights of ranking. No question is in both sets."""
import json, sys, zlib
from pathlib import Path
from .corpora import natural_questions

DATA, KIND = Path(__file__).parent/'data', 'labelled by section'
LESSONS = Path(__file__).resolve().parent.parent/'nbs/lessons'
FOLDERS = {'d2l':'d2l', 'handson':'handson-ml3', 'lessons':str(LESSONS)} # an absolute path is taken as it is
LEARN = {'d2l':'d2l', 'handson':'handson-ml3', 'notes':'fastdebug-notes/nbs'} # the same for the learning set

def _with_text(row, asked):
    "The label `row` with the text of the question that it is about"
    q = asked[row['line']-1]['q'] if row['line']<=len(asked) else ''
    if zlib.crc32(q.encode())!=row['crc32']: sys.exit(f"line {row['line']} of d2l_questions.jsonl is not the question that was labelled")
    return row | {'q':q, 'kind':KIND}

def labelled_file(name, folder, which='sections'):
    "Path of a file for `read_questions` with the questions over a collection, `which` is 'sections' or 'learn'; in `folder` when their texts have to be fetched"
    path = DATA/f'{which}_{name}.jsonl'
    rows = [json.loads(o) for o in path.read_text(encoding='utf-8').splitlines()]
    if not any('line' in o for o in rows): return path
    asked, new = natural_questions(), Path(folder)/path.name
    new.write_text('\n'.join(json.dumps(_with_text(o, asked)) for o in rows), encoding='utf-8')
    return new
