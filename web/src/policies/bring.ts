// Bringing a call file: what is too large is said at once, and how much has arrived is shown.
import { csrfToken } from '../lib/http'
import { word } from '../lib/words'
import { refuseTooLarge, tellAt } from '../lib/wrong'

export function followBringing(form: HTMLFormElement): void {
  const field = find<HTMLInputElement>(form, 'input[type=file]')
  const bar = find<HTMLProgressElement>(form, '[data-bring-progress]')
  const button = find<HTMLButtonElement>(form, '[data-bring-button]')
  refuseTooLarge(field)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
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
      tellAt(field, answer?.sentence ?? word('bring.offline'))
    })
    request.send(new FormData(form))
  })
}

function find<Found extends Element>(form: HTMLFormElement, selector: string): Found {
  const found = form.querySelector<Found>(selector)
  if (found === null) throw new Error(`The form has no ${selector}.`)
  return found
}
