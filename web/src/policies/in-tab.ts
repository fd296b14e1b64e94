// What was typed and not saved, kept in this tab until it is saved or somebody signs out.
import type { Sheet } from './sheet'

/** The form of what is kept: another number where a sheet of before could not be read any more. */
const FORM = 2

interface Kept {
  form: number
  revision: number
  sheet: Sheet
}

export class InTab {
  readonly #key: string

  constructor(draft: string) {
    this.#key = `draft ${draft}`
  }

  keep(revision: number, sheet: Sheet): void {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify({ form: FORM, revision, sheet } satisfies Kept))
    } catch {
      // Full or forbidden: what is typed lives in the page alone.
    }
  }

  forget(): void {
    try {
      sessionStorage.removeItem(this.#key)
    } catch {
      // Forbidden: nothing is in it.
    }
  }

  /** What a reload or a lost connection left; null where there is nothing that can be used. */
  take(): Kept | null {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#key) ?? 'null') as Kept | null
      if (kept?.form === FORM) return kept
    } catch {
      // No JSON: nothing that this page kept.
    }
    this.forget()
    return null
  }
}
