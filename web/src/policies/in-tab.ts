// What was typed and not saved, kept in this tab until it is saved or somebody signs out.
import type { Sheet } from './sheet'

interface Kept {
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
      sessionStorage.setItem(this.#key, JSON.stringify({ revision, sheet }))
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
      // What an earlier version of this page kept has no text that it is a view of.
      return kept?.sheet.from === undefined ? null : kept
    } catch {
      this.forget()
      return null
    }
  }
}
