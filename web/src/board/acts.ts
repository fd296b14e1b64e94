// What a dispatcher does: send, recall, close. Each act has its own identifier, so twice is once.
import { Refused, send } from '@/lib/http'
import { toast } from '@/lib/toast'
import { uuid7 } from '@/lib/uuid7'
import { word } from '@/lib/words'

import type { Option } from './choice'
import { ask } from './dialogs'
import { addressOf, config, say } from './page'
import { open, type Assignment, type Board, type Incident, type Part } from './state'

interface Answer {
  stands?: Part
}

export class Acts {
  readonly #board: Board
  readonly #changed: (part: Part) => void
  /** Assignments on their way to the server: the same press again is the same assignment. */
  readonly #sending = new Map<string, string>()

  constructor(board: Board, changed: (part: Part) => void) {
    this.#board = board
    this.#changed = changed
  }

  /** Sends a unit; asks for the reason first where it is of another kind than was decided. */
  async assign(incident: Incident, option: Option): Promise<void> {
    const unit = this.#board.units.get(option.unitId)
    if (unit === undefined || unit.state !== 'free') {
      toast(word('board.just-taken', { unit: option.sign }))
      return
    }
    let reason = ''
    if (!incident.needed.includes(unit.kind)) {
      const about = word('board.other-kind-about', {
        unit: unit.call_sign,
        kind: say('kind', unit.kind),
        wanted: incident.needed.map((kind) => say('kind', kind)).join(', '),
      })
      const given = await ask('reason', about)
      if (given === null) return
      reason = given
    }
    const pressed = `${incident.id} ${unit.id}`
    const assignmentId = this.#sending.get(pressed) ?? uuid7()
    this.#sending.set(pressed, assignmentId)
    const body = { assignment_id: assignmentId, unit_id: unit.id, other_kind_reason: reason }
    const done = await this.#do(addressOf('assign', incident.id), body)
    this.#sending.delete(pressed)
    if (done) toast(word('board.sent', { unit: unit.call_sign, nature: say('nature', incident.nature) }))
  }

  /** Calls a unit back: at once in the first minute (an undo), after a question later. */
  async recall(sent: Assignment): Promise<void> {
    const seconds = (this.#board.now() - Date.parse(sent.assigned_at)) / 1_000
    if (seconds > config.undo_seconds) {
      const minutes = Math.floor(seconds / 60)
      const about = word('board.recall-about', { unit: sent.call_sign, minutes })
      if ((await ask('recall', about)) === null) return
    }
    const done = await this.#do(addressOf('recall', sent.id), {})
    if (done) toast(word('board.recalled', { unit: sent.call_sign }))
  }

  /** Recalls the unit sent last, if it is clear which one is meant. */
  async recallLast(incident: Incident): Promise<void> {
    const there = open(incident)
    const last = there.at(-1)
    if (last === undefined) return toast(word('board.nothing-to-recall'))
    const isUndo = this.#board.now() - Date.parse(last.assigned_at) <= config.undo_seconds * 1_000
    if (there.length > 1 && !isUndo) return toast(word('board.which-recall'))
    return this.recall(last)
  }

  async close(incident: Incident): Promise<void> {
    if (open(incident).length > 0) return toast(word('board.clear-first'))
    const reason = await ask('close', `${say('nature', incident.nature)}, ${incident.address || incident.neighborhood}`)
    if (reason === null) return
    if (await this.#do(addressOf('close', incident.id), { closed_as: reason })) toast(word('board.closed'))
  }

  /** What gets no answer is sent once more: the same act twice is one. */
  async #do(url: string, body: unknown, again = true): Promise<boolean> {
    try {
      const answer = await send<Answer>(url, { body })
      this.#take(answer)
      return true
    } catch (error) {
      if (!(error instanceof Refused)) {
        if (again) return this.#do(url, body, false)
        toast(word('request.unreached'), { stays: true })
        return false
      }
      this.#take(error.body as Answer | null)
      const said = error.code.startsWith('http-') ? word('request.failed') : error.message
      toast(error.status === 403 ? word('request.forbidden') : said, { stays: true })
      return false
    }
  }

  #take(answer: Answer | null): void {
    if (answer?.stands === undefined) return
    this.#board.apply(answer.stands)
    this.#changed(answer.stands)
  }
}
