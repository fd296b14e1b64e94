// Short notices at the foot of the window, read aloud by screen readers.
import { word } from './words'

const SHOWN_FOR = 8_000

/**
 * Shows a notice in the page's `#toasts` region. It goes by itself after eight seconds unless the
 * pointer or the focus is on it; `stays` keeps it until it is closed.
 */
export function toast(message: string, options: { stays?: boolean } = {}): void {
  const region = document.getElementById('toasts')
  if (region === null) return
  const notice = document.createElement('div')
  notice.className = 'toast'
  const text = document.createElement('p')
  text.textContent = message
  const close = document.createElement('button')
  close.type = 'button'
  close.textContent = '×'
  close.setAttribute('aria-label', word('close'))
  close.addEventListener('click', () => notice.remove())
  notice.append(text, close)
  region.append(notice)
  if (options.stays !== true) leaveLater(notice)
}

function leaveLater(notice: HTMLElement): void {
  const leave = (): void => {
    if (notice.matches(':hover, :focus-within')) setTimeout(leave, SHOWN_FOR)
    else notice.remove()
  }
  setTimeout(leave, SHOWN_FOR)
}
