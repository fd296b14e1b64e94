// The facts, the answers or the promises of a draft as a list, each with what can be done with it.
import { word } from '../lib/words'
import type { Declared, Kind, Promised, What } from './declared'
import { said } from './grid'
import { element, icon, type Checked } from './report'
import { NO, YES, type Sheet } from './sheet'

export type List = 'inputs' | 'outputs' | 'promises'

export interface ListEvents {
  open: (what: What) => void
  move: (what: What, by: number) => void
}

export function kindOf(list: List): Kind {
  return list.slice(0, -1) as Kind
}

/** Draws one of the lists; what the check says of an entry stands with it. */
export function showList(
  root: HTMLElement, list: List, sheet: Sheet, checked: Checked, writes: boolean, events: ListEvents,
): void {
  const { declared } = sheet
  const parts: HTMLElement[] = [element('p', word(`declare.order.${list}`), 'soft')]
  if (list === 'outputs') {
    for (const table of sheet.tables) {
      parts.push(element('h2', said(table.title), 'declared__table'))
      const rows = declared.outputs.filter((row) => row.table === table.name)
      parts.push(listOf(rows.map((row) => declaredItem(row, 'output', checked, writes, events, rows))))
      const label = word('declare.add.output', { table: said(table.title) })
      if (writes) parts.push(add(label, { kind: 'output', name: '', table: table.name }, events))
    }
  } else if (list === 'inputs') {
    const rows = declared.inputs
    parts.push(listOf(rows.map((row) => declaredItem(row, 'input', checked, writes, events, rows))))
    if (writes) parts.push(add(word('declare.add.input'), { kind: 'input', name: '', table: '' }, events))
  } else {
    const rows = declared.promises
    parts.push(listOf(rows.map((row) => promiseItem(row, checked, writes, events, rows))))
    if (writes) parts.push(add(word('declare.add.promise'), { kind: 'promise', name: '', table: '' }, events))
  }
  root.replaceChildren(...parts)
}

function listOf(items: HTMLElement[]): HTMLElement {
  const made = document.createElement('ol')
  made.className = 'declared__list'
  made.append(...items)
  return made
}

function declaredItem(
  row: Declared, kind: 'input' | 'output', checked: Checked, writes: boolean, events: ListEvents, all: Declared[],
): HTMLElement {
  const what = { kind, name: row.name, table: row.table }
  const marks = document.createElement('p')
  marks.className = 'declared__marks'
  marks.append(element('span', kindWords(row)))
  if (row.safety) marks.append(element('span', word('declare.safety'), 'declared__mark'))
  if (row.known) marks.append(element('span', word('declare.known'), 'declared__mark'))
  if (row.taken !== '') marks.append(element('span', word('declare.taken', { value: takenWords(row) })))
  const more: HTMLElement[] = [marks]
  if (said(row.ask) !== '') more.push(element('p', `“${said(row.ask)}”`, 'soft'))
  if (row.type === 'choice') {
    const values = row.values.slice(0, 8).map((one) => said(one.label) || one.value)
    const rest = row.values.length > 8 ? ` … (${row.values.length})` : ''
    more.push(element('p', values.join(' · ') + rest, 'small'))
  }
  return item(what, said(row.label) || row.name, row.name, more, checked, writes, events, all.indexOf(row), all.length)
}

function promiseItem(
  row: Promised, checked: Checked, writes: boolean, events: ListEvents, all: Promised[],
): HTMLElement {
  const state = checked.promises.find((one) => one.id === row.name)?.state
  const marks = document.createElement('p')
  marks.className = 'declared__marks'
  if (state !== undefined) {
    const mark = element('span', '', `declared__state declared__state--${state}`)
    mark.append(icon(state === 'kept' ? 'verified' : state === 'open' ? 'help_outline' : 'error'))
    mark.append(word(`check.promise.${state}`))
    marks.append(mark)
  }
  if (row.source !== '') marks.append(english(element('span', row.source, 'soft')))
  const what: What = { kind: 'promise', name: row.name, table: '' }
  const label = said(row.says) || row.name
  return item(what, label, row.name, [marks], checked, writes, events, all.indexOf(row), all.length)
}

function item(
  what: What, label: string, name: string, more: HTMLElement[], checked: Checked,
  writes: boolean, events: ListEvents, at: number, of: number,
): HTMLElement {
  const made = document.createElement('li')
  made.className = 'declared__item'
  made.dataset['item'] = `${what.kind} ${what.table} ${what.name}`
  const body = document.createElement('div')
  body.className = 'declared__body'
  const head = element('p', '', 'declared__head')
  head.append(element('strong', label), ' ', english(element('code', name)))
  body.append(head, ...more)
  for (const problem of checked.problems) {
    const at = problem.in
    if (at === null || at.kind !== what.kind || at.name !== what.name || at.table !== what.table) continue
    const wrong = element('p', problem.message, 'declared__wrong')
    wrong.lang = problem.language
    body.append(wrong)
  }
  made.append(body)
  if (!writes) return made
  const tools = element('div', '', 'declare__row-tools')
  // The answers of a table stand in the order of the outcome, which is for the text to say.
  if (what.kind !== 'output') {
    tools.append(
      tool('expand_less', word('declare.up', { what: label }), at === 0, () => events.move(what, -1)),
      tool('expand_more', word('declare.down', { what: label }), at === of - 1, () => events.move(what, 1)),
    )
  }
  const edit = tool('edit', word('declare.edit', { what: label }), false, () => events.open(what))
  edit.dataset['edit'] = ''
  tools.append(edit)
  made.append(tools)
  return made
}

function tool(symbol: string, label: string, disabled: boolean, press: () => void): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.disabled = disabled
  button.title = label
  button.append(icon(symbol), element('span', label, 'only-read-aloud'))
  button.addEventListener('click', press)
  return button
}

function add(label: string, what: What, events: ListEvents): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'usa-button usa-button--outline declared__add'
  button.append(icon('add'), label)
  button.addEventListener('click', () => events.open(what))
  return button
}

/** Names in the text and sources are written in English, whatever the page is in. */
function english(made: HTMLElement): HTMLElement {
  made.lang = 'en'
  return made
}

function kindWords(row: Declared): string {
  if (row.type === 'boolean') return word('declare.kind.boolean')
  if (row.type === 'choice') return word('declare.kind.choice', { n: row.values.length })
  return word('declare.kind.line', { range: row.range })
}

function takenWords(row: Declared): string {
  if (row.type === 'boolean') return said(row.taken === 'true' ? YES : NO)
  return said(row.values.find((one) => one.value === row.taken)?.label ?? { en: row.taken, es: '' })
}
