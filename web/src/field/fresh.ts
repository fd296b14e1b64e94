// Keeps what a team sees true: reads the page again when the city says so, else every 15 seconds.
import { openLive } from '../lib/live'

const EVERY = 15_000

/**
 * Reads the page again and puts its `[data-live]` parts in place of those shown, or goes where the
 * server now leads (a call came: its page). Nothing is replaced under somebody's finger or focus.
 */
export function keepFresh(): void {
  const parts = (root: ParentNode): HTMLElement[] => [...root.querySelectorAll<HTMLElement>('[data-live]')]
  if (parts(document).length === 0) return
  let reading = false

  const read = async (): Promise<void> => {
    if (reading || document.hidden) return
    reading = true
    try {
      const answer = await fetch(location.href, { credentials: 'same-origin' })
      if (!answer.ok) return
      if (new URL(answer.url).pathname !== location.pathname) {
        location.assign(answer.url)
        return
      }
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const shown = parts(document)
      for (const [index, next] of parts(fresh).entries()) replace(shown[index], next)
    } catch {
      // No signal: what is shown stays, and the next reading tries again.
    } finally {
      reading = false
    }
  }

  const stream = document.querySelector<HTMLMetaElement>('meta[name="live-unit"]')?.content
  if (stream !== undefined && stream !== '') {
    openLive(stream, { events: ['unit'], onEvent: () => void read(), onState: () => void read() })
  }
  setInterval(() => void read(), EVERY)
  document.addEventListener('visibilitychange', () => void read())
}

function replace(shown: HTMLElement | undefined, next: HTMLElement): void {
  if (shown === undefined || shown.matches(':active, :focus-within')) return
  const open = [...shown.querySelectorAll('details')].map((details) => details.open)
  if (sameWords(shown, next)) return
  for (const [index, details] of next.querySelectorAll('details').entries()) {
    details.open = open[index] ?? details.open
  }
  shown.replaceWith(next)
}

/** Ages tick by themselves and every form has a token of its own: neither is news. */
function sameWords(shown: HTMLElement, next: HTMLElement): boolean {
  const words = (element: HTMLElement): string => {
    const copy = element.cloneNode(true) as HTMLElement
    for (const age of copy.querySelectorAll('time[data-age]')) age.textContent = ''
    return (copy.textContent ?? '').replace(/\s+/g, ' ')
  }
  return words(shown) === words(next)
}
