// What needs a person: a new priority 1 call, a call over its target, a team that asks for backup.
import { word } from '@/lib/words'

import { placeOf } from './calls'
import { find, say } from './page'
import { isLate, waits, type Board } from './state'

/**
 * Watches the board and speaks once of each thing that newly needs a person. `calling` are the
 * calls whose row is lit until somebody looks at it; nothing else on the board moves.
 */
export class Alerts {
  readonly calling = new Set<string>()
  readonly #board: Board
  readonly #spoken = new Set<string>()

  constructor(board: Board) {
    this.#board = board
    for (const [key] of this.#reasons()) this.#spoken.add(key) // there when the page was opened
  }

  watch(): void {
    const said: string[] = []
    for (const [key, id, sentence] of this.#reasons()) {
      if (this.#spoken.has(key)) continue
      this.#spoken.add(key)
      this.calling.add(id)
      said.push(sentence)
    }
    for (const id of this.calling) {
      const incident = this.#board.incidents.get(id)
      if (incident === undefined || !waits(incident)) this.calling.delete(id)
    }
    if (said.length > 0) find('[data-announce]').textContent = said.join('. ')
  }

  /** Somebody looks at this call now. */
  seen(id: string): void {
    this.calling.delete(id)
  }

  *#reasons(): Generator<[key: string, id: string, sentence: string]> {
    const now = this.#board.now()
    for (const incident of this.#board.incidents.values()) {
      if (!waits(incident)) continue
      const { id } = incident
      const what = { nature: say('nature', incident.nature), place: placeOf(incident) }
      if (incident.priority === 1) yield [`urgent ${id}`, id, word('board.new-urgent', what)]
      if (isLate(incident, now)) yield [`late ${id}`, id, word('board.now-late', what)]
      for (const asked of incident.backup) {
        const kind = say('kind', asked.kind)
        const reason = say('backup_reason', asked.reason)
        yield [`backup ${asked.id}`, id, word('board.backup-asked', { unit: asked.call_sign, kind, reason })]
      }
    }
  }
}
