// Runs on every page: htmx under our security policy, the scheme switch, dialogs, ages.
import htmx from 'htmx.org'

import { csrfToken } from './lib/http'
import { remember } from './lib/storage'
import { tickAges } from './lib/time'
import { toast } from './lib/toast'
import { word } from './lib/words'

Object.assign(htmx.config, {
  allowEval: false, // the security policy forbids it; hx-on and trigger filters are not available
  includeIndicatorStyles: false, // app.css has them
  selfRequestsOnly: true,
  historyCacheSize: 0, // no page about a person stays in the browser's storage
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  // A refused form comes back as 422 with its errors in place, so that answer is shown too.
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true },
    { code: '[45]..', swap: false, error: true },
  ],
})

function sayWhenRequestsFail(): void {
  document.body.addEventListener('htmx:configRequest', (event) => {
    const { headers, verb } = (event as CustomEvent<RequestDetail>).detail
    if (verb !== 'get') headers['X-CSRFToken'] = csrfToken()
  })
  document.body.addEventListener('htmx:sendError', () => toast(word('request.unreached')))
  document.body.addEventListener('htmx:timeout', () => toast(word('request.unreached')))
  document.body.addEventListener('htmx:responseError', (event) => {
    const { xhr } = (event as CustomEvent<ResponseDetail>).detail
    toast(xhr.status === 403 ? word('request.forbidden') : word('request.failed'))
  })
}

interface RequestDetail {
  headers: Record<string, string>
  verb: string
}

interface ResponseDetail {
  xhr: XMLHttpRequest
}

function switchSchemes(): void {
  const root = document.documentElement
  const isDark = (): boolean =>
    root.dataset['scheme'] === undefined
      ? matchMedia('(prefers-color-scheme: dark)').matches
      : root.dataset['scheme'] === 'dark'
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-scheme-switch]')) {
    const show = (): void => button.setAttribute('aria-pressed', String(isDark()))
    show()
    button.addEventListener('click', () => {
      const next = isDark() ? 'light' : 'dark'
      root.dataset['scheme'] = next
      remember('scheme', next)
      show()
    })
  }
}

/** `data-opens="ID"` opens a dialog; `data-closes` closes the one it stands in. */
function openDialogs(): void {
  document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return
    const opener = event.target.closest<HTMLElement>('[data-opens]')
    const dialog = document.getElementById(opener?.dataset['opens'] ?? '')
    if (dialog instanceof HTMLDialogElement) dialog.showModal()
    event.target.closest('[data-closes]')?.closest('dialog')?.close()
  })
}

/** A menu closes when somebody presses elsewhere or Escape; the focus returns to its button. */
function closeMenus(): void {
  const open = (): NodeListOf<HTMLDetailsElement> => document.querySelectorAll('details.menu[open]')
  document.addEventListener('click', (event) => {
    for (const menu of open()) if (!menu.contains(event.target as Node)) menu.open = false
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    for (const menu of open()) {
      menu.open = false
      menu.querySelector('summary')?.focus()
    }
  })
}

/** Leaves at once: a blank veil first, then an everyday page in place of this one. */
function leaveQuickly(): void {
  const link = document.querySelector<HTMLAnchorElement>('[data-quick-exit]')
  if (link === null) return
  let escapes: number[] = []
  const leave = (): void => {
    const veil = document.createElement('div')
    veil.className = 'quick-exit-veil'
    document.title = '…'
    document.body.append(veil)
    location.replace(link.href)
  }
  link.addEventListener('click', (event) => {
    event.preventDefault()
    leave()
  })
  document.addEventListener('keydown', (event) => {
    escapes = event.key === 'Escape' ? [...escapes, event.timeStamp].slice(-3) : []
    const [first, , third] = escapes
    if (first !== undefined && third !== undefined && third - first < 3_000) leave()
  })
}

/** On a phone the rooms stand in a row that is pushed; the one where one is, is in sight. */
function showWhereOneIs(): void {
  const here = document.querySelector<HTMLElement>('.nav [aria-current]')
  const row = here?.closest('.nav')
  if (!here || !row) return
  row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2
}

/** Nothing that somebody typed and has not sent stays in this tab when they sign out. */
function forgetOnSignOut(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || !form.action.endsWith('/logout/')) return
    try {
      sessionStorage.clear()
    } catch {
      // Storage is forbidden, so nothing is in it.
    }
  })
}

sayWhenRequestsFail()
forgetOnSignOut()
switchSchemes()
openDialogs()
closeMenus()
showWhereOneIs()
leaveQuickly()
tickAges()
