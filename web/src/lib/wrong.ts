// What is wrong with a field is told beside it, with its shape, as `parts/field_errors.html` has it.
import { icon } from './icon'

/** Says it in a place that stands beside the field. */
export function wrongIn(place: HTMLElement, sentence: string): void {
  const words = document.createElement('span')
  words.textContent = sentence
  place.replaceChildren(icon('error'), words)
}

/** Puts the sentence before a field and marks it; an empty one takes both away. */
export function tellAt(field: HTMLInputElement, sentence: string): void {
  const group = field.closest('.usa-form-group')
  group?.querySelector('.usa-error-message')?.remove()
  group?.classList.toggle('usa-form-group--error', sentence !== '')
  field.setAttribute('aria-invalid', String(sentence !== ''))
  if (sentence === '') return
  const place = document.createElement('p')
  place.className = 'usa-error-message'
  place.setAttribute('role', 'alert')
  wrongIn(place, sentence)
  field.before(place)
}

/**
 * Refuses a file of more than `data-most` bytes as it is chosen, with the sentence of
 * `data-too-large`, and keeps its form from being sent: what else was filled in would be lost.
 */
export function refuseTooLarge(field: HTMLInputElement): void {
  const tooLarge = (): boolean => (field.files?.[0]?.size ?? 0) > Number(field.dataset['most'])
  field.addEventListener('change', () => tellAt(field, tooLarge() ? (field.dataset['tooLarge'] ?? '') : ''))
  field.form?.addEventListener('submit', (event) => {
    if (!tooLarge()) return
    event.preventDefault()
    event.stopImmediatePropagation()
    field.focus()
  })
}
