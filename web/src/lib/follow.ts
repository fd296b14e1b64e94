// Work that is under way on the server: how far it is, and the page anew when it is done.
import { send } from './http'

const EVERY = 1_000

interface Progress {
  done: boolean
  percent: number
  says: string
  step?: string
}

/** Follows the work whose state the element's `data-follow` gives, by its bar and its words. */
export function followWork(root: HTMLElement): void {
  const url = root.dataset['follow'] ?? ''
  const bar = root.querySelector('progress')
  const says = root.querySelector('output')
  const step = root.querySelector('[data-follow-step]')
  const ask = async (): Promise<void> => {
    try {
      const now = await send<Progress>(url)
      if (now.done) {
        location.reload()
        return
      }
      if (bar !== null) bar.value = now.percent
      if (says !== null) says.textContent = now.says
      if (step !== null && now.step !== undefined) step.textContent = now.step
    } catch {
      // It goes on without us; the next question finds out.
    }
    setTimeout(() => void ask(), EVERY)
  }
  void ask()
}
