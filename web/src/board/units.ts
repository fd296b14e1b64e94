// The units by kind, each with what it is doing, as a shape and a word.
import { clockText } from '@/lib/time'
import { word } from '@/lib/words'

import { arrange, fill, find, pattern, say, setIcon, words } from './page'
import type { Board, Unit } from './state'

export class UnitLists {
  readonly #groups = new Map<string, HTMLElement>()
  readonly #rows = new Map<string, HTMLElement>()
  readonly #board: Board
  readonly #press: (unit: Unit) => void

  constructor(board: Board, press: (unit: Unit) => void) {
    this.#board = board
    this.#press = press
  }

  /** Draws all units, grouped by kind; `lit` are those on the chosen call. */
  draw(lit: ReadonlySet<string>, fits: (text: string) => boolean): void {
    const units = [...this.#board.units.values()].sort((one, other) =>
      one.call_sign.localeCompare(other.call_sign, undefined, { numeric: true }),
    )
    const groups = Object.keys(words['kind'] ?? {}).flatMap((kind) => {
      const ofKind = units.filter((unit) => unit.kind === kind)
      const shown = ofKind.filter((unit) => fits(textOf(unit)))
      if (shown.length === 0) return []
      const group = this.#group(kind)
      fill(group, { free: ofKind.filter((unit) => unit.state === 'free').length, all: ofKind.length })
      arrange(
        find('[data-slot="units"]', group),
        shown.map((unit) => this.#row(unit, lit.has(unit.id))),
      )
      return [group]
    })
    arrange(find('[data-units]'), groups)
    find('[data-count="units"]').textContent = String(units.length)
    for (const id of this.#rows.keys()) if (!this.#board.units.has(id)) this.#rows.delete(id)
  }

  #group(kind: string): HTMLElement {
    let group = this.#groups.get(kind)
    if (group === undefined) {
      group = pattern('unit-group')
      group.dataset['kind'] = kind
      fill(group, { name: say('kind', kind) })
      setIcon(group, say('kind_icon', kind))
      this.#groups.set(kind, group)
    }
    return group
  }

  #row(unit: Unit, isLit: boolean): HTMLElement {
    let row = this.#rows.get(unit.id)
    if (row === undefined) {
      row = pattern('unit')
      row.dataset['unit'] = unit.id
      find('button', row).addEventListener('click', () => {
        const now = this.#board.units.get(unit.id)
        if (now !== undefined) this.#press(now)
      })
      this.#rows.set(unit.id, row)
    }
    row.dataset['state'] = unit.state
    row.classList.toggle('is-lit', isLit)
    fill(row, { sign: unit.call_sign, state: say('state', unit.state), more: this.#more(unit) })
    setIcon(row, say('state_icon', unit.state))
    return row
  }

  #more(unit: Unit): string {
    if (unit.since !== null) {
      const minutes = Math.max(0, Math.floor((this.#board.now() - Date.parse(unit.since)) / 60_000))
      return word('board.since', { minutes })
    }
    if (unit.incidents.length > 0) return word('board.calls-now', { count: unit.incidents.length })
    if (unit.on_shift_until !== null) return word('board.until', { time: clockText(new Date(unit.on_shift_until)) })
    if (unit.next_shift_at !== null) return word('board.from', { time: clockText(new Date(unit.next_shift_at)) })
    return ''
  }
}

function textOf(unit: Unit): string {
  return [unit.call_sign, say('kind', unit.kind), say('state', unit.state)].join(' ')
}
