// Questions before an act that needs a reason or a second thought; answered from the keyboard.
import { find } from './page'

export type DialogName = 'reason' | 'close' | 'recall' | 'send'

/**
 * Asks, and gives the reason chosen (or `go` where no reason is asked for); null when it was left.
 * Digits choose a reason, Enter goes on, Escape leaves.
 */
export function ask(name: DialogName, about: string): Promise<string | null> {
  const dialog = find<HTMLDialogElement>(`[data-dialog="${name}"]`)
  const form = find<HTMLFormElement>('form', dialog)
  form.reset()
  find('[data-dialog-about]', dialog).textContent = about
  dialog.returnValue = ''
  const byDigit = (event: KeyboardEvent): void => {
    const radio = dialog.querySelector<HTMLInputElement>(`input[data-key="${event.key}"]`)
    if (radio === null || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    radio.checked = true
    radio.focus()
  }
  dialog.addEventListener('keydown', byDigit)
  dialog.showModal()
  return new Promise((answer) => {
    dialog.addEventListener(
      'close',
      () => {
        dialog.removeEventListener('keydown', byDigit)
        const chosen = form.querySelector<HTMLInputElement>('input[type=radio]:checked')
        answer(dialog.returnValue === 'go' ? (chosen?.value ?? 'go') : null)
      },
      { once: true },
    )
  })
}
