// What was typed survives an accidental reload; it goes with the save, the sign-out or the tab.
import { toast } from '@/lib/toast'
import { word } from '@/lib/words'

const KEY = 'lamplighter.call-draft'

interface Kept {
  person: string
  fields: [string, string][]
}

/** The form of a call as this tab last saw it, for the same person only. */
export class Draft {
  readonly #form: HTMLFormElement
  readonly #person: string | undefined
  #done = false

  constructor(form: HTMLFormElement) {
    this.#form = form
    this.#person = form.dataset['draft']
  }

  keep(): void {
    if (this.#person === undefined || this.#done) return
    const fields: [string, string][] = []
    for (const [name, value] of new FormData(this.#form)) {
      if (typeof value === 'string' && value !== '' && name !== 'csrfmiddlewaretoken') {
        fields.push([name, value])
      }
    }
    write({ person: this.#person, fields })
  }

  /** The call is saved: from now on nothing of it is kept. */
  forget(): void {
    this.#done = true
    write(null)
  }

  /** Fills a newly opened form with what was kept, then lets the server show how things stand. */
  async restore(update: () => Promise<void>): Promise<void> {
    const kept = read()
    if (kept !== null && kept.person !== this.#person) write(null) // not this person's to keep
    if (this.#person === undefined || kept?.person !== this.#person) return
    if ('submitted' in this.#form.dataset || !kept.fields.some(([name]) => isTyped(name))) return
    const stand_ins: HTMLInputElement[] = []
    for (const [name, value] of kept.fields) {
      const field = this.#form.elements.namedItem(name)
      if (field instanceof RadioNodeList || field === null) stand_ins.push(this.#standIn(name, value))
      else (field as HTMLInputElement).value = value
    }
    // They go along with every request until one is answered: the server then shows them.
    const shown = (): void => stand_ins.forEach((input) => input.remove())
    this.#form.addEventListener('intake:shown', shown, { once: true })
    await update()
    this.#form.dispatchEvent(new CustomEvent('intake:restored'))
    toast(word('intake.restored'))
  }

  /** Carries an answer to the server, which then shows it in its own place. */
  #standIn(name: string, value: string): HTMLInputElement {
    const input = document.createElement('input')
    Object.assign(input, { type: 'hidden', name, value })
    this.#form.append(input)
    return input
  }
}

/** The identifier, the opening time and the channel are there before anybody types. */
function isTyped(name: string): boolean {
  return !['id', 'opened_at', 'channel', 'do', 'answer'].includes(name)
}

function read(): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Kept | null
  } catch {
    return null
  }
}

function write(kept: Kept | null): void {
  try {
    if (kept === null) sessionStorage.removeItem(KEY)
    else sessionStorage.setItem(KEY, JSON.stringify(kept))
  } catch {
    // Storage may be forbidden; then a reload loses what was typed, and nothing else.
  }
}
