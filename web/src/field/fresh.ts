// Keeps what a team sees true: reads the page again when the city says that something changed.
import { openLive, showLiveState, type LiveState } from '../lib/live'
import { word } from '../lib/words'

const EVERY = 15_000
const SOON = 300

/** What became of a reading: shown, failed, or left for later, as somebody has a finger on it. */
type Reading = 'shown' | 'failed' | 'later'

/**
 * Reads the page again and puts its `[data-live]` parts in place of those shown, or goes where the
 * server now leads: to a call that came, or to the sign-in page.
 *
 * 1. The stream named in `<meta name="live-unit">` says when to read; while it is silent or lost,
 *    or the page could not be read, it is read every 15 seconds.
 * 2. What is heard of while the page is read may not be in the answer: it is read once more.
 * 3. Nothing is replaced under somebody's finger, nor once a step was tapped: the server's answer
 *    to it is on its way, and a second tap would be lost with this page. The focus stays.
 * 4. When the page cannot be read, `[data-live-state]` says that what is shown may be old.
 */
export function keepFresh(): void {
  if (partsOf(document).length === 0) return
  let streaming = false
  let reading = false
  let missed = false
  let tapped = -Infinity
  const isLeaving = (): boolean => performance.now() - tapped < EVERY

  const read = async (): Promise<void> => {
    missed = true
    if (reading) return
    reading = true
    while (missed && !isLeaving() && !document.hidden) {
      missed = false
      const done = await readAgain(isLeaving)
      if (done !== 'later') say(done === 'shown' ? 'live' : 'stale')
      if (done === 'shown') continue
      missed = true
      if (done === 'later' && !isLeaving()) setTimeout(() => void read(), SOON)
      break
    }
    reading = false
  }

  const stream = document.querySelector<HTMLMetaElement>('meta[name="live-unit"]')?.content ?? ''
  if (stream !== '') {
    openLive(stream, {
      events: ['changed', 'ended'],
      onEvent: () => void read(),
      onState: (state) => {
        streaming = state === 'live' // its first word is that something changed
        if (!streaming) void read()
      },
    })
  }
  setInterval(() => {
    if (missed || !streaming) void read()
  }, EVERY)
  document.addEventListener('submit', () => (tapped = performance.now()))
  document.addEventListener('visibilitychange', () => void read())
}

async function readAgain(isLeaving: () => boolean): Promise<Reading> {
  try {
    const answer = await fetch(location.href, { credentials: 'same-origin' })
    const text = await answer.text()
    const shown = partsOf(document)
    if (isLeaving() || shown.some((part) => part.matches(':active'))) return 'later'
    if (new URL(answer.url).pathname !== location.pathname) {
      location.assign(answer.url)
      return 'shown'
    }
    if (!answer.ok) return 'failed'
    const fresh = new DOMParser().parseFromString(text, 'text/html')
    for (const [index, next] of partsOf(fresh).entries()) replace(shown[index], next)
    return 'shown'
  } catch {
    return 'failed'
  }
}

function partsOf(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('[data-live]')]
}

function say(state: LiveState): void {
  showLiveState(state, { live: word('live.live'), stale: word('live.stale') })
}

function replace(shown: HTMLElement | undefined, next: HTMLElement): void {
  if (shown === undefined || wordsOf(shown) === wordsOf(next)) return
  const open = [...shown.querySelectorAll('details')].map((details) => details.open)
  for (const [index, details] of next.querySelectorAll('details').entries()) {
    details.open = open[index] ?? details.open
  }
  const focused = controlsOf(shown).find((one) => one === document.activeElement)
  shown.replaceWith(next)
  const same = controlsOf(next).find((one) => one.textContent === focused?.textContent)
  same?.focus({ preventScroll: true })
}

function controlsOf(part: HTMLElement): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>('a, button, summary')]
}

/** What a part says. Ages tick by themselves, so they are no news. */
function wordsOf(part: HTMLElement): string {
  const copy = part.cloneNode(true) as HTMLElement
  for (const age of copy.querySelectorAll('time[data-age]')) age.textContent = ''
  return (copy.textContent ?? '').replace(/\s+/g, ' ')
}
