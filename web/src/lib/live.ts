// A live stream from the server that comes back by itself and says when it was away.

export type LiveState = 'live' | 'stale'

export interface LiveOptions {
  /** Names of the server's events that are passed on to `onEvent`. */
  events: readonly string[]
  /** One event: its name, its JSON data, and its id. */
  onEvent: (name: string, data: unknown, id: string) => void
  /**
   * Called when the state changes. `staleSince` is the moment of the last sign of life before
   * the stream was lost: with `live` it says since when events may have been missed, so the page
   * must read its data afresh if the server cannot replay them.
   */
  onState: (state: LiveState, staleSince: Date | null) => void
  /** Silence that means the stream is lost; the server sends `beat` at least every third of it. */
  silenceMilliseconds?: number
}

const FIRST_WAIT = 500
const LONGEST_WAIT = 20_000

/**
 * Opens an EventSource (cookies included) and keeps it open.
 *
 * 1. Any event, the server's `beat` included, is a sign of life.
 * 2. Silence, an error or a closed network makes the state `stale` and opens a new stream after a
 *    wait that doubles up to 20 s, spread so that all boards do not return in the same instant.
 * 3. The new stream asks for `?after=ID`, the last event seen, so the server can send what was missed.
 *
 * Returns a function that closes the stream for good.
 */
export function openLive(url: string, options: LiveOptions): () => void {
  const silence = options.silenceMilliseconds ?? 30_000
  let source: EventSource | null = null
  let state: LiveState | null = null
  let lastId = ''
  let lastSign = new Date()
  let openedAt = Date.now()
  let wait = FIRST_WAIT
  let retry: ReturnType<typeof setTimeout> | undefined
  let closed = false

  const become = (next: LiveState): void => {
    if (state === next) return
    const since = state === null ? null : lastSign
    state = next
    options.onState(next, since)
  }
  const sign = (): void => {
    become('live')
    lastSign = new Date()
    wait = FIRST_WAIT
  }
  const lose = (): void => {
    source?.close()
    source = null
    if (closed) return
    become('stale')
    clearTimeout(retry)
    retry = setTimeout(open, wait * (0.75 + Math.random() / 2))
    wait = Math.min(wait * 2, LONGEST_WAIT)
  }
  const open = (): void => {
    if (closed) return
    clearTimeout(retry)
    source?.close()
    const address = new URL(url, document.baseURI)
    if (lastId !== '') address.searchParams.set('after', lastId)
    const stream = new EventSource(address, { withCredentials: true })
    source = stream
    openedAt = Date.now()
    stream.addEventListener('open', sign)
    stream.addEventListener('error', lose)
    stream.addEventListener('beat', sign)
    for (const name of options.events) {
      stream.addEventListener(name, (event) => {
        sign()
        if (event.lastEventId !== '') lastId = event.lastEventId
        options.onEvent(name, JSON.parse(event.data as string), event.lastEventId)
      })
    }
  }
  const returnNow = (): void => {
    wait = FIRST_WAIT
    if (state !== 'live') open()
  }

  const watch = setInterval(() => {
    // A server that takes the connection and never answers is silent too.
    const quiet = Date.now() - Math.max(lastSign.getTime(), openedAt) > silence
    if (quiet && source !== null) lose()
  }, 1_000)
  window.addEventListener('online', returnNow)
  window.addEventListener('offline', lose)
  open()

  return () => {
    closed = true
    source?.close()
    clearTimeout(retry)
    clearInterval(watch)
    window.removeEventListener('online', returnNow)
    window.removeEventListener('offline', lose)
  }
}

/** Shows the state in every `[data-live-state]`, and the page's `[data-stale-bar]` while it is stale. */
export function showLiveState(state: LiveState, words: Record<LiveState, string>): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-live-state]')) {
    element.dataset['state'] = state
    element.textContent = words[state]
  }
  for (const bar of document.querySelectorAll<HTMLElement>('[data-stale-bar]')) {
    bar.hidden = state === 'live'
  }
}
