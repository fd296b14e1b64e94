// What goes between the call form and the server: the form out, the parts that changed back.
import { csrfToken } from '@/lib/http'
import { showAges } from '@/lib/time'
import { word } from '@/lib/words'

import type { Draft } from './draft'
import { rememberFocus } from './questions'

type Answer = { go: string } | { html: string } | { failed: string }

export class Exchange {
  readonly #form: HTMLFormElement
  readonly #draft: Draft
  readonly #unheard: string[] = [] // answers pressed that no request has brought to the server yet
  #behind = false // something was answered that the questions do not show yet
  #latest: AbortController | undefined
  #showing: Promise<void> = Promise.resolve()
  #saving = false

  constructor(form: HTMLFormElement, draft: Draft) {
    this.#form = form
    this.#draft = draft
  }

  /**
   * Asks the server how things stand with what is in the form now, and shows it. `pressed` is the
   * answer's button. An older request that is still on its way is dropped, though not the answer it
   * carried: the newest form counts, and whoever waited for the older one waits for this.
   */
  update(pressed?: HTMLButtonElement): Promise<void> {
    if (!this.#saving) this.#busy(true)
    return this.#start(pressed)
  }

  /** The same for a place alone: the questions stand as they are, and are answered meanwhile. */
  updatePlace(): Promise<void> {
    return this.#start()
  }

  #start(pressed?: HTMLButtonElement): Promise<void> {
    if (this.#saving) return this.#showing
    this.#latest?.abort()
    this.#latest = new AbortController()
    this.#showing = this.#ask(this.#fields(pressed), this.#latest)
    return this.#showing
  }

  async #ask(fields: FormData, mine: AbortController): Promise<void> {
    const answer = await this.#post(fields, mine.signal)
    if (this.#latest !== mine) return this.#showing
    if (mine.signal.aborted) return
    this.#busy(false)
    if ('failed' in answer) this.#complain(answer.failed)
    else if ('html' in answer) this.#show(answer.html)
    this.#draft.keep()
  }

  /** Saves. Sent twice, the call is saved once: it carries the identifier that the form opened with. */
  async send(button: HTMLButtonElement): Promise<void> {
    if (this.#saving) return
    this.#saving = true
    this.#latest?.abort()
    this.#busy(true)
    button.setAttribute('aria-disabled', 'true')
    const answer = await this.#post(this.#fields(button))
    if ('go' in answer) {
      this.#draft.forget()
      location.assign(answer.go)
      return
    }
    this.#saving = false
    this.#busy(false)
    button.removeAttribute('aria-disabled')
    if ('failed' in answer) this.#complain(answer.failed)
    else this.#show(answer.html)
    document.querySelector<HTMLElement>('#problems a')?.focus()
  }

  #fields(pressed?: HTMLButtonElement): FormData {
    const answered = pressed?.name === 'answer'
    if (answered) this.#unheard.push(pressed.value)
    const fields = new FormData(this.#form, answered ? undefined : pressed)
    for (const answer of this.#unheard) fields.append('answer', answer)
    fields.delete('csrfmiddlewaretoken') // the header carries the newest one
    return fields
  }

  /** What gets no answer is sent once more: asking changes nothing, and saving twice saves once. */
  async #post(fields: FormData, signal?: AbortSignal, again = true): Promise<Answer> {
    try {
      const response = await fetch(this.#form.action, {
        method: 'POST',
        body: fields,
        credentials: 'same-origin',
        headers: { 'X-CSRFToken': newestToken(), 'X-Requested-With': 'lamplighter' },
        signal: signal ?? null,
      })
      if (response.redirected || response.status === 403) return { failed: word('intake.signed-out') }
      if (!response.ok && response.status !== 422) return { failed: word('intake.failed') }
      const kind = response.headers.get('Content-Type') ?? ''
      if (kind.startsWith('application/json')) return (await response.json()) as { go: string }
      return { html: await response.text() }
    } catch {
      if (again && signal?.aborted !== true) return this.#post(fields, signal, false)
      return { failed: word('intake.unreached') }
    }
  }

  #busy(busy: boolean): void {
    if (busy) this.#behind = true
    document.getElementById('questions')?.setAttribute('aria-busy', String(busy))
  }

  /** Puts the parts that came back in the place of those with the same id; the rest stays as typed. */
  #show(html: string): void {
    this.#unheard.length = 0 // only the newest request is shown, and it carried them all
    const came = document.createElement('template')
    came.innerHTML = html
    const saidBefore = document.getElementById('decision')?.dataset['say']
    const giveFocusBack = rememberFocus(this.#form)
    for (const part of [...came.content.querySelectorAll<HTMLElement>('[data-swap]')]) {
      const old = document.getElementById(part.id)
      if (old === null || old.outerHTML === part.outerHTML) continue
      if (part.id === 'questions' && !this.#behind) continue
      for (const fold of part.querySelectorAll<HTMLDetailsElement>('details[id]')) {
        const before = document.getElementById(fold.id)
        if (before instanceof HTMLDetailsElement) fold.open = before.open
      }
      old.replaceWith(part)
      const field = document.getElementById(part.dataset['problemOf'] ?? '')
      if (field !== null) markProblem(field, part)
    }
    this.#behind = false
    giveFocusBack()
    showAges(document, new Date())
    const say = document.getElementById('decision')?.dataset['say']
    const said = document.getElementById('said')
    if (said !== null && say !== undefined && say !== saidBefore) said.textContent = say
    this.#form.dispatchEvent(new CustomEvent('intake:shown'))
  }

  #complain(sentence: string): void {
    const problems = document.getElementById('problems')
    if (problems === null) return
    const alert = document.createElement('div')
    alert.className = 'alert alert--danger'
    const text = document.createElement('p')
    text.textContent = sentence
    alert.append(text)
    problems.replaceChildren(alert)
    alert.scrollIntoView({ block: 'nearest' })
  }
}

function markProblem(field: HTMLElement, part: HTMLElement): void {
  const wrong = part.childElementCount > 0
  field.classList.toggle('usa-input--error', wrong)
  if (wrong) field.setAttribute('aria-invalid', 'true')
  else field.removeAttribute('aria-invalid')
}

/** Signing in again in another tab brings a new token; the cookie has it, the page does not. */
function newestToken(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? csrfToken()
}
