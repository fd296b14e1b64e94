// Shortcuts: one table of keys for a page, and the dialog that lists them.
import { remember, remembered } from './storage'
import { word } from './words'

export interface Shortcut {
  /** One key as the browser names it (`a`, `Enter`, `ArrowDown`, `?`), or two in a row (`g b`). */
  keys: string
  /** What it does, in the page's language; shown in the help dialog. */
  label: string
  run: (event: KeyboardEvent) => void
  /** Works inside text fields too (for keys that type nothing, such as `Escape`). */
  inFields?: boolean
}

const TYPING = 'input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select'
const PAIR_WAIT = 1_200
const SWITCH = 'single-key-shortcuts'

/**
 * The shortcuts of one page. `?` opens the help. Keys do nothing while somebody types, with Ctrl,
 * Alt or Meta held, while a dialog is open, or when the person has switched them off in the help
 * (WCAG 2.1.4: speech input types letters too).
 */
export class Shortcuts {
  readonly #table: Shortcut[] = []
  #first = ''
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(shortcuts: readonly Shortcut[]) {
    this.#table.push(...shortcuts)
    this.#table.push({ keys: '?', label: word('shortcuts.help'), run: () => this.showHelp() })
    document.addEventListener('keydown', (event) => this.#press(event))
    for (const opener of document.querySelectorAll('[data-shortcuts-help]')) {
      opener.addEventListener('click', () => this.showHelp())
    }
  }

  #press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
    if (document.querySelector('dialog[open]') !== null) return
    const typing = event.target instanceof Element && event.target.closest(TYPING) !== null
    const pair = this.#first === '' ? event.key : `${this.#first} ${event.key}`
    const found =
      this.#table.find((one) => one.keys === pair) ?? this.#table.find((one) => one.keys === event.key)
    this.#remember('')
    if (found !== undefined) {
      if (typing && found.inFields !== true) return
      if (event.key.length === 1 && event.key !== '?' && !switchedOn()) return
      event.preventDefault()
      found.run(event)
    } else if (!typing && this.#table.some((one) => one.keys.startsWith(`${event.key} `))) {
      this.#remember(event.key)
    }
  }

  #remember(key: string): void {
    clearTimeout(this.#timer)
    this.#first = key
    if (key !== '') this.#timer = setTimeout(() => (this.#first = ''), PAIR_WAIT)
  }

  /** Opens the dialog that lists every key, with the switch that turns single keys off. */
  showHelp(): void {
    const dialog = document.createElement('dialog')
    dialog.className = 'dialog'
    dialog.setAttribute('aria-labelledby', 'shortcuts-title')
    const title = document.createElement('h2')
    title.id = 'shortcuts-title'
    title.textContent = word('shortcuts.title')
    dialog.append(title, this.#list(), onOffSwitch(), closer(dialog))
    dialog.addEventListener('close', () => dialog.remove())
    document.body.append(dialog)
    dialog.showModal()
  }

  #list(): HTMLElement {
    const list = document.createElement('dl')
    list.className = 'shortcuts'
    for (const { keys, label } of this.#table) {
      const row = document.createElement('div')
      const what = document.createElement('dt')
      what.textContent = label
      const how = document.createElement('dd')
      for (const key of keys.split(' ')) {
        const cap = document.createElement('kbd')
        cap.textContent = KEY_CAPS[key] ?? key
        how.append(cap, ' ')
      }
      row.append(what, how)
      list.append(row)
    }
    return list
  }
}

const KEY_CAPS: Record<string, string> = {
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  Escape: 'Esc',
}

function switchedOn(): boolean {
  return remembered(SWITCH) !== 'off'
}

function onOffSwitch(): HTMLElement {
  const group = document.createElement('div')
  group.className = 'usa-checkbox'
  const box = document.createElement('input')
  box.className = 'usa-checkbox__input'
  box.type = 'checkbox'
  box.id = 'shortcuts-on'
  box.checked = switchedOn()
  box.addEventListener('change', () => remember(SWITCH, box.checked ? 'on' : 'off'))
  const label = document.createElement('label')
  label.className = 'usa-checkbox__label'
  label.htmlFor = box.id
  label.textContent = word('shortcuts.on')
  group.append(box, label)
  return group
}

function closer(dialog: HTMLDialogElement): HTMLElement {
  const actions = document.createElement('div')
  actions.className = 'actions'
  const button = document.createElement('button')
  button.className = 'usa-button'
  button.type = 'button'
  button.textContent = word('close')
  button.addEventListener('click', () => dialog.close())
  actions.append(button)
  return actions
}
