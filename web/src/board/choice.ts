// The middle of the board: the chosen call, drawn by the server and renewed when something changes.
import { whenReleased } from '@/lib/pressed'
import { word } from '@/lib/words'

import { addressOf, find, pattern } from './page'
import { isLate, minutesPassed, type Board, type Part } from './state'

// Milliseconds that changes are gathered before the server is asked again: a change of the chosen
// call shows soon; other units' changes can wait, since an option that is gone is struck out at once.
const SOON = 100
const LATER = 1_500
const LATEST = 20_000 // what fails is asked again ever less often

export interface Option {
  unitId: string
  sign: string
}

export class Choice {
  chosen: string | null
  readonly #board: Board
  readonly #place = find('[data-choice]')
  #asking: AbortController | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #due = 0
  #failures = 0
  /** When the options last changed under the dispatcher's fingers. */
  drawnAt = 0

  constructor(board: Board) {
    this.#board = board
    this.chosen = this.#place.querySelector<HTMLElement>('[data-chosen]')?.dataset['chosen'] ?? null
  }

  choose(id: string | null): void {
    if (id === this.chosen) return
    this.chosen = id
    if (id === null) return this.#put(pattern('no-choice'))
    // What still stands here is about another call: nothing in it may be pressed for this one.
    for (const article of this.#place.children) (article as HTMLElement).inert = true
    this.#place.setAttribute('aria-busy', 'true')
    void this.#renew()
  }

  /** Something changed: the chosen call is drawn anew if it is touched by it. */
  heed(part: Part): void {
    const incident = this.#board.incidents.get(this.chosen ?? '')
    if (incident === undefined) return
    if (part.incidents.some((one) => one.id === incident.id)) this.#renewIn(SOON)
    else if (part.units.length > 0 && incident.missing.length > 0) this.#renewIn(LATER)
  }

  #renewIn(milliseconds: number): void {
    const due = Date.now() + milliseconds
    if (this.#timer !== undefined && this.#due <= due) return
    clearTimeout(this.#timer)
    this.#due = due
    this.#timer = setTimeout(() => void this.#renew(true), milliseconds)
  }

  /**
   * Asks the server how the chosen call now stands; what is shown stays until the answer is there,
   * and while somebody presses in it. What fails is asked again, for as long as the call is chosen.
   * A renewal that nobody asked for says so: it does not count as somebody being at work here.
   */
  async #renew(byItself = false): Promise<void> {
    const id = this.chosen
    if (id === null) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    try {
      const headers: HeadersInit = byItself ? { 'X-By-Itself': '1' } : {}
      const response = await fetch(addressOf('choice', id), { headers, signal: asking.signal })
      if (this.chosen !== id || asking.signal.aborted) return
      if (response.status >= 500) throw new Error(`The choice came with status ${response.status}.`)
      if (!response.ok || response.redirected) return
      this.#failures = 0
      const holder = document.createElement('template')
      holder.innerHTML = await response.text()
      const article = holder.content.firstElementChild
      whenReleased(this.#place, () => {
        if (article !== null && !asking.signal.aborted && this.chosen === id) this.#put(article as HTMLElement)
      })
    } catch {
      // Spread, so that all boards do not come back in the same instant.
      const wait = Math.min(LATER * 2 ** this.#failures++, LATEST) * (0.75 + Math.random() / 2)
      if (this.#asking === asking) this.#renewIn(wait)
    }
  }

  /** The unit behind a key, if the list shown belongs to the chosen call. */
  option(key: number): Option | null {
    const button = this.#place.querySelector<HTMLButtonElement>(
      `[data-chosen="${this.chosen ?? ''}"] [data-assign][data-key="${key}"]`,
    )
    return button === null ? null : optionOf(button)
  }

  /** The units that are offered for the chosen call. */
  offered(): string[] {
    return [...this.#place.querySelectorAll<HTMLElement>('[data-assign]')].map(
      (button) => button.dataset['assign'] ?? '',
    )
  }

  /** Ages tick, and an option whose unit has just gone is struck out before the server is asked. */
  tick(): void {
    const incident = this.chosen === null ? undefined : this.#board.incidents.get(this.chosen)
    const age = this.#place.querySelector<HTMLElement>('[data-choice-age]')
    if (incident === undefined || age === null) return
    const now = this.#board.now()
    const minutes = Math.max(0, Math.floor(minutesPassed(incident, now)))
    const late = isLate(incident, now)
    age.classList.toggle('is-late', late)
    const over = Math.floor(minutesPassed(incident, now) - incident.target_minutes)
    find('[data-minutes]', age).textContent = late
      ? word('board.late', { minutes, over })
      : word('board.minutes', { minutes, target: incident.target_minutes })
    for (const button of this.#place.querySelectorAll<HTMLButtonElement>('[data-assign]')) {
      const unit = this.#board.units.get(button.dataset['assign'] ?? '')
      button.classList.toggle('is-taken', unit?.state !== 'free')
    }
  }

  #put(article: HTMLElement): void {
    const before = this.#place
    const focused = before.contains(document.activeElement) ? document.activeElement : null
    const marks = focused === null ? null : markOf(focused)
    const sameCall = before.querySelector<HTMLElement>('[data-chosen]')?.dataset['chosen'] === article.dataset['chosen']
    const opened = sameCall && before.querySelector('details')?.open === true
    const scrolled = sameCall ? before.scrollTop : 0
    before.replaceChildren(article)
    before.removeAttribute('aria-busy')
    const details = before.querySelector('details')
    if (details !== null) details.open = opened
    before.scrollTop = scrolled
    if (marks !== null) before.querySelector<HTMLElement>(marks)?.focus()
    this.drawnAt = Date.now()
    this.tick()
  }
}

export function optionOf(button: HTMLButtonElement): Option {
  return { unitId: button.dataset['assign'] ?? '', sign: button.dataset['sign'] ?? '' }
}

/** A selector that finds the same control again after the call was drawn anew. */
function markOf(element: Element): string | null {
  for (const name of ['data-key', 'data-recall', 'data-open', 'data-close']) {
    const value = element.getAttribute(name)
    if (value !== null) return `[${name}="${value}"]`
  }
  return element.tagName === 'SUMMARY' ? 'summary' : null
}
