// The call form: every answer is sent to the server, which decides; nothing typed is ever lost.
import { Shortcuts } from './lib/keyboard'
import { word } from './lib/words'
import { Draft } from './intake/draft'
import { Exchange } from './intake/exchange'
import { searchNatures } from './intake/nature'
import { placePin } from './intake/place'
import { answerByKeys, focusAsked, oneStopEach } from './intake/questions'

function start(form: HTMLFormElement): void {
  const draft = new Draft(form)
  const exchange = new Exchange(form, draft)

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const pressed = event.submitter
    if (pressed instanceof HTMLButtonElement && pressed.value === 'save') void exchange.send(pressed)
    else void exchange.update(pressed instanceof HTMLButtonElement ? pressed : undefined)
  })
  form.addEventListener('input', () => draft.keep())
  form.addEventListener('change', (event) => {
    const changed = event.target as HTMLElement
    draft.keep()
    if (changed.matches('.fact__number, [name=join_incident]')) void exchange.update()
  })
  form.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-focus]')
    if (link === null) return
    event.preventDefault()
    const id = link.hash.slice(1)
    focusField(id === 'fact-nature' ? 'nature-search' : id)
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    form.querySelector<HTMLButtonElement>('[data-send]')?.click()
  })

  answerByKeys(form)
  oneStopEach(form)
  leaveFieldsByEnter(form)
  const nature = form.querySelector<HTMLElement>('[data-nature]')
  if (nature !== null) {
    searchNatures(nature, async () => {
      await exchange.update()
      focusAsked(form)
    })
  }
  const map = document.getElementById('map')
  if (map !== null) void placePin(form, map, () => exchange.updatePlace())
  new Shortcuts(shortcuts(form))
  void draft.restore(() => exchange.update())
}

function shortcuts(form: HTMLFormElement): ConstructorParameters<typeof Shortcuts>[0] {
  const toQuestion = (): void => focusAsked(form)
  return [
    { keys: '/', label: word('intake.key.search'), run: () => focusField('nature-search') },
    { keys: 'Escape', label: word('intake.key.question'), run: toQuestion, inFields: true },
    { keys: 'Ctrl Enter', label: word('intake.key.send'), run: () => {} },
    { keys: 'Backspace', label: word('intake.key.back'), run: () => {} },
    { keys: `${word('intake.keys')} 1…9`, label: word('intake.key.answers'), run: () => {} },
  ]
}

/** Brings a field into sight, opening the fold it stands in. */
function focusField(id: string): void {
  const field = document.getElementById(id)
  const fold = field?.closest('details')
  if (fold) fold.open = true
  field?.focus()
  if (field instanceof HTMLInputElement) field.select()
}

/** Enter ends a one-line field: from the address to what is happening, from the rest to the question. */
function leaveFieldsByEnter(form: HTMLFormElement): void {
  form.addEventListener('keydown', (event) => {
    const field = event.target
    if (event.key !== 'Enter' || event.defaultPrevented || event.ctrlKey || event.metaKey) return
    if (!(field instanceof HTMLInputElement) || field.type === 'number') return
    event.preventDefault()
    if (field.name === 'address') focusField('nature-search')
    else focusAsked(form)
  })
}

const form = document.querySelector<HTMLFormElement>('form[data-intake]')
if (form !== null) start(form)
