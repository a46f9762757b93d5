"How wide the code of the package is: a string on a line of its own is not counted, nor are generated lines"
import ast,io,tokenize
from pathlib import Path

MOST = 130  # characters of code and its comment
BESIDE = 25 # characters of code beside a string that stands on a line of its own

def strings_of(source):
    "(start, end) of each string literal, as (line, column)"
    opened = []
    for o in tokenize.generate_tokens(io.StringIO(source).readline):
        name = tokenize.tok_name[o.type]
        if name=='STRING' and not opened: yield o.start,o.end
        elif name in ('FSTRING_START', 'TSTRING_START'): opened.append(o.start)
        elif name in ('FSTRING_END', 'TSTRING_END'):
            start = opened.pop()
            if not opened: yield start,o.end

def exported_names(tree):
    "Numbers of the lines that `__all__` stands on: nbdev writes them"
    for o in tree.body:
        if isinstance(o, ast.Assign) and getattr(o.targets[0], 'id', '')=='__all__': yield from range(o.lineno, o.end_lineno+1)

def wide_lines(source):
    "(number, characters) of each line of `source` that is too wide, unless a string makes it so that has a line to itself"
    lines,left = source.splitlines(),{}
    for (a,i),(b,j) in strings_of(source):
        for n in range(a, b+1):
            first,last = i if n==a else 0, j if n==b else len(lines[n-1])
            left[n] = (left.get(n, lines[n-1])[:first]+' '*(last-first)+left.get(n, lines[n-1])[last:])
    made = set(exported_names(ast.parse(source)))
    def alone(n): return n in left and len(''.join(left[n].split()))<=BESIDE
    return [(n,len(o)) for n,o in enumerate(lines, 1) if len(o)>MOST and n not in made and not alone(n)]

def package_files(root):
    "The modules of the package, but for the index that nbdev makes"
    return [o for o in sorted((Path(root)/'fastdebug').rglob('*.py')) if o.name not in ('_modidx.py', '__init__.py')]

if __name__=='__main__':
    for path in package_files('.'):
        for n,w in wide_lines(path.read_text(encoding='utf-8')): print(f'{path}:{n}: {w}')
