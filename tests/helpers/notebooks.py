"Small notebooks for the tests, written as Jupyter writes them"
import json
from pathlib import Path

def tagged(tags): return {'tags':list(tags)} if tags else {}

def md(source, tags=(), **kw): return {'cell_type':'markdown', 'metadata':tagged(tags), 'source':source, **kw}

def code(source, *outputs, tags=()):
    return {'cell_type':'code', 'metadata':tagged(tags), 'execution_count':1, 'outputs':list(outputs), 'source':source}

def result(data, metadata=None):
    return {'output_type':'execute_result', 'execution_count':1, 'data':data, 'metadata':metadata or {}}

def write(path, *cells, **metadata):
    "Write a notebook of `cells` to `path`; its path"
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [{'id':f'cell-{i}', **c} for i,c in enumerate(cells)]
    path.write_text(json.dumps({'cells':cells, 'metadata':metadata, 'nbformat':4, 'nbformat_minor':5}), encoding='utf-8')
    return path

def write_notes(folder, words, n, parts):
    "Write `n` notebooks of `parts` sections into `folder`, each notebook about two of `words`; the folder"
    for i in range(n):
        a,b = words[i%len(words)], words[(i*3+1)%len(words)]
        sections = [f'## Part {j}: how does {a} work with {b}?\n\n' + f'{a} {b} {i} '*(j+1) for j in range(parts)]
        write(Path(folder)/f'{i:02}.ipynb', *map(md, sections))
    return Path(folder)
