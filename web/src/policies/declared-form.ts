// The form of a fact, or of an answer that a table gives.
import { word } from '../lib/words'
import { emptyDeclared, nameFrom, type Choice, type Declared, type What } from './declared'
import { FormDialog } from './form-dialog'
import { said } from './grid'
import type { Checked } from './report'
import { NO, YES, type Label } from './sheet'

const TEXTS = ['name', 'range', 'first', 'label.en', 'label.es', 'ask.en', 'ask.es', 'help.en', 'help.es']
const RANGES: Record<string, string> = {
  number: '[0..24)',
  date: '[date("2026-01-01")..date("2027-01-01"))',
  duration: '[duration("PT0S")..duration("P30D")]',
  period: '[duration("P0M")..duration("P20Y")]',
}
const FIELDS: Record<string, string> = {
  label: 'label.en', ask: 'ask.en', help: 'help.en', 'always known': 'known', 'when unknown': 'taken',
}

export class DeclaredForm extends FormDialog {
  /** A name follows the words until somebody writes one. */
  #follows = false
  /** The value that it is taken for when nobody knows: it may get another name in this form. */
  #takenRow: HTMLElement | null = null

  /** `adding` is the heading of the form of one that is new. */
  open(what: What, declared: Declared | undefined, adding: string): void {
    const form = declared ?? emptyDeclared(what.table)
    this.what = what // its kind says which fields are shown
    this.#follows = declared === undefined
    for (const field of TEXTS) this.set(field, textAt(form, field))
    this.set('type', form.type)
    for (const field of ['integer', 'safety', 'known', 'outcome'] as const) this.#box(field).checked = form[field]
    this.part('values').replaceChildren(...form.values.map((one) => this.#row(one)))
    if (declared === undefined && form.type === 'choice') this.#addValue()
    this.#shown()
    this.#takenRow = this.#rowOf(form.taken)
    this.#offerTaken(form.taken)
    const rules = form.rules.length
    const promises = form.promises.length
    const used = rules === 0 && promises === 0 && what.kind === 'input'
    this.part('used').textContent =
      declared === undefined ? '' : used ? word('declare.unused') : word('declare.used', { rules, promises })
    const title = declared === undefined ? adding : `${word(`declare.${what.kind}`)}: ${said(form.label)}`
    this.start(what, title, word('declare.remove', { rules, promises }))
  }

  protected override changed(): void {
    const active = document.activeElement
    if (active instanceof HTMLInputElement) this.#follow(active)
    if (active?.matches('[data-taken]') === true) this.#takenRow = this.#rowOf(this.#taken())
    this.#shown()
    const row = this.#takenRow?.isConnected === true ? this.#takenRow : null
    this.#offerTaken(row === null ? this.#taken() : valueField(row, 'value').value.trim())
    super.changed()
  }

  protected read(): unknown {
    return {
      name: this.text('name'),
      label: this.#said('label'),
      type: this.text('type'),
      range: this.text('range'),
      integer: this.#box('integer').checked,
      values: this.#values(),
      ask: this.#said('ask'),
      help: this.#said('help'),
      safety: this.#box('safety').checked,
      known: this.#box('known').checked,
      taken: this.#taken(),
      first: this.text('first'),
      outcome: this.#box('outcome').checked,
    }
  }

  protected fieldOf(problem: NonNullable<Checked['problems'][number]['in']>): string {
    // What has no range is told of the declaration as a whole.
    if (this.text('type') in RANGES && this.text('range').trim() === '') return 'range'
    if (problem.value !== '') {
      const at = this.#values().findIndex((one) => one.value === problem.value)
      if (at >= 0) return `values.${at}`
    }
    return FIELDS[problem.field] ?? problem.field
  }

  protected override act(what: string, button: HTMLElement): void {
    const row = button.closest<HTMLElement>('.declare__value')
    if (what === 'add-value') this.#addValue()
    else if (row !== null && what === 'value-out') {
      const next = row.nextElementSibling ?? row.previousElementSibling
      row.remove()
      const focus = next?.querySelector<HTMLElement>('input') ?? this.find('[data-act="add-value"]')
      focus.focus()
    } else if (row !== null && what === 'value-up') row.previousElementSibling?.before(row)
    else if (row !== null && what === 'value-down') row.nextElementSibling?.after(row)
    else {
      super.act(what, button)
      return
    }
    if (what === 'value-up' || what === 'value-down') button.focus()
    this.#number()
    this.changed()
  }

  #addValue(): void {
    const row = this.#row({ value: '', label: { en: '', es: '' }, was: '' })
    this.part('values').append(row)
    this.#number()
    row.querySelector('input')?.focus()
  }

  #row(one: Choice): HTMLElement {
    const template = document.querySelector<HTMLTemplateElement>('template[data-row="value"]')
    const row = template?.content.firstElementChild?.cloneNode(true) as HTMLElement
    row.dataset['was'] = one.was
    row.dataset['follows'] = String(one.was === '' && one.value === '')
    for (const [part, text] of [['en', one.label.en], ['es', one.label.es], ['value', one.value]] as const) {
      valueField(row, part).value = text
    }
    return row
  }

  #number(): void {
    for (const [at, row] of this.#rows().entries()) row.dataset['error'] = `values.${at}`
  }

  #rows(): HTMLElement[] {
    return [...this.part('values').querySelectorAll<HTMLElement>('.declare__value')]
  }

  #rowOf(value: string): HTMLElement | null {
    return this.#rows().find((row) => value !== '' && valueField(row, 'value').value === value) ?? null
  }

  #values(): Choice[] {
    return this.#rows().map((row) => ({
      value: valueField(row, 'value').value.trim(),
      label: { en: valueField(row, 'en').value, es: valueField(row, 'es').value },
      was: row.dataset['was'] ?? '',
    }))
  }

  #follow(typed: HTMLInputElement): void {
    if (typed.dataset['field'] === 'name') this.#follows = false
    if (typed.dataset['field'] === 'label.en' && this.#follows) this.set('name', nameFrom(typed.value))
    const row = typed.closest<HTMLElement>('.declare__value')
    if (row === null) return
    if (typed.dataset['value'] === 'value') row.dataset['follows'] = 'false'
    if (typed.dataset['value'] === 'en' && row.dataset['follows'] === 'true') {
      valueField(row, 'value').value = nameFrom(typed.value)
    }
  }

  /** Only what this kind of declaration has. */
  #shown(): void {
    const type = this.text('type')
    for (const part of this.dialog.querySelectorAll<HTMLElement>('[data-types]')) {
      part.hidden = !(part.dataset['types'] ?? '').split(' ').includes(type)
    }
    for (const part of this.dialog.querySelectorAll<HTMLElement>('[data-kinds]')) {
      part.hidden = part.dataset['kinds'] !== this.what.kind
    }
    this.find('[data-unless-known]').hidden = this.#box('known').checked
    this.find('[data-first]').hidden = this.what.kind !== 'output' || this.what.name !== ''
    this.find('[data-range-example]').textContent = RANGES[type] ?? ''
    this.find('datalist').replaceChildren(...this.#values().map((one) => new Option(one.value)))
    this.#number()
  }

  /** What may be chosen for when nobody knows; a number or a date is typed. */
  #offerTaken(taken: string): void {
    const type = this.text('type')
    const choices: [string, string][] =
      type === 'boolean'
        ? [['true', said(YES)], ['false', said(NO)]]
        : this.#values().map((one) => [one.value, said(one.label) || one.value])
    const select = this.find<HTMLSelectElement>('[data-taken]')
    const typed = this.find<HTMLInputElement>('[data-taken-text]')
    const chosen = type === 'boolean' || type === 'choice'
    select.hidden = !chosen
    typed.hidden = chosen
    typed.value = chosen ? '' : taken
    select.replaceChildren(
      new Option(word('declare.nothing'), ''),
      ...choices.map(([value, label]) => new Option(label, value)),
    )
    // A value that is there no longer is shown as what the text says, for the check to name.
    if (taken !== '' && !choices.some(([value]) => value === taken)) select.append(new Option(taken, taken))
    select.value = taken
  }

  #taken(): string {
    const type = this.text('type')
    const chosen = type === 'boolean' || type === 'choice'
    return this.find<HTMLInputElement>(chosen ? '[data-taken]' : '[data-taken-text]').value.trim()
  }

  #box(field: string): HTMLInputElement {
    return this.find<HTMLInputElement>(`[data-field="${field}"]`)
  }

  #said(field: string): Label {
    return { en: this.text(`${field}.en`), es: this.text(`${field}.es`) }
  }
}

function valueField(row: HTMLElement, part: string): HTMLInputElement {
  const field = row.querySelector<HTMLInputElement>(`[data-value="${part}"]`)
  if (field === null) throw new Error(`A value has no field ${part}.`)
  return field
}

function textAt(form: Declared, field: string): string {
  const [name, language] = field.split('.') as [keyof Declared, keyof Label | undefined]
  const found = form[name]
  if (language !== undefined) return (found as Label)[language]
  return String(found)
}
