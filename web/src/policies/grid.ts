// One table as a spreadsheet: arrows move, Enter or typing edits, Tab goes on, Escape takes back.
import { language, word } from '../lib/words'
import { editCell, type Leave } from './cell-editor'
import { cellsOf, textOf, type CellKind, type Column, type Label, type Sheet, type Table } from './sheet'

export interface GridEvents {
  /** What somebody typed in a cell, when they left it. */
  changed: (rule: number, cell: CellKind, text: string) => void
  /** The same at each key, to be checked and not yet kept. */
  typing: (rule: number, cell: CellKind, text: string) => void
  moved: (rule: number) => void
  /** A key that is for the whole editor: undo, redo, move a rule, add or take out one. */
  command: (what: string) => void
}

export interface Marks {
  /** By rule and column: the sentence of what is wrong there. */
  cells: Map<string, string>
  /** By rule: that something is wrong, or that a broken promise comes from it. */
  rules: Map<number, string>
}

export class Grid {
  readonly #root: HTMLElement
  readonly #events: GridEvents
  readonly #writes: boolean
  #table: Table | null = null
  #columns: Record<string, Column> = {}
  #cells: CellKind[] = []
  #at = { rule: 0, cell: 0 }
  #editing = false

  constructor(root: HTMLElement, writes: boolean, events: GridEvents) {
    this.#root = root
    this.#writes = writes
    this.#events = events
    root.addEventListener('keydown', (event) => this.#press(event))
    root.addEventListener('dblclick', (event) => {
      if (this.#take(event.target)) this.edit()
    })
    root.addEventListener('click', (event) => this.#take(event.target))
    root.addEventListener('focusin', (event) => this.#take(event.target))
  }

  get rule(): number {
    return this.#at.rule
  }

  get editing(): boolean {
    return this.#editing
  }

  /** Draws the table anew; the place stays, as far as it is still there. */
  show(sheet: Sheet, table: Table, at?: { rule: number; cell?: number }): void {
    const hadFocus = this.#root.contains(document.activeElement)
    this.#table = table
    this.#columns = sheet.columns
    this.#cells = cellsOf(table)
    if (at !== undefined) this.#at = { rule: at.rule, cell: at.cell ?? this.#at.cell }
    this.#at.rule = Math.max(0, Math.min(this.#at.rule, table.rules.length - 1))
    this.#at.cell = Math.max(0, Math.min(this.#at.cell, this.#cells.length - 1))
    this.#editing = false
    const grid = document.createElement('table')
    grid.className = 'sheet'
    grid.role = 'grid'
    grid.setAttribute('aria-label', word('sheet.grid', { table: said(table.title) }))
    grid.append(this.#head(), this.#body(table))
    const { scrollLeft, scrollTop } = this.#root
    this.#root.replaceChildren(grid)
    this.#root.scrollTo(scrollLeft, scrollTop)
    if (hadFocus) this.focus()
  }

  focus(): void {
    this.#cellAt(this.#at.rule, this.#at.cell)?.focus()
  }

  goTo(rule: number, column?: string): void {
    const cell = this.#cells.findIndex((one) => one.name === column)
    this.#move(rule, Math.max(0, cell))
  }

  mark(marks: Marks): void {
    for (const row of this.#root.querySelectorAll<HTMLElement>('tbody tr')) {
      const rule = Number(row.dataset['rule'])
      const says = marks.rules.get(rule)
      row.classList.toggle('is-wrong', says !== undefined)
      row.querySelector('th')?.setAttribute('title', says ?? '')
      for (const cell of row.querySelectorAll<HTMLElement>('[data-cell]')) {
        const kind = this.#cells[Number(cell.dataset['cell'])]
        const wrong = marks.cells.get(`${rule} ${kind?.name ?? ''}`)
        cell.classList.toggle('is-wrong', wrong !== undefined)
        if (wrong === undefined) cell.removeAttribute('aria-invalid')
        else cell.setAttribute('aria-invalid', 'true')
        cell.title = wrong ?? ''
      }
    }
  }

  /** Opens the editor in the cell where one stands; `first` is the key that began it. */
  edit(first?: string): void {
    const kind = this.#cells[this.#at.cell]
    const rule = this.#table?.rules[this.#at.rule]
    const cell = this.#cellAt(this.#at.rule, this.#at.cell)
    if (!this.#writes || kind === undefined || rule === undefined || cell === null) return
    this.#editing = true
    const { rule: row } = this.#at
    editCell({
      cell,
      kind,
      column: this.#columns[kind.name],
      text: first ?? textOf(rule, kind),
      label: `${this.#title(kind)}, ${rule.id}`,
      valuesLabel: word('sheet.values'),
      typed: (text) => this.#events.typing(row, kind, text),
      done: (text, leave) => {
        this.#editing = false
        if (text !== null && text !== textOf(rule, kind)) this.#events.changed(row, kind, text)
        else {
          this.#fill(cell, kind, textOf(rule, kind))
          this.#events.typing(row, kind, textOf(rule, kind))
        }
        this.#leave(leave)
      },
    })
    if (first !== undefined) {
      const field = cell.querySelector<HTMLInputElement>('.sheet__field')
      field?.setSelectionRange(first.length, first.length)
    }
  }

  #leave(where: Leave): void {
    if (where === 'down') this.#move(this.#at.rule + 1, this.#at.cell)
    else if (where === 'right') this.#move(this.#at.rule, this.#at.cell + 1)
    else if (where === 'left') this.#move(this.#at.rule, this.#at.cell - 1)
    else if (this.#root.contains(document.activeElement) || document.activeElement === document.body) {
      this.focus()
    }
  }

  #press(event: KeyboardEvent): void {
    if (this.#editing || this.#table === null) return
    const command = commandOf(event)
    if (command !== null) {
      event.preventDefault()
      this.#events.command(command)
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { rule, cell } = this.#at
    const last = this.#cells.length - 1
    const moves: Record<string, [number, number]> = {
      ArrowUp: [rule - 1, cell],
      ArrowDown: [rule + 1, cell],
      ArrowLeft: [rule, cell - 1],
      ArrowRight: [rule, cell + 1],
      Home: [rule, 0],
      End: [rule, last],
      PageUp: [rule - 8, cell],
      PageDown: [rule + 8, cell],
    }
    const move = moves[event.key]
    if (move !== undefined) {
      event.preventDefault()
      this.#move(...move)
    } else if (event.key === 'Tab') {
      // At the end of a row Tab leaves the grid, as it leaves any other part of a page.
      const next = cell + (event.shiftKey ? -1 : 1)
      if (next < 0 || next > last) return
      event.preventDefault()
      this.#move(rule, next)
    } else if (event.key === 'Enter' || event.key === 'F2') {
      event.preventDefault()
      this.edit()
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault()
      const kind = this.#cells[cell]
      if (this.#writes && kind !== undefined) this.#events.changed(rule, kind, '')
    } else if (event.key.length === 1) {
      event.preventDefault()
      this.edit(event.key)
    }
  }

  #take(target: EventTarget | null): boolean {
    if (this.#editing || !(target instanceof Element)) return false
    const cell = target.closest<HTMLElement>('[data-cell]')
    const row = cell?.closest<HTMLElement>('[data-rule]')
    if (!cell || !row) return false
    const at = { rule: Number(row.dataset['rule']), cell: Number(cell.dataset['cell']) }
    if (at.rule !== this.#at.rule || at.cell !== this.#at.cell) this.#mark(at)
    return true
  }

  #move(rule: number, cell: number): void {
    const rules = this.#table?.rules.length ?? 0
    if (rules === 0) return
    this.#mark({
      rule: Math.max(0, Math.min(rule, rules - 1)),
      cell: Math.max(0, Math.min(cell, this.#cells.length - 1)),
    })
    this.focus()
  }

  #mark(at: { rule: number; cell: number }): void {
    this.#cellAt(this.#at.rule, this.#at.cell)?.setAttribute('tabindex', '-1')
    for (const row of this.#root.querySelectorAll('tr.is-here')) row.classList.remove('is-here')
    this.#at = at
    const cell = this.#cellAt(at.rule, at.cell)
    cell?.setAttribute('tabindex', '0')
    cell?.closest('tr')?.classList.add('is-here')
    this.#events.moved(at.rule)
  }

  #cellAt(rule: number, cell: number): HTMLElement | null {
    return this.#root.querySelector(`[data-rule="${rule}"] [data-cell="${cell}"]`)
  }

  #head(): HTMLElement {
    const head = document.createElement('thead')
    const row = document.createElement('tr')
    row.append(heading(word('sheet.number'), 'sheet__number'))
    for (const kind of this.#cells) row.append(heading(this.#title(kind), `sheet__${kind.part}`))
    head.append(row)
    return head
  }

  #body(table: Table): HTMLElement {
    const body = document.createElement('tbody')
    table.rules.forEach((rule, number) => {
      const row = document.createElement('tr')
      row.dataset['rule'] = String(number)
      row.classList.toggle('is-here', number === this.#at.rule)
      const name = document.createElement('th')
      name.scope = 'row'
      name.className = 'sheet__number'
      name.textContent = String(number + 1)
      row.append(name)
      this.#cells.forEach((kind, place) => {
        const cell = document.createElement('td')
        cell.role = 'gridcell'
        cell.className = `sheet__cell sheet__${kind.part}`
        cell.dataset['cell'] = String(place)
        const here = number === this.#at.rule && place === this.#at.cell
        cell.tabIndex = here ? 0 : -1
        this.#fill(cell, kind, textOf(rule, kind))
        row.append(cell)
      })
      body.append(row)
    })
    return body
  }

  #fill(cell: HTMLElement, kind: CellKind, text: string): void {
    const shown = document.createElement('span')
    const any = kind.part === 'when' && (text === '' || text === '-')
    shown.className = any ? 'sheet__any' : 'sheet__text'
    // A long name breaks after its underscores before it breaks anywhere.
    const [first = '', ...rest] = (any ? '–' : text).split('_')
    shown.append(first, ...rest.flatMap((part) => ['_', document.createElement('wbr'), part]))
    if (any) shown.setAttribute('aria-label', word('sheet.anything'))
    if (kind.part !== 'es') shown.lang = 'en'
    else shown.lang = 'es'
    if (any) {
      shown.removeAttribute('lang')
      shown.role = 'img'
    }
    cell.replaceChildren(shown)
  }

  #title(kind: CellKind): string {
    if (kind.part === 'when' || kind.part === 'then') {
      const column = this.#columns[kind.name]
      return column === undefined ? kind.name : said(column.label)
    }
    return word(`sheet.${kind.part}`)
  }
}

/** A label in the language of the page. */
export function said(label: string | Label): string {
  if (typeof label === 'string') return label
  return language().startsWith('es') && label.es !== '' ? label.es : label.en
}

function heading(text: string, name: string): HTMLElement {
  const cell = document.createElement('th')
  cell.scope = 'col'
  cell.className = name
  cell.textContent = text
  return cell
}

function commandOf(event: KeyboardEvent): string | null {
  const control = event.ctrlKey || event.metaKey
  const key = event.key.toLowerCase()
  if (control && key === 'z') return event.shiftKey ? 'redo' : 'undo'
  if (control && key === 'y') return 'redo'
  if (event.altKey && event.key === 'ArrowUp') return 'up'
  if (event.altKey && event.key === 'ArrowDown') return 'down'
  if (control && event.key === 'Enter') return 'add'
  return null
}
