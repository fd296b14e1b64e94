// A form beside the grid: what is typed is checked at once, and kept as a change of the text.
import { Refused, send } from '../lib/http'
import { word } from '../lib/words'
import { wrongIn } from '../lib/wrong'
import { Checker } from './checker'
import { changeOf, type Change, type What } from './declared'
import { element, fails, verdict, type Checked } from './report'
import type { Sheet } from './sheet'

export interface Kept {
  text: string
  sheet: Sheet
}

export interface FormEvents {
  check: string
  change: string
  /** What is sent with a change: the revision, the text and what stands in the grid. */
  body: (change: Change) => unknown
  /** The change is in the text now; the form is closed. */
  kept: (answer: Kept, what: What | null) => void
}

/** What the check answers: that the form cannot be written, or what the library says of it. */
type Answer = { field: string; sentence: string } | Checked
type Problem = Checked['problems'][number]

/** What is wrong in a field; the language is empty where it is that of the page. */
interface Wrong {
  says: string
  language: string
}

export abstract class FormDialog {
  protected readonly dialog: HTMLDialogElement
  protected what: What = { kind: 'input', name: '', table: '' }
  readonly #events: FormEvents
  readonly #checker: Checker<Answer>
  #before: Element | null = null
  #keeping = false

  constructor(name: string, events: FormEvents) {
    const dialog = document.querySelector<HTMLDialogElement>(`[data-declare="${name}"]`)
    if (dialog === null) throw new Error(`The page has no form ${name}.`)
    this.dialog = dialog
    this.#events = events
    this.#checker = new Checker<Answer>(
      events.check,
      () => events.body(this.#change()),
      (answer) => this.#show(answer),
      (working, failed) => this.#showWorking(working, failed),
    )
    dialog.addEventListener('input', () => this.changed())
    dialog.addEventListener('click', (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-act]') : null
      if (button !== null) this.act(button.dataset['act'] ?? '', button)
    })
    dialog.querySelector('form')?.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#keep(this.#change())
    })
    // Enter in a field keeps nothing: somebody who goes on to the next field has not decided.
    dialog.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault()
      if (event.key.toLowerCase() === 's' && (event.ctrlKey || event.metaKey)) event.stopPropagation()
    })
    dialog.addEventListener('close', () => {
      if (this.#before instanceof HTMLElement && this.#before.isConnected) this.#before.focus()
    })
  }

  /** What the form says now. */
  protected abstract read(): unknown
  /** The field of the form for a field of the text. */
  protected abstract fieldOf(problem: NonNullable<Problem['in']>): string
  /** What the check says, where the form can be written. */
  protected told(_answer: Checked): void {}
  /** Whether what the form says is only a beginning, of which the check has nothing to say yet. */
  protected get begins(): boolean {
    return false
  }
  /** Something was typed or chosen. */
  protected changed(): void {
    this.#checker.soon()
  }

  protected start(what: What, title: string, used: string): void {
    this.what = what
    this.#before = document.activeElement
    this.part('title').textContent = title
    this.#sure(used)
    this.find('[data-act="ask-out"]').hidden = what.name === ''
    this.part('declare-check').replaceChildren()
    this.#mark(new Map())
    this.dialog.showModal()
    this.dialog.querySelector<HTMLElement>('.declare__body')?.scrollTo(0, 0)
    this.dialog.querySelector<HTMLElement>('[data-field]')?.focus()
    if (what.name !== '') this.#checker.soon()
  }

  protected act(what: string, _button: HTMLElement): void {
    if (what === 'cancel') this.dialog.close()
    else if (what === 'ask-out') this.#ask(true)
    else if (what === 'stay') this.#ask(false)
    else if (what === 'out') void this.#keep(changeOf(this.what, 'remove'))
  }

  protected part(name: string): HTMLElement {
    return this.find(`[data-${name}]`)
  }

  protected find<Found extends HTMLElement>(selector: string): Found {
    const found = this.dialog.querySelector<Found>(selector)
    if (found === null) throw new Error(`The form has no ${selector}.`)
    return found
  }

  protected text(field: string): string {
    return this.find<HTMLInputElement>(`[data-field="${field}"]`).value
  }

  protected set(field: string, value: string): void {
    this.find<HTMLInputElement>(`[data-field="${field}"]`).value = value
  }

  #change(): Change {
    return changeOf(this.what, 'keep', { form: this.read() })
  }

  #sure(says: string): void {
    this.part('sure-says').textContent = says
    this.#ask(false)
  }

  #ask(asked: boolean): void {
    this.part('sure').hidden = !asked
    this.part('acts').hidden = asked
    if (asked) this.find('[data-act="stay"]').focus()
  }

  async #keep(change: Change): Promise<void> {
    if (this.#keeping) return // pressed twice: the form that opens next is not closed by it
    this.#keeping = true
    try {
      const answer = await send<Kept>(this.#events.change, { body: this.#events.body(change) })
      this.dialog.close()
      const form = change.form as { name: string } | undefined
      this.#events.kept(answer, form === undefined ? null : { ...this.what, name: form.name.trim() })
    } catch (error) {
      this.#ask(false)
      const field = error instanceof Refused ? (error.body as { field?: string | null }).field : null
      const says = error instanceof Refused ? error.message : word('check.unreached')
      this.#show({ field: field ?? '', sentence: says })
      this.dialog.querySelector<HTMLElement>('[aria-invalid="true"]:not(fieldset), [aria-invalid="true"] input')?.focus()
    } finally {
      this.#keeping = false
    }
  }

  #showWorking(working: boolean, failed: boolean): void {
    this.part('declare-check').classList.toggle('is-working', working)
    if (failed) this.part('declare-check').replaceChildren(element('p', word('check.unreached')))
  }

  #show(answer: Answer): void {
    const wrong = new Map<string, Wrong>()
    const parts: HTMLElement[] = []
    if ('sentence' in answer) {
      if (this.#has(answer.field)) wrong.set(answer.field, { says: answer.sentence, language: '' })
      else parts.push(element('p', answer.sentence, 'declare__says'))
    } else if (!this.begins) {
      const name = (this.read() as { name: string }).name.trim()
      const others: string[] = []
      for (const problem of answer.problems) {
        const at = problem.in
        const here = at !== null && at.kind === this.what.kind && at.table === this.what.table
        const field = here && at.name === name ? this.fieldOf(at) : ''
        if (this.#has(field)) wrong.set(field, { says: problem.message, language: problem.language })
        else others.push(problem.message)
      }
      this.told(answer)
      parts.push(verdict(answer))
      others.push(...answer.promises.filter(fails).map((one) => one.says))
      others.push(...answer.found.filter((one) => one.fails).map((one) => one.says))
      if (others.length > 0) {
        const list = document.createElement('ul')
        list.append(...others.slice(0, 3).map((says) => element('li', says)))
        if (others.length > 3) list.append(element('li', `… ${others.length - 3}`))
        parts.push(element('p', word('declare.elsewhere'), 'small'), list)
      }
    }
    this.part('declare-check').replaceChildren(...parts)
    this.#mark(wrong)
  }

  #has(field: string): boolean {
    return this.dialog.querySelector(`[data-error="${field}"]`) !== null
  }

  /** Puts each sentence beside its field. */
  #mark(wrong: Map<string, Wrong>): void {
    for (const group of this.dialog.querySelectorAll<HTMLElement>('[data-error]')) {
      const found = wrong.get(group.dataset['error'] ?? '')
      group.classList.toggle('usa-form-group--error', found !== undefined)
      let place = group.querySelector<HTMLElement>(':scope > .usa-error-message')
      // Of radio buttons, the group is what is wrong.
      const fields = group.role === 'radiogroup' ? [group] : group.querySelectorAll<HTMLElement>('input, select, textarea')
      if (found === undefined) {
        place?.remove()
        for (const field of fields) {
          field.removeAttribute('aria-invalid')
          field.removeAttribute('aria-errormessage')
        }
        continue
      }
      if (place === null) {
        place = element('p', '', 'usa-error-message')
        place.id = `wrong-${(group.dataset['error'] ?? '').replace('.', '-')}`
        place.setAttribute('aria-live', 'polite')
        const legend = group.querySelector(':scope > legend, :scope > label')
        if (legend === null) group.prepend(place)
        else legend.after(place)
      }
      wrongIn(place, found.says)
      place.lang = found.language
      for (const field of fields) {
        field.setAttribute('aria-invalid', 'true')
        field.setAttribute('aria-errormessage', place.id)
      }
    }
  }
}

/** A line with a box to tick. */
export function box(value: string, label: string, checked: boolean): HTMLElement {
  const line = document.createElement('label')
  line.className = 'pick__one'
  const field = document.createElement('input')
  field.type = 'checkbox'
  field.value = value
  field.checked = checked
  line.append(field, element('span', label))
  return line
}
