"What may stand in a note that attacks its reader: pieces of Markdown and HTML, places for them, and a hit made of nothing else"
from fastdebug.analyze import analyze
from fastdebug.core import Cell, Hit, Link, Output, Section
from fastdebug.rewrite import RenderOptions

DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
PAYLOADS = [
    # elements
    '<script>alert(1)</script>', '<SCRIPT SRC=//e/x.js></SCRIPT>', '<scr<script>ipt>alert(1)</script>',
    '<script\n>alert(1)</script\n>', '<style>*{background:url(//e)}</style>',
    '<iframe src=javascript:alert(1)></iframe>', '<iframe srcdoc="<script>alert(1)</script>">',
    '<form action=javascript:alert(1)><input type=submit></form>',
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">', '<base href=//evil/>',
    '<link rel=stylesheet href=//e/x.css>', '<object data=javascript:alert(1)>', '<embed src=//e/x.swf>',
    '<svg onload=alert(1)>', '<svg><script>alert(1)</script></svg>',
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>',
    '<math><maction actiontype="statusline#http://e" xlink:href="javascript:alert(1)">x',
    '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
    '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">', '<template><script>alert(1)</script></template>',
    '<textarea></textarea><img src=x onerror=alert(1)>', '<title></title><script>alert(1)</script>',
    '<xmp><script>alert(1)</script></xmp>', '<plaintext><script>alert(1)', '<marquee onstart=alert(1)>',
    '<video><source onerror=alert(1)></video>', '<audio src=x onerror=alert(1)>',
    '<input autofocus onfocus=alert(1)>', '<select autofocus onfocus=alert(1)>',
    '<button formaction=javascript:alert(1)>x</button>', '<isindex action=javascript:alert(1)>',
    '<body onload=alert(1)>', '<html onmouseover=alert(1)>', '<frameset onload=alert(1)>',
    '<details open ontoggle=alert(1)><summary>x</summary></details>', '</details><script>alert(1)</script>',
    '</summary></details><img src=x onerror=alert(1)>', '<div style="background:url(javascript:alert(1))">x</div>',
    '<p style="position:fixed;inset:0">x</p>', '<x-custom onclick=alert(1)>x</x-custom>',
    '<table background="javascript:alert(1)"><tr><td onclick=alert(1)>x', '<a id=x tabindex=1 onfocus=alert(1)>x</a>',
    '<dialog open onclose=alert(1)>x',
    # handlers and broken tags
    '<img src=x onerror=alert(1)>', '<img src="x`` onerror=alert(1)">', '<img/src=x/onerror=alert(1)>',
    '<img src=x onerror\n=\nalert(1)>', '<b onclick=alert(1)>x</b>', '<b\nonmouseover="alert(1)">x',
    '<img alt="<x" title="/><img src=x onerror=alert(1)>">', '<x y="', '<a href="', '<img src="x', "<img alt='", '<b',
    '<!--', '<!-- a -- b', '-->', '<!--><script>alert(1)</script>-->', '<!---><script>alert(1)</script>',
    '<![CDATA[<script>alert(1)</script>]]>', '<?php <script>alert(1)</script> ?>',
    '<!DOCTYPE html [<!ENTITY x "<script>">]>', '<<script>alert(1)//<</script>', '<script x', '</script>',
    '<a/><script>alert(1)</script>', '<%<script>alert(1)</script>%>',
    '<!-- begin\n\n<script>alert(1)</script>\n\nend -->', '<div>\n\n<script>alert(1)</script>\n\n</div>',
    '<div>\n*a*\n\n```\n</div><script>alert(1)</script>\n```', '<pre>\n\n<script>alert(1)</script>\n</pre>',
    '<pre><code>&lt;script&gt;alert(1)&lt;/script&gt;</code></pre>', '&lt;script&gt;alert(1)&lt;/script&gt;',
    '&amp;lt;script&amp;gt;alert(1)', '\\<script>alert(1)</script>', '\\\\<script>alert(1)</script>',
    '<table>\n<tr><td>a\n\n<td><script>alert(1)</script></table>',
    # link targets
    '[x](javascript:alert(1))', '[x](JaVaScRiPt:alert(1))', '[x](java&#10;script:alert(1))',
    '[x](&#106;avascript:alert(1))', '[x](javascript&colon;alert(1))', '[x](javascript&amp;colon;alert(1))',
    '[x](<java\tscript:alert(1)>)', '[x](<javascript:alert(1)>)', '[x](\\javascript:alert(1))',
    '[x](vbscript:alert(1))', '[x](data:text/html,<script>alert(1)</script>)',
    '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)', '[x](javascript%3Aalert(1))',
    '[x]( javascript:alert(1) "t")', '[x](\x01javascript:alert(1))', '[x](\u200bjavascript:alert(1))',
    '<javascript:alert(1)>', '<data:text/html,x>', '<vbscript:x>', '[x]\n\n[x]: javascript:alert(1)',
    '[x][y]\n\n[y]: <java&#9;script:alert(1)>\n"t"', '[javascript:alert(1)][]',
    '[x](http://a" onmouseover="alert(1))', '[x](<http://a" onclick="alert(1)>)', '[x](a "t\\" onclick=alert(1)")',
    '[x](a \'" onclick=alert(1)\')', '[<script>alert(1)</script>](b)', '[a](b)<c>](javascript:alert(1))',
    '[![x](y)](javascript:alert(1))', '<a href=javascript:alert(1)>x</a>', '<a href="&#x6A;avascript:alert(1)">x</a>',
    '<a href="jav&#x0A;ascript:alert(1)">x</a>', '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="//e" target=_blank onclick=alert(1) style="x">x</a>', '<a href=`javascript:alert(1)`>x</a>',
    '<a xlink:href="javascript:alert(1)">x</a>', '<a href="file:///etc/passwd">x</a>',
    '[x](//e/\\"><script>alert(1)</script>)', '[x](a`b)<script>`', '<http://a.b/<script>alert(1)</script>>',
    '<a@b.c"onclick=alert(1)>', 'www.a.b/"onclick=alert(1)',
    # pictures
    '![x](javascript:alert(1))', '![x](data:text/html,<script>alert(1)</script>)',
    '![x](data:image/svg+xml,<svg onload=alert(1)>)', '![x](http://e/track.png)', '![x](//e/track.png)',
    '![x" onerror="alert(1)](y)', '![x](y"onerror="alert(1))', f'![`<script>`](data:image/png;base64,{DOT})',
    f'![$" onerror=alert(1) x="](data:image/png;base64,{DOT}) $" onerror=alert(1) ',
    f'<img alt="$" src="data:image/png;base64,{DOT}"> $" onerror=alert(1) x="',
    f'![](data:image/png;base64,{DOT}"onerror="alert(1))', '<img srcset="//e/x 1x" src=x>',
    '<img src=" javascript:alert(1)">', '<picture><source srcset=//e/x><img src=//e/y></picture>',
    '![a][b]\n\n[b]: javascript:alert(1)', '<img src="attachment:a" width="1" onerror=alert(1)">',
    '<img width="1 onerror=alert(1)" src=x>',
    # code
    '```\n</code></pre><script>alert(1)</script>\n```', '````\n```\n<script>alert(1)</script>\n````',
    '~~~\n```\n<script>alert(1)</script>\n~~~', '~~~ `x`\n<script>alert(1)</script>\n~~~',
    '```" onclick="alert(1)\nx\n```', '```<script>alert(1)</script>\nx\n```',
    '```{=html}\n<script>alert(1)</script>\n```', '`<script>alert(1)</script>`{=html}',
    '```mermaid\ngraph TD; A[<img src=x onerror=alert(1)>]\n```', '`` ` <script>alert(1)</script> ` ``',
    '`a\n<script>alert(1)</script>`', '```\nunclosed <script>alert(1)</script>', '    <script>alert(1)</script>',
    '\t```\n<script>alert(1)</script>', '- ```\n  $\n  ```\n  " $ ```\n  <script>alert(1)</script>',
    '- ~~~\n  <script>alert(1)</script>\n\n  ~~~', '> ```\n> $\n<script>alert(1)</script>',
    '```\n```` \n<script>alert(1)</script>\n```', '`$`<b>`$<script>alert(1)</script>`',
    '```\n\\begin{a}\n```\n<script>\\end{a}</script>', '```\n\u2028```\u2028<script>alert(1)</script>\n```',
    '```\n\r```\r<script>alert(1)</script>\n```', '`\u2028<script>alert(1)</script>`',
    '- ```\n  $\n  ```\n- ````\n  $\n  ```\n  <script>alert(1)</script>\n  ````',
    '> ```\n> $\n> ```\n> ````\n> $\n> ```\n> <script>alert(1)</script>\n> ````',
    '1. ```\n   ~~~\n   </code><script>alert(1)</script>\n   ```',
    # maths
    '<div>$&amp;#92;href{javascript:alert(1)}{x}$</div>', '$&#92;href{javascript:alert(1)}{x}$', '```{math}\n&#92;href{javascript:alert(1)}{x}\n```', '<p>$&amp;bsol;style{background:url(//e)}{x}$</p>',
    '$\\href{javascript:alert(1)}{x}$', '$$\\unicode{x3c}script$$', '$\\require{html}\\href{javascript:alert(1)}x$',
    '$\\style{background:url(//e)}{x}$', '$\\class{x}{y}$', '$\\cssId{x}{y}$', '$\\data{x}{y}$',
    '$\\includegraphics{//e/x}$', '$\\bbox[background:url(//e)]{x}$',
    '$\\mmlToken{mi}[href="javascript:alert(1)"]{x}$', '$\\def\\alpha{\\href{javascript:alert(1)}{x}}$',
    '$<script>alert(1)</script>$', '$a <img src=x onerror=alert(1)>$', '$$\n<script>alert(1)</script>\n$$',
    '$$\n~~~\n$$\n\n```\n~~~\n<script>alert(1)</script>\n```', '${$ <b title="$}$"> <script>alert(1)</script>',
    '$x\\\\$ <b> $" onclick=alert(1)', '$`$<script>alert(1)</script>`$', '$[x](javascript:alert(1))$',
    '$[x]: javascript:alert(1)$ [x]', '\\begin{align}<script>alert(1)</script>\\end{align}',
    '\\begin{align}\\href{javascript:alert(1)}{x}\\end{align}', '\\begin{a}{\\end{a} <b> }\\end{a}',
    '\\\\(\\href{javascript:alert(1)}{x}\\\\)', '\\\\[ <script> \\\\]', '\\(\\href{javascript:alert(1)}{x}\\)',
    '&#36;\\href{javascript:alert(1)}{x}&#36;', '\\$\\href{javascript:alert(1)}{x}\\$',
    '<b>&#36;</b>\\href{javascript:alert(1)}{x}&#36;', '@@0@@ $x$ @@1@@', '$@@0@@$ $" onclick="alert(1)$',
    'a $ b <i> c $ d', '5$ and "6$ onmouseover="alert(1)', '$$x$$$y$$', '$a$$b$ <script>',
    '$\n\n<script>alert(1)</script>\n\n$', '\\ref{x} \\eqref{<script>}',
    '<div>$\\href{javascript:alert(1)}{x}$</div>', '<p>\\begin{align}\\href{javascript:alert(1)}{x}\\end{align}</p>',
    # structure
    '| a |\n|---|\n| <script>alert(1)</script> |', '| `|` <script> | `|</script>` |\n|---|---|',
    '| $|$ | <b |\n|---|---|\n| " onclick=alert(1)> | x |', '<script>\n===', '# <script>alert(1)</script> #',
    '---\nheader-includes: <script>alert(1)</script>\n---', '::: {onclick=alert(1)}\nx\n:::',
    '[^1]\n\n[^1]: <script>alert(1)</script>', '{{< include /etc/passwd >}}', '[x]{onclick="alert(1)"}',
    '<!-- fastdebug -->', '*<b*<script>*', '**[x](javascript:alert(1)**)', '<b>*</b><script>*',
    '> <div\n> onclick=alert(1)>', '- <div\n\n  onclick=alert(1)>', '\ufdd0<script>\ufdd1alert(1)',
    '\x00<script>alert(1)</script>', '<scr\x00ipt>alert(1)</script>', '\ufdd2<b onclick=alert(1)>\ufdd4',
    '&#0;&#xD800;<script>', '\ud800<script>',
]

FRAMES = [
    '{}', 'a {} b', '# {}', '- a {}\n- b', '- a\n\n  {}', '> {}', '1. - {}\n   x',
    '| a | {} |\n|---|---|\n| {} | b |', '[{}](b)', '![{}](b)', '**{}**', '`{}`', '```\n{}\n```', '~~~py\n{}\n~~~',
    '${}$', '$$\n{}\n$$', '<div>{}</div>', '<div>\n{}\n\n</div>', '<p title="{}">x</p>', '<!-- {} -->',
    '<a href="{}">x</a>', '[x]({})', '[x](<{}>)', '[x]: {}\n\n[x]', '\\begin{{align}}{}\\end{{align}}',
    '<details><summary>{}</summary>{}</details>',
    '{}\n\nsafe words $x$ `c` <b>b</b>\n\n```\n<script>alert(2)</script> $ "\n```',
]

VIEWS = [RenderOptions(), RenderOptions(terms=frozenset(analyze('alert script x b href javascript'))),
         RenderOptions(link_target=lambda u: u, load_image=lambda s: ('image/png', DOT))]

def evil_hit(p, q):
    "A hit in which everything that comes from a file is a payload"
    md,code = f'## {p}\n\n{q}\n\n[a][r] ![b](attachment:{p})', f'{p}\n{q}'
    fence = f'```\n{code}\n```'
    kinds = [('text', '', ''), ('error', '', ''), ('html', 'text/html', f'<table><tr><td>{p}<td>x{q}</table>{p}'),
        ('html', 'text/html', p), ('markdown', 'text/markdown', p), ('image', 'image/svg+xml', p), ('image', 'image/png', p),
        ('image', p, DOT), ('other', 'application/javascript', 'alert(1)')]
    outs = [Output(k, q, m, d) for k,m,d in kinds]
    cells = (Cell('markdown', (0, len(md)), attachments=((p, p, p),)),
        Cell('code', (len(md)+2, len(md)+2+len(fence)), lang=p, fences=((len(md)+6, len(md)+6+len(code)),), outputs=tuple(outs)))
    text = md + '\n\n' + fence
    sec = Section(p, 0, p, (q, p), 2, text, (0, len(text)), cells, refs=(('r', p, q), (p, q, p)))
    links = (Link('jupyter', f'Open `{p}` in {q}', p), Link('kaggle', p, f'https://k/{p}'), Link('colab', 'x', f'a.ipynb#{p}'))
    return Hit(sec, 1.0, VIEWS[1].terms, links, title=q)
