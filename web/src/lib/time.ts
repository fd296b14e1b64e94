// Times as people read them: "3 min", "14:05", and how long until a thing is late.
import { language, timeZone } from './words'

const MINUTE = 60_000

/** `3 min`, `1 h 5 min`, `2 days`; less than a minute is `0 min`. Never negative. */
export function ageText(milliseconds: number, locale: string = language()): string {
  const minutes = Math.max(0, Math.floor(milliseconds / MINUTE))
  const part = (value: number, unit: 'minute' | 'hour' | 'day'): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
  if (minutes < 60) return part(minutes, 'minute')
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return part(Math.floor(hours / 24), 'day')
  return minutes % 60 === 0
    ? part(hours, 'hour')
    : `${part(hours, 'hour')} ${part(minutes % 60, 'minute')}`
}

/** A clock time in the city's zone, 24-hour: `14:05`. */
export function clockText(when: Date): string {
  return format(when, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

/** The same with seconds: `14:05:22`. */
export function exactClockText(when: Date): string {
  return format(when, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
}

/** A date and time in the city's zone, as the page's language writes it. */
export function dateText(when: Date): string {
  return format(when, { dateStyle: 'medium', timeStyle: 'short' })
}

function format(when: Date, options: Intl.DateTimeFormatOptions): string {
  const zone = timeZone()
  const inZone = zone === undefined ? options : { ...options, timeZone: zone }
  return new Intl.DateTimeFormat(language(), inZone).format(when)
}

/** How a wait stands against its target: in time, near it (last quarter), or late. */
export function standing(from: Date, due: Date, now: Date): 'good' | 'near' | 'late' {
  const whole = due.getTime() - from.getTime()
  const left = due.getTime() - now.getTime()
  if (left < 0) return 'late'
  return left < whole / 4 ? 'near' : 'good'
}

/**
 * Writes the age into every `<time data-age datetime="…">` under `root`; where `data-due` is given,
 * marks it `is-near` or `is-late` on the closest `.age`.
 */
export function showAges(root: ParentNode, now: Date): void {
  for (const element of root.querySelectorAll<HTMLTimeElement>('time[data-age]')) {
    const from = new Date(element.dateTime)
    if (Number.isNaN(from.getTime())) continue
    const text = ageText(now.getTime() - from.getTime())
    if (element.textContent !== text) element.textContent = text
    const due = element.dataset['due']
    if (due === undefined || due === '') continue
    const state = standing(from, new Date(due), now)
    const age = element.closest('.age') ?? element
    age.classList.toggle('is-near', state === 'near')
    age.classList.toggle('is-late', state === 'late')
  }
}

/** Keeps all ages on the page right; app.ts starts it once. Returns a function that stops it. */
export function tickAges(everyMilliseconds = 5_000): () => void {
  const tick = (): void => showAges(document, new Date())
  tick()
  const timer = setInterval(tick, everyMilliseconds)
  document.addEventListener('visibilitychange', tick)
  document.body.addEventListener('htmx:afterSettle', tick)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', tick)
    document.body.removeEventListener('htmx:afterSettle', tick)
  }
}
