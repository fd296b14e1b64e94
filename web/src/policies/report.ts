// What the check says: what stands in the way, where, and each promise with the call that breaks it.
import { icon } from '../lib/icon'
import { word } from '../lib/words'
import type { Marks } from './grid'
import type { Kind, Part, What } from './declared'
import type { Sheet } from './sheet'

type Pairs = [string, string][]

export interface Checked {
  readable: boolean
  passed: boolean
  failures: number
  kept: number
  lacking: string
  problems: {
    message: string
    language: string
    line: number
    cell: string
    rule: string
    at: { table: string; rule: number } | null
    /** The field of a fact, an answer or a promise in which it stands. */
    in: { kind: Kind; name: string; table: string; field: string; value: string } | null
  }[]
  found: {
    kind: string
    fails: boolean
    says: string
    table: string
    rules: string[]
    call: Pairs
  }[]
  promises: { id: string; says: string; state: string; message: string; rules: string[]; call: Pairs; gives: Pairs }[]
  /** The promise of an open form, as the text says it with what was typed. */
  promise?: { never: string; parts: Part[] | null }
  words?: Record<string, { when: Pairs; then: Pairs }[]>
}

export interface GoTo {
  rule: (table: string, rule: number, column?: string) => void
  declared: (what: What) => void
}

/** Draws the report; a button beside each finding leads to its rule. */
export function showReport(root: HTMLElement, checked: Checked, sheet: Sheet, goTo: GoTo): void {
  const parts: HTMLElement[] = [verdict(checked)]
  if (checked.lacking !== '') parts.push(element('p', checked.lacking))
  const list = document.createElement('ul')
  list.className = 'found'
  const broken = checked.promises.filter(fails)
  broken.forEach((promise, place) => {
    const item = row('error', true)
    const says = element('p', '')
    const strong = element('strong', `${word(`check.promise.${promise.state}`)}: `)
    says.append(strong, promise.says)
    // What breaks one promise mostly breaks many: below the third nobody has to push past their calls.
    const more = document.createElement('details')
    more.className = 'found__more'
    more.open = place < 3
    more.append(element('summary', word('check.breaks'), 'small'), callOf(promise.call))
    if (promise.gives.length > 0) {
      more.append(element('p', word('check.gives'), 'small'), callOf(promise.gives))
    }
    if (promise.rules.length > 0) {
      more.append(element('p', word('check.decides'), 'small'), rulesOf(promise.rules, sheet, goTo))
    }
    item.lastElementChild?.append(says, more)
    list.append(item)
  })
  for (const problem of checked.problems) {
    const item = row('error', true)
    const body = item.lastElementChild as HTMLElement
    const message = element('p', problem.message)
    message.lang = problem.language
    body.append(message)
    const { at } = problem
    if (at !== null) {
      body.append(jump(problem.rule || String(at.rule + 1), () => goTo.rule(at.table, at.rule, problem.cell)))
    }
    const field = problem.in
    if (field !== null) {
      const go = jump(field.name, () => goTo.declared(field))
      go.setAttribute('aria-label', word('declare.goto', { what: field.name }))
      body.append(go)
    }
    list.append(item)
  }
  for (const told of checked.found) {
    const item = row(told.fails ? 'error' : 'info', told.fails)
    const body = item.lastElementChild as HTMLElement
    body.append(element('p', told.says))
    if (told.call.length > 0) body.append(callOf(told.call))
    if (told.rules.length > 0) body.append(rulesOf(told.rules, sheet, goTo))
    list.append(item)
  }
  if (list.children.length > 0) parts.push(list)
  if (checked.promises.length > 0) parts.push(promises(checked))
  root.replaceChildren(...parts)
}

/** Which cells and rules of a table the report speaks of. */
export function marksOf(checked: Checked, sheet: Sheet, table: string): Marks {
  const marks: Marks = { cells: new Map(), rules: new Map() }
  const rules = sheet.tables.find((one) => one.name === table)?.rules ?? []
  const place = new Map(rules.map((rule, number) => [rule.id, number]))
  for (const problem of checked.problems) {
    if (problem.at === null || problem.at.table !== table) continue
    marks.rules.set(problem.at.rule, problem.message)
    if (problem.cell !== '') marks.cells.set(`${problem.at.rule} ${problem.cell}`, problem.message)
  }
  const named = [
    ...checked.found.filter((told) => told.fails).map((told) => [told.says, told.rules] as const),
    ...checked.promises
      .filter(fails)
      .map((promise) => [promise.says, promise.rules] as const),
  ]
  for (const [says, ids] of named) {
    for (const id of ids) {
      const number = place.get(id)
      if (number !== undefined) marks.rules.set(number, says)
    }
  }
  return marks
}

/** A rule in plain words. */
export function showWords(root: HTMLElement, words: { when: Pairs; then: Pairs } | undefined): void {
  if (words === undefined) {
    root.replaceChildren(element('p', word('sheet.nowords'), 'soft'))
    return
  }
  const when = words.when.length > 0 ? callOf(words.when) : element('p', word('sheet.everycall'))
  const then = callOf(words.then)
  then.classList.add('call-facts--then')
  root.replaceChildren(
    element('p', word('sheet.when'), 'call-facts__head'), when,
    element('p', word('sheet.then'), 'call-facts__head'), then,
  )
}

export function fails(promise: { state: string }): boolean {
  return promise.state === 'broken' || promise.state === 'contradictory'
}

export function verdict(checked: Checked): HTMLElement {
  const says = checked.passed ? word('check.passes') : word('check.fails', { n: checked.failures })
  const line = element('p', '', `verdict ${checked.passed ? 'verdict--good' : 'verdict--bad'}`)
  line.append(icon(checked.passed ? 'check_circle' : 'error'), element('strong', says))
  if (checked.promises.length > 0) {
    const all = checked.promises.length
    line.append(element('span', word('check.kept', { n: checked.kept, all }), 'soft small'))
  }
  return line
}

function promises(checked: Checked): HTMLElement {
  const fold = document.createElement('details')
  fold.className = 'fold'
  const list = document.createElement('ul')
  list.className = 'found'
  for (const promise of checked.promises) {
    const state = promise.state === 'kept' ? 'verified' : fails(promise) ? 'error' : 'help_outline'
    const item = row(state, fails(promise))
    const says = element('p', '')
    says.append(element('strong', `${word(`check.promise.${promise.state}`)}: `), promise.says)
    item.lastElementChild?.append(says)
    list.append(item)
  }
  fold.append(element('summary', `${word('check.promises')}: ${checked.promises.length}`), list)
  return fold
}

function rulesOf(rules: string[], sheet: Sheet, goTo: GoTo): HTMLElement {
  const line = element('p', '', 'found__rules')
  for (const id of rules) {
    for (const table of sheet.tables) {
      const number = table.rules.findIndex((rule) => rule.id === id)
      if (number >= 0) line.append(jump(id, () => goTo.rule(table.name, number)))
    }
  }
  return line
}

function jump(rule: string, go: () => void): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'found__jump'
  button.textContent = rule
  button.setAttribute('aria-label', word('check.goto', { rule }))
  button.addEventListener('click', go)
  return button
}

function callOf(pairs: Pairs): HTMLElement {
  const list = document.createElement('dl')
  list.className = 'call-facts'
  for (const [label, value] of pairs) {
    const pair = document.createElement('div')
    pair.append(element('dt', label), element('dd', value))
    list.append(pair)
  }
  return list
}

function row(symbol: string, fails: boolean): HTMLElement {
  const item = document.createElement('li')
  item.className = fails ? 'found__item found__item--fails' : 'found__item'
  item.append(icon(symbol), document.createElement('div'))
  return item
}

export function element(name: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(name)
  made.textContent = text
  if (className !== '') made.className = className
  return made
}
