// Checking while somebody types: a newer question replaces the one under way, and none is lost.
import { send } from '../lib/http'

const QUIET = 350

export class Checker<Answer> {
  readonly #url: string
  readonly #ask: () => unknown
  readonly #show: (answer: Answer) => void
  readonly #state: (working: boolean, failed: boolean) => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #under: AbortController | null = null

  constructor(
    url: string,
    ask: () => unknown,
    show: (answer: Answer) => void,
    state: (working: boolean, failed: boolean) => void,
  ) {
    this.#url = url
    this.#ask = ask
    this.#show = show
    this.#state = state
  }

  /** Asks soon, with what stands there then; called again meanwhile, it asks once. */
  soon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#now(), QUIET)
  }

  async #now(): Promise<void> {
    this.#under?.abort()
    const mine = new AbortController()
    this.#under = mine
    this.#state(true, false)
    try {
      const answer = await send<Answer>(this.#url, { body: this.#ask(), signal: mine.signal })
      if (this.#under !== mine) return
      this.#show(answer)
      this.#state(false, false)
    } catch {
      if (this.#under === mine) this.#state(false, true)
    }
  }
}
