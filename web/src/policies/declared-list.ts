// The tables, facts, answers or promises of a draft as a list, each with what can be done with it.
import { icon } from '../lib/icon'
import { word } from '../lib/words'
import type { Declared, Kind, Promised, What } from './declared'
import { said } from './grid'
import { element, type Checked } from './report'
import { NO, YES, type Sheet, type Table } from './sheet'

export type List = 'tables' | 'inputs' | 'promises'

const KINDS: Record<List, Kind> = { tables: 'table', inputs: 'input', promises: 'promise' }

export interface ListEvents {
  open: (what: What) => void
  move: (what: What, by: number) => void
}

/** The list in which one of these stands; an answer stands with its table. */
export function listWith(kind: Kind): List {
  return kind === 'output' ? 'tables' : `${kind}s`
}

/** What the button says that adds one of these, and the form that it opens. */
export function addingWords(what: What, sheet: Sheet): string {
  const table = sheet.tables.find((one) => one.name === what.table)
  return word(`declare.add.${what.kind}`, { table: said(table?.title ?? what.table) })
}

/** Draws one of the lists; what the check says of an entry stands with it. */
export function showList(
  root: HTMLElement, list: List, sheet: Sheet, checked: Checked, writes: boolean, events: ListEvents,
): void {
  const order = element('p', word(`declare.order.${list}`), 'soft')
  // What adds one stands above the list, which may be sixty promises long.
  const head = element('div', '', 'declared__top')
  head.append(order)
  if (writes) head.append(add({ kind: KINDS[list], name: '', table: '' }, sheet, events))
  root.replaceChildren(head, entriesOf(list, sheet, checked, writes, events))
}

function entriesOf(
  list: List, sheet: Sheet, checked: Checked, writes: boolean, events: ListEvents,
): HTMLElement {
  const { declared } = sheet
  if (list === 'tables') {
    const tables = listOf(sheet.tables.map((table) => tableGroup(table, sheet, checked, writes, events)))
    tables.classList.add('declared__list--tables')
    return tables
  }
  if (list === 'inputs') {
    const rows = declared.inputs
    return listOf(rows.map((row) => declaredItem(row, 'input', checked, writes, events, rows)))
  }
  const rows = declared.promises
  return listOf(rows.map((row) => promiseItem(row, checked, writes, events, rows)))
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
  if (kind === 'output' && !row.outcome) marks.append(element('span', word('declare.step'), 'declared__mark'))
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

/** A table, with its answers below it. */
function tableGroup(
  table: Table, sheet: Sheet, checked: Checked, writes: boolean, events: ListEvents,
): HTMLElement {
  const marks = element('p', '', 'declared__marks')
  marks.append(element('span', word('declare.rules', { n: table.rules.length })), element('span', hitWords(table.hit)))
  const more = [marks]
  const looks = table.columns.map((name) => said(sheet.columns[name]?.label ?? name)).join(' · ')
  if (looks !== '') more.push(element('p', word('declare.looks', { what: looks }), 'small'))
  const what: What = { kind: 'table', name: table.name, table: '' }
  const { declared, tables } = sheet
  const title = said(table.title)
  const card = item(what, title, table.name, more, checked, writes, events, tables.indexOf(table), tables.length)
  const rows = declared.outputs.filter((row) => row.table === table.name)
  const answers = listOf(rows.map((row) => declaredItem(row, 'output', checked, writes, events, rows)))
  const group = document.createElement('li')
  group.append(card, answers)
  if (writes) group.append(add({ kind: 'output', name: '', table: table.name }, sheet, events))
  return group
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
  const ofTable = what.kind === 'table'
  const made = document.createElement(ofTable ? 'div' : 'li')
  made.className = 'declared__item'
  made.dataset['item'] = `${what.kind} ${what.table} ${what.name}`
  const body = document.createElement('div')
  body.className = 'declared__body'
  const head = element(ofTable ? 'h2' : 'p', '', 'declared__head')
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

function add(what: What, sheet: Sheet, events: ListEvents): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'usa-button usa-button--outline declared__add'
  button.append(icon('add'), addingWords(what, sheet))
  button.addEventListener('click', () => events.open(what))
  return button
}

/** Names in the text and sources are written in English, whatever the page is in. */
function english(made: HTMLElement): HTMLElement {
  made.lang = 'en'
  return made
}

/** A hit policy in words, as the form of a table has it. */
function hitWords(hit: string): string {
  const fields = document.querySelectorAll<HTMLInputElement>('[data-declare="table"] input[name="hit"]')
  return [...fields].find((one) => one.value === hit)?.parentElement?.querySelector('span')?.firstChild?.textContent?.trim() ?? hit
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
