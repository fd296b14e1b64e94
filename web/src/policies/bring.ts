// Bringing a call file: what is too large is said at once, and how much has arrived is shown.
import { csrfToken } from '../lib/http'
import { word } from '../lib/words'
import { wrongIn } from './report'

export function followBringing(form: HTMLFormElement): void {
  const most = Number(form.dataset['most']) * 1_000_000
  const field = find<HTMLInputElement>(form, 'input[type=file]')
  const bar = find<HTMLProgressElement>(form, '[data-bring-progress]')
  const button = find<HTMLButtonElement>(form, '[data-bring-button]')
  const tooLarge = (): boolean => (field.files?.[0]?.size ?? 0) > most
  const say = (sentence: string): void => {
    const group = find<HTMLElement>(form, '[data-bring-group]')
    group.querySelector('.usa-error-message')?.remove()
    group.classList.toggle('usa-form-group--error', sentence !== '')
    field.setAttribute('aria-invalid', String(sentence !== ''))
    if (sentence === '') return
    const place = document.createElement('p')
    place.className = 'usa-error-message'
    place.setAttribute('role', 'alert')
    wrongIn(place, sentence)
    field.before(place)
  }
  const words = find<HTMLTemplateElement>(form, '[data-bring-too-large]').content.textContent ?? ''
  field.addEventListener('change', () => say(tooLarge() ? words : ''))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (tooLarge()) {
      field.focus()
      return
    }
    button.disabled = true
    bar.hidden = false
    const request = new XMLHttpRequest()
    request.open('POST', form.action)
    request.setRequestHeader('Accept', 'application/json')
    request.setRequestHeader('X-CSRFToken', csrfToken())
    request.responseType = 'json'
    request.upload.addEventListener('progress', (now) => {
      if (now.lengthComputable) bar.value = (100 * now.loaded) / now.total
    })
    request.addEventListener('loadend', () => {
      const answer = request.response as { address?: string; sentence?: string } | null
      if (answer?.address !== undefined) {
        location.assign(answer.address)
        return
      }
      button.disabled = false
      bar.hidden = true
      bar.value = 0
      say(answer?.sentence ?? word('bring.offline'))
    })
    request.send(new FormData(form))
  })
}

function find<Found extends Element>(form: HTMLFormElement, selector: string): Found {
  const found = form.querySelector<Found>(selector)
  if (found === null) throw new Error(`The form has no ${selector}.`)
  return found
}
