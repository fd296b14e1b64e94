// Editing one cell: a field in its place, with the declared values to choose from below it.
import { language } from '../lib/words'
import { suggestions, type CellKind, type Column } from './sheet'

export type Leave = 'down' | 'right' | 'left' | 'stay'

type Field = HTMLInputElement | HTMLTextAreaElement

export interface EditOptions {
  cell: HTMLElement
  kind: CellKind
  column: Column | undefined
  text: string
  label: string
  valuesLabel: string
  /** Called once: with what was typed, or null where it was taken back. */
  done: (text: string | null, leave: Leave) => void
  /** Called at each key, so that what is typed is checked before it is left. */
  typed: (text: string) => void
}

/** Opens the editor in a cell. Enter and Tab keep what is typed, Escape takes it back. */
export function editCell(options: EditOptions): void {
  const { cell, kind } = options
  const short = kind.part === 'when' || kind.part === 'then' || kind.part === 'id'
  const field = document.createElement(short ? 'input' : 'textarea')
  field.className = 'sheet__field'
  if (field instanceof HTMLTextAreaElement) field.rows = 5
  field.value = options.text
  field.spellcheck = false
  field.setAttribute('aria-label', options.label)
  const list = new ValueList(field, suggestions(options.column, kind.part), options.valuesLabel)
  cell.replaceChildren(field)
  if (list.any) cell.append(list.element)
  let open = true
  const leave = (text: string | null, where: Leave): void => {
    if (!open) return
    open = false
    options.done(text, where)
  }
  const heard: HTMLElement = field
  heard.addEventListener('keydown', (event) => {
    event.stopPropagation()
    if (event.isComposing) return
    if (list.press(event)) {
      options.typed(field.value)
      return
    }
    if (event.key === 'Escape') leave(null, 'stay')
    else if (event.key === 'Enter' && !event.shiftKey) leave(field.value, 'down')
    else if (event.key === 'Tab') leave(field.value, event.shiftKey ? 'left' : 'right')
    else return
    event.preventDefault()
  })
  field.addEventListener('input', () => {
    list.narrow()
    options.typed(field.value)
  })
  list.element.addEventListener('pointerdown', (event) => {
    event.preventDefault() // the field keeps the focus
    if (list.choose(event.target)) options.typed(field.value)
  })
  field.addEventListener('blur', () => leave(field.value, 'stay'))
  field.focus()
  field.select()
}

/** The values that the column declares, narrowed by the word that is being typed. */
class ValueList {
  readonly element = document.createElement('div')
  readonly #field: Field
  readonly #all: [string, string][]
  #active = -1

  constructor(field: Field, values: [string, { en: string; es: string }][], label: string) {
    this.#field = field
    this.#all = values.map(([value, words]) => [value, this.#inLanguage(words)])
    this.element.className = 'sheet__values'
    this.element.id = 'sheet-values'
    this.element.role = 'listbox'
    this.element.setAttribute('aria-label', label)
    if (this.any) {
      field.role = 'combobox'
      field.setAttribute('aria-expanded', 'true')
      field.setAttribute('aria-controls', 'sheet-values')
      field.setAttribute('aria-autocomplete', 'list')
    }
    this.narrow(true)
  }

  get any(): boolean {
    return this.#all.length > 0
  }

  /** Shows the values that the last word fits; all of them at first. */
  narrow(all = false): void {
    const word = all ? '' : this.#word().replace(/"/g, '').toLowerCase()
    const found = this.#all.filter(([value, words]) =>
      `${value} ${words}`.toLowerCase().includes(word),
    )
    this.#active = -1
    this.#field.removeAttribute('aria-activedescendant')
    this.element.replaceChildren(
      ...found.map(([value, words], place) => {
        const option = document.createElement('div')
        option.role = 'option'
        option.id = `sheet-value-${place}`
        option.className = 'sheet__value'
        option.dataset['value'] = value
        option.setAttribute('aria-selected', 'false')
        const code = document.createElement('code')
        code.textContent = value
        option.append(code, ` ${words}`)
        return option
      }),
    )
    this.element.hidden = found.length === 0
  }

  /** Whether the key was for the list: arrows walk through it, Enter takes what is marked. */
  press(event: KeyboardEvent): boolean {
    const options = [...this.element.children]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (options.length === 0) return false
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      this.#mark((this.#active + step + options.length) % options.length)
      return true
    }
    if (event.key === 'Enter' && this.#active >= 0) {
      event.preventDefault()
      return this.choose(options[this.#active] ?? null)
    }
    return false
  }

  /** Puts a value in the place of the word that is being typed. */
  choose(target: EventTarget | null): boolean {
    const option = target instanceof Element ? target.closest<HTMLElement>('[data-value]') : null
    const value = option?.dataset['value']
    if (value === undefined) return false
    const many = value.startsWith('"') || value === 'unknown'
    const text = this.#field.value
    const all = this.#field.selectionStart === 0 && this.#field.selectionEnd === text.length
    const before = !many || all ? '' : text.slice(0, text.lastIndexOf(',') + 1)
    this.#field.value = before === '' ? value : `${before} ${value}`
    this.#field.setSelectionRange(this.#field.value.length, this.#field.value.length)
    this.narrow(true)
    return true
  }

  #mark(place: number): void {
    this.#active = place
    for (const [number, option] of [...this.element.children].entries()) {
      option.setAttribute('aria-selected', String(number === place))
      if (number === place) {
        this.#field.setAttribute('aria-activedescendant', option.id)
        option.scrollIntoView({ block: 'nearest' })
      }
    }
  }

  #word(): string {
    const text = this.#field.value
    return text.slice(text.lastIndexOf(',') + 1).trim()
  }

  #inLanguage(words: { en: string; es: string }): string {
    return language().startsWith('es') && words.es !== '' ? words.es : words.en
  }
}
