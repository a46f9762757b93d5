// The page's half of the search box: what is typed goes to the kernel, what the kernel answers is shown.
// It knows nothing of search. Text is put into the page as text; HTML comes from the kernel alone, which has cleaned it (`page_html`).

const WAIT = 150, BUSY = 1200   // ms: after the last key, until the kernel is asked; until it is called busy
const VIEW = 'application/vnd.jupyter.widget-view+json', STATE = 'application/vnd.jupyter.widget-state+json'

// ---- small helpers

function make(tag, attrs = {}, ...inside) {
  const node = document.createElement(tag)
  for (const [k, v] of Object.entries(attrs)) if (v !== null && v !== false) node.setAttribute(k, v === true ? '' : v)
  node.append(...inside)
  return node
}

function setClean(node, html) { node.innerHTML = html }   // the one place: `html` was sanitized by nh3 in the kernel

let boxes = 0
const unique = name => `fd-${name}-${Date.now().toString(36)}-${++boxes}`

async function toClipboard(text) {
  try { await navigator.clipboard.writeText(text); return true } catch { /* not a secure page, or not allowed */ }
  const before = document.activeElement, area = make('textarea', {style: 'position:fixed;opacity:0', 'aria-hidden': 'true'})
  area.value = text
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  before?.focus({preventScroll: true})
  return done
}

// ---- colours of code; the page's own highlighter is out of reach

const PYTHON = new RegExp([
  /(?<comment>#.*)/, /(?<string>[rbfuRBFU]{0,2}(?:"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))/,
  /(?<number>\b\d[\w.]*)/, /(?<magic>^[ \t]*[%!].*)/,
  /(?<keyword>\b(?:and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|None|True|False)\b)/,
  /(?<call>\b[A-Za-z_]\w*(?=\())/].map(o => o.source).join('|'), 'gm')

function paint(code) {
  const text = code.textContent, parts = []
  if (text.length > 20000 || code.children.length) return
  let at = 0
  for (const m of text.matchAll(PYTHON)) {
    const kind = Object.keys(m.groups).find(k => m.groups[k] !== undefined)
    parts.push(text.slice(at, m.index), make('span', {class: `fd-${kind}`}, m[0]))
    at = m.index + m[0].length
  }
  code.replaceChildren(...parts, text.slice(at))
}

// ---- links and formulas, by the means of the page where it has them

async function wire(link, rendermime) {
  const [path, ...hash] = (link.getAttribute('href') || '').split('#'), place = hash.length ? `#${hash.join('#')}` : ''
  link.target = '_blank'
  link.rel = 'noopener'
  const { resolver, linkHandler } = rendermime ?? {}
  if (!path || !resolver || !linkHandler || !(resolver.isLocal?.(path) ?? !/^[a-z]+:/i.test(path))) return
  try {
    const at = await resolver.resolveUrl(path)
    linkHandler.handleLink(link, decodeURIComponent(at), place)   // JupyterLab opens it in a tab of its own
    link.removeAttribute('target')
  } catch { /* it stays a plain link */ }
}

function typeset(node, rendermime) {
  if (!node.querySelector('.fd-tex')) return
  const math = window.MathJax
  if (rendermime?.latexTypesetter) rendermime.latexTypesetter.typeset(node)
  else if (math?.Hub) math.Hub.Queue(['Typeset', math.Hub, node])
  else if (math?.typesetPromise) math.typesetPromise([node])
}   // else the formulas stay readable as they are written

// ---- a saved notebook shows the line that the kernel gave beside the box, not a box without a kernel

function without(saved, ids) {   // `saved` notebook, without views and state of the widgets `ids`
  for (const o of (saved.cells ?? []).flatMap(c => c.outputs ?? []))
    if (ids.has(o.data?.[VIEW]?.model_id)) o.data = Object.fromEntries(Object.entries(o.data).filter(([k]) => k !== VIEW))
  const state = saved.metadata?.widgets?.[STATE]?.state
  for (const id of state ? ids : []) {
    delete state[state[id]?.state?.layout?.replace('IPY_MODEL_', '')]
    delete state[id]
  }
  return saved
}

function leaveOutOfFile(manager, id) {
  const model = manager?.context?.model ?? window.Jupyter?.notebook   // of JupyterLab and Notebook 7; of the classic one
  if (!model?.toJSON) return
  if (model.fdLeftOut) return void model.fdLeftOut.add(id)
  const ids = model.fdLeftOut = new Set([id]), toJSON = model.toJSON
  model.toJSON = function () { return without(toJSON.call(this), ids) }
}

// ---- the box

class Box {
  constructor(model, el) {
    Object.assign(this, {model, view: unique('view'), n: 0, shown: 0, rows: [], active: -1, sections: new Map(), codes: new Map()})
    this.rendermime = model.widget_manager?.rendermime
    this.build(el)
    this.listen()
    this.send('ready')
  }

  send(kind, more = {}) {
    try { this.model.send({kind, view: this.view, ...more}) } catch { /* nobody is there */ }
  }

  // -- what is on the page

  build(el) {
    const id = Object.fromEntries(['input', 'list', 'section'].map(o => [o, unique(o)]))
    this.input = make('input', {id: id.input, class: 'fd-input', type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: 'false',
      'aria-expanded': 'false', 'aria-controls': id.list, 'aria-autocomplete': 'list', placeholder: 'Ask your notebooks'})
    this.clear = make('button', {class: 'fd-clear', type: 'button', 'aria-label': 'Clear', title: 'Clear (Esc)', hidden: true}, '×')
    this.chips = make('div', {class: 'fd-chips', role: 'group', 'aria-label': 'Narrow the search'})
    this.count = make('div', {class: 'fd-count', role: 'status', 'aria-live': 'polite'})
    this.lead = make('div', {class: 'fd-lead', hidden: true})
    this.list = make('ul', {id: id.list, class: 'fd-list', role: 'listbox', 'aria-label': 'Sections found'})
    this.open = make('a', {class: 'fd-button', href: ''}, 'open')
    this.copy = make('button', {class: 'fd-button', type: 'button'}, 'copy')
    this.insert = make('button', {class: 'fd-button', type: 'button'}, 'insert')
    this.more = make('span', {class: 'fd-more'})
    this.done = make('span', {class: 'fd-done', role: 'status', 'aria-live': 'polite'})
    this.actions = make('div', {class: 'fd-actions', role: 'group', 'aria-label': 'Use this section'}, this.open, this.copy, this.insert, this.more, this.done)
    this.body = make('div', {id: id.section, class: 'fd-body', role: 'region', 'aria-label': 'Section', tabindex: '0'})
    this.notes = make('div', {class: 'fd-notes'})
    this.panes = make('div', {class: 'fd-panes', hidden: true}, this.list, make('div', {class: 'fd-section'}, this.actions, this.body))
    this.root = make('div', {class: 'fd-box', 'data-lm-suppress-shortcuts': true},
      make('div', {class: 'fd-ask'}, make('label', {for: id.input, class: 'fd-hidden'}, 'Ask your notebooks'), this.input, this.clear),
      make('div', {class: 'fd-bar'}, this.chips, this.count), this.lead, this.panes, this.notes)
    el.append(this.root)
  }

  addChips(chips, values) {
    this.fields = {}
    this.chips.replaceChildren(...chips.map(({word, help, kind, choices}) => {
      const field = kind === 'choice' ? make('select', {}, make('option', {value: ''}, 'any'), ...choices.map(o => make('option', {value: o}, o)))
        : make('input', {type: kind, size: kind === 'text' ? 8 : null, placeholder: kind === 'text' ? 'any' : null})
      const chip = make('label', {class: 'fd-chip', title: help}, make('span', {}, `${word}:`), field)
      field.value = values[word] ?? ''
      chip.classList.toggle('fd-on', !!field.value)
      field.addEventListener(kind === 'text' ? 'input' : 'change', () => { chip.classList.toggle('fd-on', !!field.value); this.askSoon(kind === 'text' ? WAIT : 0) })
      this.fields[word] = field
      return chip
    }))
  }

  say(text) { if (this.count.textContent !== text) this.count.textContent = text }

  // -- what a person does

  listen() {
    const on = (node, name, act) => node.addEventListener(name, act)
    on(this.input, 'input', e => { if (!e.isComposing) this.askSoon() })
    on(this.input, 'compositionend', () => this.askSoon())
    on(this.input, 'keydown', e => this.key(e))
    on(this.clear, 'click', () => this.empty())
    on(this.list, 'click', e => { const row = e.target.closest('[role=option]'); if (row) { this.choose(+row.dataset.i); this.input.focus() } })
    on(this.copy, 'click', () => this.take('copy'))
    on(this.insert, 'click', () => this.take('insert'))
    on(this.root, 'keydown', e => {
      if (e.key === 'Escape' && e.target !== this.input) { e.preventDefault(); this.input.focus() }
      if (!e.ctrlKey && !e.metaKey) e.stopPropagation()   // the notebook's own shortcuts are not meant
      if (e.key === 'Control' || e.key === 'Meta') this.suppress(false)   // but to save, or to run the cell again
    })
    on(this.root, 'keyup', e => { if (e.key === 'Control' || e.key === 'Meta') this.suppress(true) })
    on(this.root, 'focusout', () => this.suppress(true))
    this.heard = msg => { if (msg.view === this.view) this.hear(msg) }
    this.live = () => this.checkLive()
    this.model.on('msg:custom', this.heard)
    this.model.on('comm_live_update', this.live)
  }

  suppress(yes) { this.root.toggleAttribute('data-lm-suppress-shortcuts', yes) }   // those of JupyterLab

  key(e) {
    if (e.isComposing) return
    const step = {ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5}[e.key]
    if (step && this.rows.length) { e.preventDefault(); this.choose(Math.max(0, Math.min(this.rows.length - 1, this.active + step))) }
    else if (e.key === 'Enter') { e.preventDefault(); this.waiting ? this.askSoon(0) : this.rows.length && this.body.focus() }
    else if (e.key === 'Escape') { e.preventDefault(); this.empty() }
  }

  empty() { this.input.value = ''; this.input.focus(); this.askSoon(0) }

  values() { return Object.fromEntries(Object.entries(this.fields ?? {}).map(([k, f]) => [k, f.value.trim()]).filter(([, v]) => v)) }

  askSoon(ms = WAIT) {
    clearTimeout(this.waiting)
    this.clear.hidden = !this.input.value
    this.waiting = setTimeout(() => { this.waiting = null; this.ask() }, ms)
  }

  ask() {
    if (this.gone) return
    this.n += 1
    this.send('ask', {n: this.n, text: this.input.value, chips: this.values()})
    clearTimeout(this.patience)
    this.patience = setTimeout(() => this.say('The kernel is busy; the answer comes when it is free. If it was restarted, run this cell again.'), BUSY)
  }

  choose(i) {
    if (i === this.active || !this.rows[i]) return
    this.active = i
    this.mark()
    const seen = this.sections.get(i)
    if (seen) this.showSection(seen)
    else this.send('show', {n: this.shown, i})
  }

  async take(how) {
    const i = this.active, row = this.rows[i], held = this.codes.get(i)
    if (!row) return
    if (held === undefined) { this.pending = how; return this.send('code', {n: this.shown, i}) }
    const copied = await toClipboard(how === 'insert' ? held.code : held.text), call = `fastinsert(${i + 1})`
    if (how === 'insert') this.send('keep', {n: this.shown})
    this.done.replaceChildren(copied ? 'Copied.' : 'This page may not use the clipboard.',
      ...(how === 'insert' ? [' Paste it, or run ', make('code', {}, call), ' in a cell.'] : []))
  }

  // -- what the kernel says

  hear(msg) {
    if (msg.n !== undefined && msg.n < this.shown) return   // a late answer
    if (this.gone) this.setGone(false)
    const acts = {state: () => this.restore(msg), list: () => this.showList(msg), section: () => this.keepSection(msg), code: () => this.keepCode(msg),
      trouble: () => { clearTimeout(this.patience); this.say(msg.text) },
      progress: () => { clearTimeout(this.patience); this.say(`Reading notebooks and notes: ${msg.done} of ${msg.of}`) }}
    acts[msg.kind]?.()
  }

  restore({text, chips, known, id}) {
    leaveOutOfFile(this.model.widget_manager, id)
    this.input.value = this.input.value || text
    this.addChips(known, chips)
    this.clear.hidden = !this.input.value
    this.ask()
  }

  showList({n, rows, count, lead, notes}) {
    clearTimeout(this.patience)
    Object.assign(this, {shown: n, rows, active: rows.length ? 0 : -1, sections: new Map(), codes: new Map()})
    this.list.replaceChildren(...rows.map((row, i) => {
      const heading = make('span', {class: 'fd-heading'}), where = make('span', {class: 'fd-where'})
      setClean(heading, row.heading)
      setClean(where, row.where)
      return make('li', {id: `${this.list.id}-${i}`, role: 'option', 'data-i': i}, make('span', {class: 'fd-place'}, `${i + 1}`), make('span', {class: 'fd-words'}, heading, where))
    }))
    this.panes.hidden = !rows.length
    this.lead.hidden = !lead
    this.lead.textContent = lead
    this.notes.textContent = notes
    this.input.setAttribute('aria-expanded', String(!!rows.length))
    this.mark()
    this.say(count)
  }

  mark() {
    for (const row of this.list.children) row.setAttribute('aria-selected', String(+row.dataset.i === this.active))
    const row = this.list.children[this.active]
    if (!row) return this.input.removeAttribute('aria-activedescendant')
    this.input.setAttribute('aria-activedescendant', row.id)
    const {offsetTop: top, offsetHeight: height} = row, list = this.list
    if (top < list.scrollTop) list.scrollTop = top
    else if (top + height > list.scrollTop + list.clientHeight) list.scrollTop = top + height - list.clientHeight
  }

  keepSection(msg) {
    if (msg.n !== this.shown) return
    this.sections.set(msg.i, msg)
    if (msg.i === this.active) this.showSection(msg)
  }

  showSection({i, html, links, place}) {
    const row = this.rows[i], [first, ...others] = links
    setClean(this.body, html)
    this.body.scrollTop = 0
    this.body.setAttribute('aria-label', row.name)
    this.body.querySelectorAll('code.language-python').forEach(paint)
    this.open.hidden = !first
    if (first) Object.assign(this.open, {title: first.label}).setAttribute('href', first.url)
    this.more.replaceChildren(...(place ? [make('span', {class: 'fd-file', title: place}, place.replace(/ \(.*/, ''))] : []), ...others.map(o => make('a', {class: 'fd-link', href: o.url, title: o.label}, o.site)))
    this.copy.title = 'Copy its text, as Markdown'
    this.insert.disabled = !row.code
    this.insert.title = row.code ? 'Copy its code, with what it needs, and say which call makes it the next cell' : 'This section holds no code'
    this.done.replaceChildren()
    for (const a of [this.open, ...this.more.querySelectorAll('a'), ...this.body.querySelectorAll('a[href]')]) wire(a, this.rendermime)
    typeset(this.body, this.rendermime)
    clearTimeout(this.later)
    this.later = setTimeout(() => { if (this.active === i && !this.codes.has(i)) this.send('code', {n: this.shown, i}) }, 400)
  }

  keepCode({n, i, text, code}) {
    if (n !== this.shown) return
    this.codes.set(i, {text, code})
    if (this.pending && i === this.active) { const how = this.pending; this.pending = null; this.take(how) }
  }

  checkLive() {   // the line to the kernel was cut or came back: whoever answers is there
    this.setGone(true)
    this.say('The kernel was restarted or is gone. Run this cell again to ask.')
    this.send('ready')
  }

  setGone(gone) {
    this.gone = gone
    this.root.classList.toggle('fd-gone', gone)
    clearTimeout(this.patience)
  }

  close() {
    for (const o of [this.waiting, this.patience, this.later]) clearTimeout(o)
    this.model.off('msg:custom', this.heard)
    this.model.off('comm_live_update', this.live)
  }
}

export default {
  render({model, el}) {
    const box = new Box(model, el)
    return () => box.close()
  }
}
