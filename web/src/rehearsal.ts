// The rehearsal room: a run that is under way, no more than four scenarios to compare, files of areas.
import './rehearsal.scss'

import { followWork } from './lib/follow'
import { refuseTooLarge } from './lib/wrong'

const MOST = 4

const run = document.querySelector<HTMLElement>('[data-follow]')
if (run !== null) followWork(run)

const chooser = document.querySelector<HTMLFormElement>('#compare')
if (chooser !== null) limitChoice(chooser)

document.querySelectorAll<HTMLInputElement>('input[data-too-large]').forEach(refuseTooLarge)

/** Two to four are compared: further boxes rest while four are ticked, the button until two are. */
function limitChoice(form: HTMLFormElement): void {
  const boxes = [...form.querySelectorAll<HTMLInputElement>('input[name="of"]')]
  const button = form.querySelector<HTMLButtonElement>('.compare-bar button')
  const show = (): void => {
    const ticked = boxes.filter((box) => box.checked).length
    for (const box of boxes) box.disabled = !box.checked && ticked >= MOST
    if (button !== null) button.disabled = ticked < 2
  }
  form.addEventListener('change', show)
  show()
}
