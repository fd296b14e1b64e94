// Keeps what a team sees true: reads the page again when the city says that something changed.
import { openLive, showLiveState, type LiveState } from '../lib/live'
import { word } from '../lib/words'

const EVERY = 15_000

/**
 * Reads the page again and puts its `[data-live]` parts in place of those shown, or goes where the
 * server now leads: to a call that came, or to the sign-in page.
 *
 * 1. The stream named in `<meta name="live-unit">` says when to read; while it is silent or lost,
 *    the page is read every 15 seconds.
 * 2. Nothing is replaced under somebody's finger or focus.
 * 3. When the page cannot be read, `[data-live-state]` says that what is shown may be old.
 */
export function keepFresh(): void {
  if (partsOf(document).length === 0) return
  let streaming = false
  let reading = false

  const read = async (): Promise<void> => {
    if (reading || document.hidden) return
    reading = true
    say((await readAgain()) ? 'live' : 'stale')
    reading = false
  }

  const stream = document.querySelector<HTMLMetaElement>('meta[name="live-unit"]')?.content ?? ''
  if (stream !== '') {
    openLive(stream, {
      events: ['changed', 'ended'],
      onEvent: () => void read(),
      onState: (state) => {
        streaming = state === 'live'
        void read()
      },
    })
  }
  setInterval(() => {
    if (!streaming) void read()
  }, EVERY)
  document.addEventListener('visibilitychange', () => void read())
}

/** Whether the page could be read. */
async function readAgain(): Promise<boolean> {
  try {
    const answer = await fetch(location.href, { credentials: 'same-origin' })
    if (new URL(answer.url).pathname !== location.pathname) {
      location.assign(answer.url)
      return true
    }
    if (!answer.ok) return false
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const shown = partsOf(document)
    for (const [index, next] of partsOf(fresh).entries()) replace(shown[index], next)
    return true
  } catch {
    return false
  }
}

function partsOf(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('[data-live]')]
}

function say(state: LiveState): void {
  showLiveState(state, { live: word('live.live'), stale: word('live.stale') })
}

function replace(shown: HTMLElement | undefined, next: HTMLElement): void {
  if (shown === undefined || shown.matches(':active, :focus-within')) return
  if (wordsOf(shown) === wordsOf(next)) return
  const open = [...shown.querySelectorAll('details')].map((details) => details.open)
  for (const [index, details] of next.querySelectorAll('details').entries()) {
    details.open = open[index] ?? details.open
  }
  shown.replaceWith(next)
}

/** What a part says. Ages tick by themselves, so they are no news. */
function wordsOf(part: HTMLElement): string {
  const copy = part.cloneNode(true) as HTMLElement
  for (const age of copy.querySelectorAll('time[data-age]')) age.textContent = ''
  return (copy.textContent ?? '').replace(/\s+/g, ' ')
}
