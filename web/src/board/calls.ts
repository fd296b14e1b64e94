// The two lists of calls: those that wait, and those being answered.
import { word } from '@/lib/words'

import { addressOf, arrange, fill, find, pattern, say, setIcon, show } from './page'
import { isAtOnce, isLate, minutesPassed, open, type Board, type Incident } from './state'

export function placeOf(incident: Incident): string {
  return [incident.address, incident.neighborhood].filter((part) => part !== '').join(' · ')
}

export class CallLists {
  readonly #rows = new Map<string, HTMLElement>()
  readonly #board: Board
  readonly #choose: (id: string) => void

  constructor(board: Board, choose: (id: string) => void) {
    this.#board = board
    this.#choose = choose
  }

  /** Draws both lists; `calling` are those that need a person now, `fits` what the search lets through. */
  draw(chosen: string | null, calling: ReadonlySet<string>, fits: (text: string) => boolean): void {
    for (const name of ['waiting', 'answered'] as const) {
      const all = name === 'waiting' ? this.#board.waiting() : this.#board.answered()
      const shown = all.filter((incident) => fits(textOf(incident)))
      arrange(
        find(`[data-list="${name}"]`),
        shown.map((incident) => this.#row(incident, incident.id === chosen, calling.has(incident.id))),
      )
      find(`[data-count="${name}"]`).textContent = String(all.length)
      find(`[data-none="${name}"]`).hidden = shown.length > 0
    }
    for (const id of this.#rows.keys()) if (!this.#board.incidents.has(id)) this.#rows.delete(id)
  }

  /** The calls in the order in which they stand on the screen. */
  order(): string[] {
    return [...document.querySelectorAll<HTMLElement>('[data-list] [data-call]')].map(
      (row) => row.dataset['call'] ?? '',
    )
  }

  bringIntoSight(id: string): void {
    this.#rows.get(id)?.scrollIntoView({ block: 'nearest' })
  }

  #row(incident: Incident, isChosen: boolean, isCalling: boolean): HTMLElement {
    let row = this.#rows.get(incident.id)
    if (row === undefined) {
      row = pattern('call')
      row.dataset['call'] = incident.id
      const link = find<HTMLAnchorElement>('a', row)
      link.href = addressOf('incident', incident.id)
      link.addEventListener('click', (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        this.#choose(incident.id)
      })
      this.#rows.set(incident.id, row)
    }
    fillRow(row, incident, this.#board.now())
    const link = find('a', row)
    link.classList.toggle('is-calling', isCalling)
    if (isChosen) link.setAttribute('aria-current', 'true')
    else link.removeAttribute('aria-current')
    return row
  }
}

function fillRow(row: HTMLElement, incident: Incident, now: number): void {
  const there = open(incident)
  fill(row, {
    priority: incident.priority,
    nature: say('nature', incident.nature),
    place: placeOf(incident),
    team: say('responder', incident.responder),
    minutes: Math.max(0, Math.floor(minutesPassed(incident, now))),
    target: incident.target_minutes,
    sent: there.map((sent) => `${sent.call_sign}: ${say('state', sent.status)}`).join(', '),
    'backup-words': incident.backup
      .map((asked) => {
        const minutes = Math.max(0, Math.floor((now - Date.parse(asked.asked_at)) / 60_000))
        return word('board.backup', { kind: say('kind', asked.kind), minutes })
      })
      .join(', '),
    'still-words': incident.missing.map((kind) => say('kind', kind)).join(', '),
    'calls-count': incident.calls,
  })
  show(row, {
    backup: incident.backup.length > 0,
    still: there.length > 0 && incident.missing.length > 0,
    calls: incident.calls > 1,
    simulated: incident.simulated,
  })
  setIcon(row, say('kind_icon', incident.responder))
  find('.priority', row).className = `priority priority--${incident.priority}`
  find('[data-slot="age"]', row).classList.toggle('is-late', isLate(incident, now))
  find('a', row).classList.toggle('row--immediate', isAtOnce(incident))
}

/** What the search looks at. */
function textOf(incident: Incident): string {
  return [
    say('nature', incident.nature),
    placeOf(incident),
    say('responder', incident.responder),
    ...open(incident).map((sent) => sent.call_sign),
  ].join(' ')
}
