// A rehearsal that is under way: its progress, and the page anew when it is done.
import { send } from '../lib/http'

const EVERY = 1_000

interface Progress {
  done: boolean
  percent: number
  says: string
}

export function followRehearsal(root: HTMLElement): void {
  const url = root.dataset['rehearsal'] ?? ''
  const bar = root.querySelector('progress')
  const says = root.querySelector('output')
  const ask = async (): Promise<void> => {
    try {
      const now = await send<Progress>(url)
      if (now.done) {
        location.reload()
        return
      }
      if (bar !== null) bar.value = now.percent
      if (says !== null) says.textContent = now.says
    } catch {
      // It goes on without us; the next question finds out.
    }
    setTimeout(() => void ask(), EVERY)
  }
  void ask()
}
