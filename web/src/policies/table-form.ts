// The form of a table: what it decides, which of its rules count, and what they look at.
import { word } from '../lib/words'
import { nameFrom, type What } from './declared'
import { box, FormDialog, type FormEvents } from './form-dialog'
import { said } from './grid'
import { element, type Checked } from './report'
import { testing, type Sheet } from './sheet'

export class TableForm extends FormDialog {
  /** A name follows the words until somebody writes one. */
  #follows = false

  constructor(events: FormEvents) {
    super('table', events)
  }

  /** `adding` is the heading of the form of one that is new. */
  open(what: What, sheet: Sheet, adding: string): void {
    const told = sheet.declared.tables.find((one) => one.name === what.name)
    this.#follows = told === undefined
    this.set('title.en', told?.title.en ?? '')
    this.set('title.es', told?.title.es ?? '')
    this.set('name', what.name)
    for (const one of this.#hits()) one.checked = one.value === (told?.hit ?? 'first')
    this.#offer(what, sheet)
    this.part('begins').hidden = told !== undefined
    const title = told === undefined ? adding : `${word('declare.table')}: ${said(told.title) || told.name}`
    const own = sheet.tables.find((one) => one.name === what.name)?.rules.length ?? 0
    const [rules, promises] = [told?.rules.length ?? 0, told?.promises.length ?? 0]
    this.start(what, title, word('declare.remove.table', { own, rules, promises }))
  }

  /** What its rules are to look at: the columns of the grid. */
  get looks(): string[] {
    return this.#boxes().filter((one) => one.checked).map((one) => one.value)
  }

  override get begins(): boolean {
    return this.what.name === ''
  }

  protected override changed(): void {
    const active = document.activeElement
    const field = active instanceof HTMLElement ? active.dataset['field'] : undefined
    if (field === 'name') this.#follows = false
    if (field === 'title.en' && this.#follows) this.set('name', nameFrom(this.text('title.en')))
    super.changed()
  }

  protected read(): unknown {
    return {
      name: this.text('name'),
      title: { en: this.text('title.en'), es: this.text('title.es') },
      hit: this.#hits().find((one) => one.checked)?.value ?? '',
      leaves: this.#boxes().filter((one) => one.defaultChecked && !one.checked).map((one) => one.value),
    }
  }

  protected fieldOf(problem: NonNullable<Checked['problems'][number]['in']>): string {
    // What is told of the table as a whole is told of how its rules are added up.
    return { title: 'title.en', name: 'hit' }[problem.field] ?? problem.field
  }

  /**
   * All that its rules may look at, and what they look at though they may not; a table that is new
   * comes last, and may look at everything.
   */
  #offer(what: What, sheet: Sheet): void {
    const table = sheet.tables.find((one) => one.name === what.name)
    const names = table ? new Set([...table.available, ...table.columns]) : Object.keys(sheet.columns)
    const lines = [...names].map((name) => {
      const looks = table?.columns.includes(name) ?? false
      const line = box(name, said(sheet.columns[name]?.label ?? name), looks)
      line.querySelector('input')?.toggleAttribute('checked', looks)
      const rules = testing(table, name)
      if (rules > 0) line.querySelector('span')?.append(' ', element('span', word('declare.looks.rules', { rules }), 'soft small'))
      return line
    })
    this.part('looks').replaceChildren(...lines)
  }

  #hits(): HTMLInputElement[] {
    return [...this.dialog.querySelectorAll<HTMLInputElement>('input[name="hit"]')]
  }

  #boxes(): HTMLInputElement[] {
    return [...this.part('looks').querySelectorAll<HTMLInputElement>('input')]
  }
}
