// Sends the record of an encounter without leaving the page, so that nothing typed is lost.
import { word } from '../lib/words'

/** What became of a record that was sent. */
export type Sent =
  | { kind: 'saved'; next: string }
  | { kind: 'refused'; page: Document }
  | { kind: 'signed-out' }
  | { kind: 'server-failed' }
  | { kind: 'not-sent' }

/**
 * Sends one record to the server. The record carries its own identifier, so it may be sent again
 * whenever its fate is not known: the server saves it once.
 */
export async function submitEncounter(address: string, record: URLSearchParams): Promise<Sent> {
  try {
    let answer = await post(address, record)
    if (answer.status === 403) {
      // Somebody who signed in again on another tab has a new token; this page still has the old.
      const token = await freshToken(address)
      if (token === null) return { kind: 'signed-out' }
      record.set('csrfmiddlewaretoken', token)
      answer = await post(address, record)
    }
    if (isSignIn(answer) || answer.status === 403) return { kind: 'signed-out' }
    if (answer.status === 422) return { kind: 'refused', page: parsed(await answer.text()) }
    if (!answer.ok) return { kind: 'server-failed' }
    const { next } = (await answer.json()) as { next: string }
    return { kind: 'saved', next }
  } catch {
    return { kind: 'not-sent' }
  }
}

/** Takes over every `form[data-encounter]` of the page. */
export function sendEncounters(root: ParentNode = document): void {
  for (const form of root.querySelectorAll<HTMLFormElement>('form[data-encounter]')) {
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void send(form, event.submitter)
    })
  }
}

async function send(form: HTMLFormElement, pressed: HTMLElement | null): Promise<void> {
  if (form.ariaBusy === 'true') return
  form.ariaBusy = 'true'
  say(form, word('field.sending'))
  const sent = await submitEncounter(form.action, recordOf(form, pressed))
  form.ariaBusy = 'false'
  if (sent.kind === 'saved') location.assign(sent.next)
  else if (sent.kind === 'refused') showRefusal(form, sent.page)
  else say(form, word(`field.${sent.kind}`), true)
}

function recordOf(form: HTMLFormElement, pressed: HTMLElement | null): URLSearchParams {
  const record = new URLSearchParams()
  for (const [name, value] of new FormData(form, pressed)) record.append(name, String(value))
  return record
}

/** The server's page has the same form with what was typed, and a sentence beside each mistake. */
function showRefusal(form: HTMLFormElement, page: Document): void {
  const refused = page.querySelector<HTMLFormElement>('form[data-encounter]')
  if (refused === null) {
    say(form, word('field.server-failed'), true)
    return
  }
  form.replaceWith(refused)
  sendEncounters(refused.parentElement ?? document)
  refused.querySelector('[role="alert"]')?.scrollIntoView({ block: 'start' })
}

function say(form: HTMLFormElement, sentence: string, isProblem = false): void {
  const state = form.querySelector<HTMLElement>('[data-sent-state]')
  if (state === null) return
  const text = state.querySelector('span')
  if (text !== null) text.textContent = sentence
  state.classList.toggle('sent-state--problem', isProblem)
  if (isProblem) state.scrollIntoView({ block: 'center' })
}

async function post(address: string, record: URLSearchParams): Promise<Response> {
  const headers = { Accept: 'application/json' }
  return fetch(address, { method: 'POST', body: record, headers, credentials: 'same-origin' })
}

async function freshToken(address: string): Promise<string | null> {
  const answer = await fetch(address, { credentials: 'same-origin' })
  if (!answer.ok || isSignIn(answer)) return null
  const page = parsed(await answer.text())
  return page.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? null
}

/** Only the sign-in page is reached by way of `?next=`. */
function isSignIn(answer: Response): boolean {
  return answer.redirected && new URL(answer.url).searchParams.has('next')
}

function parsed(text: string): Document {
  return new DOMParser().parseFromString(text, 'text/html')
}
