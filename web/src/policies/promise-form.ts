// The form of a promise: when these facts are so, then this answer is, is never, or is asked first.
import { word } from '../lib/words'
import { namedIn, nameFrom, type Declarations, type Declared, type Part, type Promised, type What } from './declared'
import { box, FormDialog, type FormEvents } from './form-dialog'
import { said } from './grid'
import type { Checked } from './report'
import { NO, YES } from './sheet'

type Sense = [name: string, sense: Part['sense'], holds: boolean]

// A promise says what must never happen; its last part is shown turned round, as what is promised.
const CONDITIONS: Sense[] = [
  ['declare.is', 'known', true], ['declare.isnot', 'known', false],
  ['declare.true', 'actual', true], ['declare.nottrue', 'actual', false],
  ['declare.asked', 'asked', true], ['declare.notasked', 'asked', false],
]
const OF_OUTPUTS: Sense[] = [['declare.given', 'known', true], ['declare.isnot', 'known', false]]
const THEN_OUTPUT: Sense[] = [['declare.then.always', 'known', false], ['declare.then.never', 'known', true]]
const THEN_INPUT: Sense[] = [
  ['declare.then.asked', 'asked', false], ['declare.then.notasked', 'asked', true],
  ['declare.then.known', 'known', true], ['declare.then.true', 'actual', true],
]

export class PromiseForm extends FormDialog {
  readonly #declared: () => Declarations
  #follows = false
  #written = false
  /** The promise as the text says it now, with what was typed: for the other way to write it. */
  #told: { never: string; parts: Part[] | null } | null = null

  constructor(events: FormEvents, declared: () => Declarations) {
    super('promise', events)
    this.#declared = declared
  }

  /** `adding` is the heading of the form of one that is new. */
  open(what: What, promise: Promised | undefined, adding: string): void {
    this.#follows = promise === undefined
    this.set('says.en', promise?.says.en ?? '')
    this.set('says.es', promise?.says.es ?? '')
    this.set('source', promise?.source ?? '')
    this.set('name', promise?.name ?? '')
    this.set('never', promise?.never ?? '')
    const parts = promise === undefined ? [] : promise.parts
    this.#written = parts === null
    this.#told = promise ?? null
    this.#build(parts ?? [])
    if (promise === undefined) this.part('parts').append(this.#row(null, false))
    this.#shown()
    const title = promise === undefined ? adding : `${word('declare.promise')}: ${promise.name}`
    this.start(what, title, said(promise?.says ?? { en: '', es: '' }))
  }

  protected override changed(): void {
    const active = document.activeElement
    const field = active instanceof HTMLElement ? active.dataset['field'] : undefined
    if (field === 'name') this.#follows = false
    if (field === 'says.en' && this.#follows) this.set('name', nameFrom(this.text('says.en'), '-').slice(0, 48))
    for (const row of this.#rows()) this.#refresh(row)
    super.changed()
  }

  protected read(): unknown {
    return {
      name: this.text('name'),
      says: { en: this.text('says.en'), es: this.text('says.es') },
      source: this.text('source'),
      never: this.text('never'),
      parts: this.#written ? null : this.#rows().map((row) => this.#partOf(row)),
    }
  }

  protected fieldOf(problem: NonNullable<Checked['problems'][number]['in']>): string {
    if (problem.field === 'never') return this.#written ? 'never' : 'parts'
    return { id: 'name', says: 'says.en' }[problem.field] ?? problem.field
  }

  protected override act(what: string, button: HTMLElement): void {
    if (what === 'add-part') {
      const row = this.#row(null, false)
      this.part('parts').append(row)
      row.querySelector('select')?.focus()
      return
    }
    if (what === 'part-out') {
      button.closest('.declare__part')?.remove()
      this.find('[data-act="add-part"]').focus()
      this.changed()
      return
    }
    if (what !== 'written') {
      super.act(what, button)
      return
    }
    const told = this.#told
    if (this.#written) this.#build(told?.parts ?? [])
    else if (told !== null) this.set('never', told.never)
    this.#written = !this.#written
    this.#shown()
    this.changed()
  }

  protected override told(answer: Checked): void {
    this.#told = answer.promise ?? null
    this.#shown()
  }

  #build(parts: Part[]): void {
    const [conditions, conclusion] = this.#split(parts)
    this.part('parts').replaceChildren(...conditions.map((part) => this.#row(part, false)))
    this.part('conclusion').replaceChildren(this.#row(conclusion, true))
  }

  /** The conditions, and what is promised: a question that comes first, else the last answer. */
  #split(parts: Part[]): [Part[], Part | null] {
    const outputs = new Set(this.#declared().outputs.map((row) => row.name))
    const asked = parts.findLastIndex((part) => part.sense === 'asked')
    const answer = parts.findLastIndex((part) => outputs.has(part.name))
    let at = asked >= 0 ? asked : answer
    if (at < 0) at = parts.length - 1
    return [parts.filter((_, place) => place !== at), parts[at] ?? null]
  }

  #row(part: Part | null, concludes: boolean): HTMLElement {
    const template = document.querySelector<HTMLTemplateElement>('template[data-row="part"]')
    const item = template?.content.firstElementChild?.cloneNode(true) as HTMLElement
    const row = concludes ? renamedTo('div', item) : item
    row.dataset['concludes'] = String(concludes)
    const names = inside<HTMLSelectElement>(row, 'part-name')
    const { inputs, outputs } = this.#declared()
    const known = part === null || namedIn(this.#declared(), part.name) !== undefined
    names.replaceChildren(
      new Option(word('declare.choose'), ''),
      group(word('declare.inputs'), inputs),
      group(word('declare.outputs'), outputs),
      ...(known ? [] : [new Option(part.name, part.name)]),
    )
    names.value = part?.name ?? ''
    if (concludes) row.querySelector('[data-act="part-out"]')?.parentElement?.remove()
    this.#refresh(row, part)
    return row
  }

  /** Offers what this fact can be, and keeps what was chosen as far as it can still be chosen. */
  #refresh(row: HTMLElement, given?: Part | null): void {
    const name = inside<HTMLSelectElement>(row, 'part-name').value
    const before = row.dataset['name']
    const part = given ?? this.#partOf(row)
    const declared = namedIn(this.#declared(), name)
    const senses = inside<HTMLSelectElement>(row, 'part-sense')
    const offered = sensesOf(row.dataset['concludes'] === 'true', declared)
    if (given !== undefined || before !== name) {
      senses.replaceChildren(...offered.map(([label], place) => new Option(word(label), String(place))))
      const same = offered.findIndex(([, sense, holds]) => sense === part.sense && holds === part.holds)
      senses.value = String(Math.max(0, same))
    }
    row.dataset['name'] = name
    const sense = offered[Number(senses.value)]?.[1] ?? 'known'
    const choices = choicesOf(declared, sense)
    const pick = inside(row, 'part-pick')
    const typed = inside<HTMLInputElement>(row, 'part-text')
    pick.hidden = sense === 'asked' || choices.length === 0
    typed.hidden = sense === 'asked' || choices.length > 0 || name === ''
    if (given !== undefined || before !== name || row.dataset['sense'] !== sense) {
      typed.value = part.values.join(', ')
      inside(row, 'part-values').replaceChildren(
        ...choices.map(([value, label]) => box(value, label, part.values.includes(value))),
      )
    }
    row.dataset['sense'] = sense
    const chosen = [...inside(row, 'part-values').querySelectorAll<HTMLInputElement>('input:checked')]
    const labels = chosen.map((one) => one.parentElement?.textContent ?? '')
    inside(row, 'part-picked').textContent = labels.join(', ') || word('declare.choose')
  }

  #partOf(row: HTMLElement): Part {
    const name = inside<HTMLSelectElement>(row, 'part-name').value
    const declared = namedIn(this.#declared(), name)
    const offered = sensesOf(row.dataset['concludes'] === 'true', declared)
    const [, sense, holds] = offered[Number(inside<HTMLSelectElement>(row, 'part-sense').value)] ?? ['', 'known', true]
    const boxes = [...inside(row, 'part-values').querySelectorAll<HTMLInputElement>('input')]
    const typed = inside<HTMLInputElement>(row, 'part-text').value
    const values = boxes.length > 0
      ? boxes.filter((one) => one.checked).map((one) => one.value)
      : typed.split(',').map((one) => one.trim()).filter((one) => one !== '')
    return { name, sense: sense as Part['sense'], holds, values: sense === 'asked' ? [] : values }
  }

  #rows(): HTMLElement[] {
    return [...this.dialog.querySelectorAll<HTMLElement>('.declare__part')]
  }

  #shown(): void {
    this.find('[data-built]').hidden = this.#written
    this.find('[data-written]').hidden = !this.#written
    const only = this.#written && this.#told !== null && this.#told.parts === null
    this.part('only-written').hidden = !only
    const button = this.find('[data-act="written"]')
    button.hidden = only
    button.textContent = word(this.#written ? 'declare.parts' : 'declare.written')
  }
}

function sensesOf(concludes: boolean, declared: Declared | undefined): Sense[] {
  const output = declared !== undefined && declared.table !== ''
  if (concludes) return output ? THEN_OUTPUT : THEN_INPUT
  return output ? OF_OUTPUTS : CONDITIONS
}

/** The values as a promise writes them, each with its words; none where it is typed. */
function choicesOf(declared: Declared | undefined, sense: string): [string, string][] {
  if (declared === undefined) return []
  const found: [string, string][] =
    declared.type === 'boolean'
      ? [['true', said(YES)], ['false', said(NO)]]
      : declared.values.map((one) => [JSON.stringify(one.value), said(one.label) || one.value])
  if (found.length === 0) return []
  if (declared.table === '' && !declared.known && sense === 'known') found.push(['unknown', word('sheet.unknown')])
  return found
}

function group(label: string, rows: Declared[]): HTMLOptGroupElement {
  const made = document.createElement('optgroup')
  made.label = label
  made.append(...rows.map((row) => new Option(said(row.label) || row.name, row.name)))
  return made
}

function renamedTo(name: string, item: HTMLElement): HTMLElement {
  const made = document.createElement(name)
  made.className = item.className
  made.append(...item.children)
  return made
}

function inside<Found extends HTMLElement = HTMLElement>(row: HTMLElement, part: string): Found {
  const found = row.querySelector<Found>(`[data-${part}]`)
  if (found === null) throw new Error(`A line of a promise has no ${part}.`)
  return found
}
