"""Notes that attack their reader: each payload tries to call `ran(N)` in the page or to load an address that begins with TRAP."""
import json, os, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# RAN is a call that sets a flag, TRAP an address that notes who asks for it
MARKDOWN = [
    # script tags
    '<script>RAN</script>', '<SCRIPT SRC=TRAP/x.js></SCRIPT>', '<scr<script>ipt>RAN</scr</script>ipt>',
    '<script\n>RAN\n</script\n>', '<svg><script>RAN</script></svg>', '<div>\n\n<script>RAN</script>\n\n</div>',
    '<script type=module>import "TRAP/m.js"</script>', '<table><tr><td>\n\n<script>RAN</script>',
    # event handlers
    '<img src=x onerror=RAN>', '<svg onload=RAN>', '<img/src=x/onerror=RAN>', '<img src="x`` onerror=RAN">',
    '<input autofocus onfocus=RAN>', '<details open ontoggle=RAN><summary>x</summary>x</details>', '<body onload=RAN>',
    '<video src=x onerror=RAN></video>', '<audio src=x onerror=RAN>', '<svg><animate onbegin=RAN attributeName=x dur=1s>',
    '<style>@keyframes z{}</style><b style="animation:z 1s" onanimationstart=RAN>x</b>',
    '<select autofocus onfocus=RAN></select>', '<object data=x onerror=RAN></object>',
    '<b onmouseover=RAN onclick=RAN>x</b>', '<math><mtext><img src=x onerror=RAN></mtext></math>',
    # targets of links
    '[x](javascript:RAN)', '[x](java&#10;script:RAN)', '[x](<javascript:RAN>)', '[x](&#106;avascript:RAN)',
    '[x][r]\n\n[r]: javascript:RAN', '<a href="jav&#x09;ascript:RAN">x</a>', '<a href=" &#14; javascript:RAN">x</a>',
    '[x](data:text/html,<script>RAN</script>)', '<svg><a xlink:href="javascript:RAN"><text y=20>x</text></a></svg>',
    '<a href=x ping=TRAP/ping>x</a>', '<javascript:RAN>', '[x](http://a" onclick="RAN)',
    # sources of pictures and other things that load
    '![x](TRAP/a.png)', '<img src=TRAP/b.png>', '<img srcset="TRAP/c.png 1x">',
    '<picture><source srcset=TRAP/d.png><img></picture>', '![x][p]\n\n[p]: TRAP/e.png',
    '<video poster=TRAP/f.png></video>', '<table background=TRAP/g.png><tr><td>x', '<svg><image href=TRAP/h.png /></svg>',
    '<link rel=stylesheet href=TRAP/i.css>', '<link rel=prefetch href=TRAP/j>', '![x" onerror="RAN](TRAP/k.png)',
    '![x](javascript:RAN)', '<img src="data:image/svg+xml,<svg xmlns=\'http://www.w3.org/2000/svg\' onload=\'RAN\'/>">',
    '<input type=image src=TRAP/l.png>', '<embed src=TRAP/m.swf>', '<object data=TRAP/n></object>',
    # styles, frames, forms, meta
    '<style>@import "TRAP/o.css"; .jp-Toolbar{display:none!important}</style>',
    '<div style="background:url(TRAP/p.png)">x</div>',
    '<div style="position:fixed;inset:0;z-index:99999;background:red">x</div>', '<style>*{color:red!important}</style>',
    '<iframe src="javascript:parent.RAN"></iframe>', '<iframe src=TRAP/q></iframe>',
    '<iframe srcdoc="<script>parent.RAN</script>"></iframe>',
    '<form action=TRAP/r><input name=a><button autofocus onfocus=this.form.submit()>x</button></form>',
    '<button formaction=javascript:RAN form=f>x</button><form id=f></form>',
    '<meta http-equiv=refresh content="0;url=TRAP/s">',
    '<meta http-equiv="Content-Security-Policy" content="default-src *">', '<base href=TRAP/t/>',
    '<dialog open style="position:fixed;inset:0">x</dialog>', '<h1 class="jp-Toolbar lm-Widget" id="main">x</h1>',
    # unclosed tags, fences, comments, nested backticks, entities
    '<b title="', '<img alt="', '<!-- x\n\n<script>RAN</script>', '<!--><img src=x onerror=RAN>-->',
    '</details></div></div><script>RAN</script>', '<plaintext>', '<textarea>', '<title>x</title><script>RAN</script>',
    '```\nunclosed\n<script>RAN</script>', '````\n```\n<img src=x onerror=RAN>\n````',
    '~~~\n```\n<script>RAN</script>\n~~~', '`` ` <img src=x onerror=RAN> ` ``', '`a\n<img src=x onerror=RAN>`',
    '```\n</code></pre><img src=x onerror=RAN>\n```', '```" onmouseover="RAN\nx\n```', '&lt;img src=x onerror=RAN&gt;',
    '&amp;lt;script&amp;gt;RAN', '<noscript><p title="</noscript><img src=x onerror=RAN>">',
    '<template><script>RAN</script></template><svg onload=RAN>', '<![CDATA[<img src=x onerror=RAN>]]>',
    '<?x <img src=x onerror=RAN> ?>',
    # maths
    '<div>$&amp;#92;href{javascript:RAN}{x}$</div> and $a$', '$&#92;href{javascript:RAN}{x}$',
    '$\\href{javascript:RAN}{x}$', '$\\unicode{x3c}img src=x onerror=RAN\\unicode{x3e}$', '$<img src=x onerror=RAN>$',
    '$$\n<script>RAN</script>\n$$', '$`$<img src=x onerror=RAN>`$', '\\begin{align}<img src=x onerror=RAN>\\end{align}',
    '$\\style{background:url(TRAP/u.png);position:fixed;inset:0}{x}$', '$\\require{html}\\href{javascript:RAN}{x}$',
    '$\\includegraphics{TRAP/v.png}$', '${$ <b title="$}$"> <img src=x onerror=RAN>',
    '$\\def\\alpha{\\href{javascript:RAN}{y}}\\alpha$',
]

OUTPUTS = [ # what a cell may have stored: (mime, data)
    ('text/html', '<script>RAN</script>'),
    ('text/html', '<table><tr><td onclick=RAN><img src=x onerror=RAN></td></tr></table><script>RAN</script>'),
    ('text/html', '<iframe src=TRAP/w></iframe><table><tr><td>x</table>'),
    ('text/html', '<table><tr><td style="background:url(TRAP/x.png)">x<td><img src=TRAP/y.png></table>'),
    ('text/html', '<style>.jp-Toolbar{display:none!important}</style><table><tr><td>x</table>'),
    ('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="RAN"><script>RAN</script></svg>'),
    ('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><image href="TRAP/z.png"/><foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="RAN"/></foreignObject></svg>'),
    ('application/javascript', 'RAN'), ('text/markdown', '<img src=x onerror=RAN>'),
    ('text/latex', '$\\href{javascript:RAN}{x}$'), ('image/png', '"><img src=x onerror=RAN>'),
    ('application/vnd.jupyter.widget-view+json', '{"model_id":"RAN"}'),
    ('text/plain', '<script>RAN</script>\x1b]8;;javascript:RAN\x07x'), ('application/pdf', 'RAN'),
    ('application/x+"><script>RAN</script>', 'x'),
]

NAMES = [ # of files; no '/' in them
    '<img src=x onerror=RAN>', '"><img src=x onerror=RAN>', "' onmouseover='RAN", '[x](javascript:RAN)', '](javascript:RAN)', 'javascript:RAN', '`<img src=x onerror=RAN>`', '``` <svg onload=RAN>', '$\\href{javascript:RAN}{x}$',
    '&lt;img src=x onerror=RAN&gt;', '<!-- ', '<style>*{color:red!important}', '<b title="', 'a\n<img src=x onerror=RAN>', '![x](javascript:RAN)', '%3Csvg onload=RAN%3E', '#"><svg onload=RAN>', '<details><summary>', 'x\ud800<svg onload=RAN>',
    b'\xff\xfe<svg onload=RAN>',
]


def _named(folder, name): return Path(os.fsdecode(os.fsencode(folder)+b'/'+name))
def fill(text, n, trap): return text.replace('RAN', f'ran({n})').replace('TRAP', f'{trap}/{n}')


def write_notes(
    folder:Path,
    trap:str, # address that must never be asked for
) -> dict: # word -> payload; the word stands in the notebook or note with that payload and in no other
    "A notebook with each payload in headings, prose, code, outputs and attachments; a note with each; each name on a notebook and a note"
    words,n = {},0
    def add(payload, **kw):
        nonlocal n
        n += 1
        words[word := f'zq{n}x'] = payload
        return word,fill(payload, n, trap) if isinstance(payload, str) else payload.replace(b'RAN', b'ran(%d)' % n)
    for payload in MARKDOWN:
        word,bad = add(payload)
        _write(folder/f'{word}.ipynb', word, bad, [('text/html', bad), ('text/html', f'<table><tr><td>{bad}</td></tr></table>'), ('text/markdown', bad), ('image/svg+xml', bad)])
        (folder/f'note_{word}.md').write_bytes(f'# {word} note {bad}\n\n{bad}\n\n## {word} more\n\n> {bad}\n\n- {bad}\n\n{word} \x80'.encode('utf-8', 'surrogatepass') + b'\xff\xc3( ' + bad.encode('utf-8', 'surrogatepass'))
    for mime,data in OUTPUTS:
        word,bad = add(f'{mime}: {data}')
        kind,_,value = bad.partition(': ')
        _write(folder/f'{word}.ipynb', word, 'an output', [(kind, value)])
    for name in NAMES:
        word,bad = add(name)
        stem = bad if isinstance(bad, bytes) else bad.encode('utf-8', 'surrogatepass')
        try:
            _write(_named(folder, stem+b'.ipynb'), word, 'a name', [])
            _named(folder, b'n '+stem+b'.md').write_text(f'# {word} note\n\nA name, {word}.\n')
        except (OSError, UnicodeError):
            if sys.platform=='linux': raise
            del words[word]   # other systems refuse some of these names
    return words


def _write(path, word, bad, outputs):
    outs = [dict(output_type='display_data', data={mime:data}, metadata={}) for mime,data in outputs]
    outs += [dict(output_type='stream', name='stdout', text=bad), dict(output_type='error', ename=bad, evalue=bad, traceback=[bad])]
    line = ' '.join(bad.split())
    cells = [dict(cell_type='markdown', id='a', metadata={}, source=f'# {word} {line}\n\n{bad}', attachments={bad:{'image/png':bad}}),
             dict(cell_type='code', id='b', metadata={}, source=f'{bad}\n# {word}', outputs=outs, execution_count=1),
             dict(cell_type='markdown', id=line, metadata={}, source=f'## {word} again\n\n{bad}\n\n| a |\n|---|\n| {line} |\n\n![a](attachment:{line}) [{line}]({line} "{line}")')]
    meta = {'kernelspec':{'name':bad, 'display_name':bad, 'language':bad}, 'language_info':{'name':bad}}
    path.write_text(json.dumps(dict(cells=cells, metadata=meta, nbformat=4, nbformat_minor=5)), encoding='utf-8')


# ---- what a page shows of it

# all that a note could reach in the page around: how it looks, where it is, and what lies on top
AROUND = '''() => {
  const seen = {}, names = ['color', 'backgroundColor', 'fontSize', 'fontFamily', 'display', 'position', 'visibility', 'opacity', 'zIndex', 'transform', 'filter'];
  const panel = [...document.querySelectorAll('.jp-NotebookPanel')].find(e => e.checkVisibility());
  const parts = {top: document.querySelector('#jp-top-panel'), menu: document.querySelector('.jp-MenuBar, #jp-MainMenu'), bottom: document.querySelector('#jp-bottom-panel'),
    toolbar: panel.querySelector('.jp-NotebookPanel-toolbar'), button: panel.querySelector('.jp-NotebookPanel-toolbar .jp-ToolbarButton button, .jp-NotebookPanel-toolbar jp-button'),
    cell: panel.querySelector('.jp-Cell:first-of-type .jp-InputArea-editor'), body: document.body};
  for (const [k, e] of Object.entries(parts)) {
    const s = getComputedStyle(e), r = e.getBoundingClientRect(), top = document.elementFromPoint(r.x + r.width/2, r.y + r.height/2);
    seen[k] = [...names.map(n => s[n]), r.width, r.height, k=='cell' ? 0 : r.x, k=='cell' ? 0 : r.y, k=='cell' || e.contains(top)]; }
  const last = [...panel.querySelectorAll('.jp-Cell')].at(-1).querySelector('.jp-InputArea-editor'), s = getComputedStyle(last), r = last.getBoundingClientRect();
  seen.after = [...names.map(n => s[n]), r.width, r.height, r.x];
  return {...seen, base: document.baseURI, where: location.href, body: document.body.className, forms: document.forms.length, frames: window.frames.length,
    metas: document.querySelectorAll('meta, base').length, children: document.body.children.length};
}'''

# what must not stand in an output, as the browser understood it
INSIDE = '''() => {
  const outs = [...document.querySelectorAll('.jp-Notebook .jp-OutputArea-output.jp-RenderedMarkdown')], bad = [], of = e => e.outerHTML.slice(0, 300);
  for (const o of outs) {
    if (o.querySelector('img[alt=control]')) continue;
    for (const e of o.querySelectorAll('*')) {
      if (e.closest('mjx-assistive-mml')) continue;
      if (/^(script|iframe|frame|object|embed|form|meta|link|base|style|button|textarea|template|dialog|video|audio|source|image|animate)$/i.test(e.tagName)) bad.push(of(e));
      for (const a of e.attributes) if (/^on|^(action|formaction|ping|srcset|poster|background|srcdoc)$/i.test(a.name)) bad.push(of(e));
      if (e.hasAttribute('xlink:href')) bad.push(of(e));
      if (e.tagName=='A' && e.hasAttribute('href') && !/^(https?:|mailto:|vscode:)$/.test(e.protocol)) bad.push(of(e));
      if (e.tagName=='IMG' && !/^data:image\\/(png|jpeg|gif|webp|svg\\+xml);base64,/.test(e.src)) bad.push(of(e));
      if (!e.closest('mjx-container') && /url\\(|fixed|absolute/.test(e.getAttribute('style') || '')) bad.push(of(e)); } }
  return {bad: bad.slice(0, 5), texts: outs.map(o => o.textContent)};
}'''


# what is out of sight isn't drawn: walk through the whole notebook, every fold open
SCROLL = '''async () => {
  document.querySelectorAll('.jp-OutputArea-output details').forEach(e => e.open = true);
  const s = [...document.querySelectorAll('.jp-WindowedPanel-outer')].find(e => e.checkVisibility()), frame = () => new Promise(r => requestAnimationFrame(r));
  for (let at = 0; at<=s.scrollHeight; at += s.clientHeight) { s.scrollTop = at; await frame(); await frame(); }
}'''

# a picture asked for last has failed: whatever was asked for before it has been seen by now
SETTLE = "() => new Promise(done => { const i = new Image(); i.onerror = () => setTimeout(done, 300); i.src = 'nothing-here.png' })"


class Trap:
    "A server that nothing may ask; `asked` are the paths that something did"
    def __init__(self):
        asked = self.asked = []
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path!='/blank': asked.append(self.path)
                self.send_response(200)
                self.send_header('Content-Type', 'text/html')
                self.end_headers()
            do_POST = do_GET
            def log_message(self, *args): pass
        self.server = ThreadingHTTPServer(('127.0.0.1', 0), Answer)
        self.url = f'http://127.0.0.1:{self.server.server_port}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
