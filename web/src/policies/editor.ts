// The grid editor of a draft: what is typed is checked at once, kept in this tab, and saved on asking.
import { Refused, send } from '../lib/http'
import { whenReleased } from '../lib/pressed'
import { toast } from '../lib/toast'
import { word } from '../lib/words'
import { Checker } from './checker'
import { changeOf, declaredOf, type What } from './declared'
import { DeclaredForm } from './declared-form'
import { addingWords, listWith, showList, type List } from './declared-list'
import type { FormEvents, Kept } from './form-dialog'
import { Grid, said } from './grid'
import { PromiseForm } from './promise-form'
import { marksOf, showReport, showWords, type Checked } from './report'
import {
  emptyRule, freshId, reopened, withColumns, withRules, withText,
  type CellKind, type Rule, type Sheet, type Table,
} from './sheet'
import { TableForm } from './table-form'
import { Work, type Start } from './work'

interface State extends Start {
  checked: Checked
  check: string
  change: string
}

const LISTS: List[] = ['tables', 'inputs', 'promises']

export function startEditor(root: HTMLElement, state: State): void {
  new Editor(root, state)
}

class Editor {
  readonly #root: HTMLElement
  readonly #state: State
  readonly #work: Work
  readonly #grid: Grid
  readonly #checker: Checker<Checked>
  readonly #declaredForm: DeclaredForm
  readonly #promiseForm: PromiseForm
  readonly #tableForm: TableForm
  #table: string
  /** Which list stands in the grid's place, if any. */
  #list: List | null = null
  #checked: Checked
  #moved: Promise<void> = Promise.resolve()
  #saving: Promise<boolean> = Promise.resolve(true)

  constructor(root: HTMLElement, state: State) {
    this.#root = root
    this.#state = state
    this.#checked = state.checked
    this.#work = new Work(state)
    this.#table = this.#work.settled.tables[0]?.name ?? ''
    this.#grid = new Grid(this.#part('sheet'), state.writes, {
      changed: (rule, cell, text) => this.#write(rule, cell, text),
      typing: (rule, cell, text) => this.#type(rule, cell, text),
      moved: () => this.#showWords(),
      command: (what) => this.#do(what),
    })
    this.#checker = new Checker<Checked>(
      state.check,
      () => this.#work.body(),
      (checked) => this.#showChecked(checked),
      (working, failed) => this.#showWorking(working, failed),
    )
    const events: FormEvents = {
      check: state.check,
      change: state.change,
      body: (change) => this.#work.body(change),
      kept: (answer, what) => this.#changedByForm(answer, what),
    }
    this.#declaredForm = new DeclaredForm('declared', events)
    this.#promiseForm = new PromiseForm(events, () => this.#work.settled.declared)
    this.#tableForm = new TableForm({ ...events, kept: (answer, what) => this.#changedByTable(answer, what) })
    if (this.#work.restore()) {
      this.#checker.soon()
      toast(word('sheet.back'))
    }
    this.#listen()
    this.#draw()
    this.#showChecked(this.#checked)
  }

  #listen(): void {
    for (const button of this.#root.querySelectorAll<HTMLButtonElement>('[data-do]')) {
      button.disabled = !this.#state.writes
      button.addEventListener('click', () => this.#do(button.dataset['do'] ?? ''))
    }
    const version = this.#part('version') as HTMLInputElement
    version.readOnly = !this.#state.writes
    version.addEventListener('change', () => this.#change({ ...this.#work.settled, version: version.value }))
    const columns = this.#part('columns') as HTMLSelectElement
    columns.disabled = !this.#state.writes
    columns.addEventListener('change', () => {
      const shown = [...this.#tableNow().columns, columns.value]
      if (columns.value !== '') this.#change(withColumns(this.#work.settled, this.#table, shown))
      columns.value = ''
    })
    document.addEventListener('keydown', (event) => {
      if (this.#list !== null && !document.querySelector('dialog[open]') && event.key.toLowerCase() === 'z') {
        const typing = document.activeElement?.matches('input, textarea, select') === true
        if ((event.ctrlKey || event.metaKey) && !typing) this.#do(event.shiftKey ? 'redo' : 'undo')
      }
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
        event.preventDefault()
        if (document.activeElement instanceof HTMLElement) {
          if (document.activeElement.matches('.sheet__field, [data-version]')) document.activeElement.blur()
        }
        void this.#save()
      }
    })
    // What was typed goes along to the page that somebody presses on.
    for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-leaves]')) {
      link.addEventListener('click', (event) => {
        if (!this.#work.isDirty) return
        event.preventDefault()
        void this.#save().then((done) => {
          if (done) location.assign(link.href)
        })
      })
    }
    addEventListener('beforeunload', (event) => {
      this.#work.keepInTab()
      if (this.#work.isDirty && this.#state.writes) event.preventDefault()
    })
  }

  #do(what: string): void {
    const now = this.#work.settled
    const table = this.#tableNow()
    const at = this.#grid.rule
    const rules = table.rules
    const rule = rules[at]
    if (what === 'save') void this.#save()
    else if (what === 'edit') {
      this.#grid.focus()
      this.#grid.edit()
    } else if (what === 'undo' && this.#work.undo()) this.#changed()
    else if (what === 'redo' && this.#work.redo()) this.#changed()
    else if (what === 'add') this.#rules([...rules.slice(0, at + 1), emptyRule(now), ...rules.slice(at + 1)], at + 1)
    else if (rule === undefined) return
    else if (what === 'copy') {
      const copy = { ...rule, keep: null, id: freshId(now, rule.id) }
      this.#rules([...rules.slice(0, at + 1), copy, ...rules.slice(at + 1)], at + 1)
    } else if (what === 'remove') this.#rules(rules.filter((one) => one !== rule), at)
    else if (what === 'up' && at > 0) this.#rules(swapped(rules, at - 1), at - 1)
    else if (what === 'down' && at < rules.length - 1) this.#rules(swapped(rules, at), at + 1)
  }

  #rules(rules: Rule[], at: number): void {
    this.#work.do(withRules(this.#work.settled, this.#table, rules))
    this.#changed({ rule: at })
    this.#grid.focus()
  }

  #written(rule: number, cell: CellKind, text: string): Sheet {
    const rules = this.#tableNow().rules.map((one, number) =>
      number === rule ? withText(one, cell, text) : one,
    )
    return withRules(this.#work.settled, this.#table, rules)
  }

  #type(rule: number, cell: CellKind, text: string): void {
    this.#work.type(this.#written(rule, cell, text))
    this.#checker.soon()
  }

  #write(rule: number, cell: CellKind, text: string): void {
    this.#change(this.#written(rule, cell, text))
  }

  #change(sheet: Sheet): void {
    this.#work.do(sheet)
    this.#changed()
  }

  #openForm(what: What): void {
    if (!this.#state.writes) return
    const sheet = this.#work.settled
    if (what.kind === 'table') this.#tableForm.open(what, sheet, addingWords(what, sheet))
    else if (what.kind !== 'promise') this.#declaredForm.open(what, declaredOf(sheet, what), addingWords(what, sheet))
    else this.#promiseForm.open(what, sheet.declared.promises.find((one) => one.name === what.name), addingWords(what, sheet))
  }

  /** Moves it after the moves before it: each begins with the text that the last one made. */
  #move(what: What, by: number): void {
    this.#moved = this.#moved.then(() => this.#moveNow(what, by))
  }

  async #moveNow(what: What, by: number): Promise<void> {
    try {
      const sent = this.#work.now
      const body = this.#work.body(changeOf(what, 'move', { by }))
      const answer = await send<Kept>(this.#state.change, { body })
      if (this.#work.now !== sent) return await this.#moveNow(what, by) // of a text that is gone
      this.#changedByForm(answer, what)
    } catch (error) {
      toast(error instanceof Refused ? error.message : word('check.unreached'))
    }
  }

  #changedByForm(answer: Kept, what: What | null): void {
    this.#change(reopened(this.#work.now, answer.sheet, answer.text))
    this.#stand(what)
  }

  #changedByTable(answer: Kept, what: What | null): void {
    let sheet = reopened(this.#work.now, answer.sheet, answer.text)
    if (what !== null) {
      sheet = withColumns(sheet, what.name, this.#tableForm.looks)
      this.#table = what.name
    }
    this.#change(sheet)
    this.#stand(what)
    // A table that is new gives nothing yet.
    if (what !== null && this.#tableForm.begins) this.#openForm({ kind: 'output', name: '', table: what.name })
  }

  /** The focus goes to what was changed, or where something was taken out, to what can be added. */
  #stand(what: What | null): void {
    if (what === null) {
      this.#part('declared').querySelector<HTMLElement>('.declared__add')?.focus()
      return
    }
    const item = this.#itemOf(`${what.kind} ${what.table} ${what.name}`)
    item?.querySelector<HTMLElement>('[data-edit]')?.focus()
    item?.scrollIntoView({ block: 'nearest' })
  }

  #changed(at?: { rule: number }): void {
    this.#work.left()
    this.#draw(at)
    this.#checker.soon()
  }

  #tableNow(): Table {
    const { tables } = this.#work.settled
    const found = tables.find((table) => table.name === this.#table) ?? tables[0]
    if (found === undefined) throw new Error('A policy without a table has no grid.')
    return found
  }

  #draw(at?: { rule: number }): void {
    const sheet = this.#work.settled
    const table = this.#tableNow()
    this.#table = table.name
    this.#grid.show(sheet, table, at)
    this.#grid.mark(marksOf(this.#checked, sheet, table.name))
    const version = this.#part('version') as HTMLInputElement
    if (document.activeElement !== version) version.value = sheet.version
    this.#drawTables(sheet)
    this.#drawLists(sheet)
    const columns = this.#part('columns') as HTMLSelectElement
    const more = table.available.filter((name) => !table.columns.includes(name))
    columns.replaceChildren(
      new Option(word('sheet.column'), ''),
      ...more.map((name) => new Option(said(sheet.columns[name]?.label ?? name), name)),
    )
    for (const [what, can] of [['undo', this.#work.canUndo], ['redo', this.#work.canRedo]] as const) {
      const button = this.#root.querySelector<HTMLButtonElement>(`[data-do="${what}"]`)
      if (button !== null) button.disabled = !can || !this.#state.writes
    }
    this.#showWords()
    if (this.#work.isDirty) this.#say(word('sheet.unsaved'))
  }

  #drawTables(sheet: Sheet): void {
    // Made once: a button that is replaced while somebody presses it would never hear of it.
    const root = this.#part('tables')
    const made = [...root.querySelectorAll<HTMLButtonElement>('[data-table]')]
    for (const button of made) if (!sheet.tables.some((table) => table.name === button.dataset['table'])) button.remove()
    for (const [place, table] of sheet.tables.entries()) {
      let button = made.find((one) => one.dataset['table'] === table.name)
      if (button === undefined) {
        button = document.createElement('button')
        button.type = 'button'
        button.className = 'editor__table'
        button.dataset['table'] = table.name
        button.addEventListener('click', () => this.#open(table.name, 0))
      }
      if (root.children[place] !== button) root.insertBefore(button, root.children[place] ?? null)
      button.textContent = `${said(table.title)} · ${table.rules.length}`
      button.setAttribute('aria-pressed', String(this.#list === null && table.name === this.#table))
    }
  }

  #drawLists(sheet: Sheet): void {
    const root = this.#part('lists')
    for (const list of LISTS) {
      let button = root.querySelector<HTMLButtonElement>(`[data-list="${list}"]`)
      if (button === null) {
        button = document.createElement('button')
        button.type = 'button'
        button.className = 'editor__table'
        button.dataset['list'] = list
        button.addEventListener('click', () => this.#openList(list))
        root.append(button)
      }
      button.textContent = `${word(`declare.${list}`)} · ${sheet.declared[list].length}`
      button.setAttribute('aria-pressed', String(list === this.#list))
    }
    const inGrid = this.#list === null
    this.#part('sheet').hidden = !inGrid
    for (const part of document.querySelectorAll<HTMLElement>('[data-for-grid]')) part.hidden = !inGrid
    this.#part('declared').hidden = inGrid
    this.#drawList()
  }

  #drawList(): void {
    if (this.#list === null) return
    const events = { open: (what: What) => this.#openForm(what), move: (what: What, by: number) => this.#move(what, by) }
    const sheet = this.#work.settled
    const root = this.#part('declared')
    // Who stands on a button of an entry stands on it still, though the list is drawn anew.
    const active = root.contains(document.activeElement) ? document.activeElement : null
    const item = active?.closest<HTMLElement>('[data-item]')
    const place = item === null || item === undefined ? -1 : [...item.querySelectorAll('button')].indexOf(active as HTMLButtonElement)
    showList(root, this.#list, sheet, this.#checked, this.#state.writes, events)
    if (place >= 0) this.#itemOf(item?.dataset['item'] ?? '')?.querySelectorAll('button')[place]?.focus()
  }

  #itemOf(name: string): HTMLElement | undefined {
    const items = this.#part('declared').querySelectorAll<HTMLElement>('[data-item]')
    return [...items].find((one) => one.dataset['item'] === name)
  }

  #openList(list: List): void {
    this.#list = list
    this.#draw()
  }

  #openDeclared(what: What): void {
    this.#openList(listWith(what.kind))
    this.#openForm({ kind: what.kind, name: what.name, table: what.table })
  }

  #open(table: string, rule: number, column?: string): void {
    this.#table = table
    this.#list = null
    this.#draw({ rule })
    this.#grid.goTo(rule, column)
  }

  #showChecked(checked: Checked): void {
    this.#checked = checked
    const sheet = this.#work.now
    const report = this.#part('report')
    whenReleased(report, () =>
      showReport(report, this.#checked, this.#work.now, {
        rule: (table, rule, column) => this.#open(table, rule, column),
        declared: (what) => this.#openDeclared(what),
      }),
    )
    whenReleased(this.#part('declared'), () => this.#drawList())
    if (!this.#grid.editing) this.#grid.mark(marksOf(checked, sheet, this.#table))
    this.#showWords()
  }

  #showWords(): void {
    showWords(this.#part('words'), this.#checked.words?.[this.#table]?.[this.#grid.rule])
  }

  #showWorking(working: boolean, failed: boolean): void {
    const mark = document.querySelector<HTMLElement>('[data-working]')
    if (mark !== null) mark.hidden = !working
    if (failed) toast(word('check.unreached'))
  }

  /**
   * Saves what stands there; gives whether it is kept as the draft. One after another: a second
   * saving changes the revision that the first one made.
   */
  #save(): Promise<boolean> {
    this.#saving = this.#saving.then(() => this.#saveNow())
    return this.#saving
  }

  async #saveNow(): Promise<boolean> {
    if (!this.#state.writes || this.#work.isKept) return true
    this.#say(word('sheet.saving'))
    try {
      const { conflict, saved } = await this.#work.save()
      if (conflict !== undefined) {
        // Both texts are kept on the server; the choice between them is a page of its own.
        location.assign(conflict)
        return false
      }
      if (this.#grid.editing) this.#say(word('sheet.unsaved')) // somebody went on typing meanwhile
      else this.#draw()
      if (saved !== undefined) this.#say(word('sheet.saved', { number: saved }))
      return true
    } catch (error) {
      this.#say(error instanceof Refused ? error.message : word('sheet.offline'))
      return false
    }
  }

  #say(text: string): void {
    const place = this.#root.querySelector('[data-saved]')
    if (place !== null) place.textContent = text
  }

  #part(name: string): HTMLElement {
    const part = document.querySelector<HTMLElement>(`[data-${name}]`)
    if (part === null) throw new Error(`The page has no part data-${name}.`)
    return part
  }
}

/** The rules with two neighbours, from `at` on, in each other's place. */
function swapped(rules: Rule[], at: number): Rule[] {
  const [first, second] = [rules[at], rules[at + 1]]
  if (first === undefined || second === undefined) return rules
  return [...rules.slice(0, at), second, first, ...rules.slice(at + 2)]
}
