// What the board knows: open incidents and units, kept as the server last told them.

export interface Assignment {
  id: string
  unit_id: string
  call_sign: string
  kind: string
  status: string
  assigned_at: string
  on_scene_at: string | null
  reached_at: string | null
  cleared_at: string | null
}

export interface Backup {
  id: string
  call_sign: string
  kind: string
  reason: string
  asked_at: string
}

export interface Incident {
  id: string
  nature: string
  address: string
  neighborhood: string
  latitude: number | null
  longitude: number | null
  first_call_at: string
  priority: number
  target_minutes: number
  responder: string
  needed: string[]
  missing: string[]
  calls: number
  simulated: boolean
  assignments: Assignment[]
  backup: Backup[]
}

export interface Unit {
  id: string
  call_sign: string
  kind: string
  one_at_a_time: boolean
  state: string
  since: string | null
  on_shift_until: string | null
  next_shift_at: string | null
  latitude: number | null
  longitude: number | null
  incidents: string[]
}

/** The whole board, or a part of it: then `gone_…` are those asked for that are there no more. */
export interface Part {
  at: string
  seq: number
  incidents: Incident[]
  units: Unit[]
  gone_incidents?: string[]
  gone_units?: string[]
}

const MINUTE = 60_000

/** The assignments of an incident that have not ended. */
export function open(incident: Incident): Assignment[] {
  return incident.assignments.filter((sent) => sent.cleared_at === null)
}

/** Whether somebody must still be sent. */
export function waits(incident: Incident): boolean {
  return incident.missing.length > 0 || open(incident).length === 0
}

/** Minutes from the first call until help was there, or until now while it is not. */
export function minutesPassed(incident: Incident, now: number): number {
  const came = incident.assignments.flatMap((sent) => (sent.reached_at ? [Date.parse(sent.reached_at)] : []))
  return (Math.min(now, ...came) - Date.parse(incident.first_call_at)) / MINUTE
}

export function isLate(incident: Incident, now: number): boolean {
  return minutesPassed(incident, now) > incident.target_minutes
}

/** Whether it stands first whatever else waits: priority 1, or a team that asks for backup. */
export function isAtOnce(incident: Incident): boolean {
  return incident.priority === 1 || incident.backup.length > 0
}

/**
 * Most urgent first: priority 1 and teams that ask for backup, then what is late, then by priority;
 * among these the least time left.
 */
export function byUrgency(now: number): (one: Incident, other: Incident) => number {
  const rank = (incident: Incident): number[] => [
    isAtOnce(incident) ? 0 : 1,
    isLate(incident, now) ? 0 : 1,
    incident.priority,
    incident.target_minutes - minutesPassed(incident, now),
  ]
  return (one, other) => {
    const [left, right] = [rank(one), rank(other)]
    for (let index = 0; index < left.length; index += 1) {
      const difference = (left[index] ?? 0) - (right[index] ?? 0)
      if (difference !== 0) return difference
    }
    return one.id < other.id ? -1 : 1
  }
}

/** Keeps what the server told. An answer that is older than what is known changes nothing. */
export class Board {
  readonly incidents = new Map<string, Incident>()
  readonly units = new Map<string, Unit>()
  readonly #toldAt = new Map<string, number>()
  #clockAhead = 0

  /** The server's time now, in milliseconds: a workstation's clock may be wrong. */
  now(): number {
    return Date.now() + this.#clockAhead
  }

  setClock(at: string): void {
    this.#clockAhead = Date.parse(at) - Date.now()
  }

  /** The whole board, as it is now. */
  replace(whole: Part): void {
    this.#toldAt.clear() // whatever was told before, this is how things stand
    const there = new Set([...whole.incidents, ...whole.units].map((one) => one.id))
    const gone = (known: Map<string, unknown>): string[] => [...known.keys()].filter((id) => !there.has(id))
    this.setClock(whole.at)
    this.apply({ ...whole, gone_incidents: gone(this.incidents), gone_units: gone(this.units) })
  }

  /** Some incidents and units, as they are now. */
  apply(part: Part): void {
    const isNews = (id: string): boolean => {
      if (part.seq < (this.#toldAt.get(id) ?? 0)) return false
      this.#toldAt.set(id, part.seq)
      return true
    }
    for (const incident of part.incidents) if (isNews(incident.id)) this.incidents.set(incident.id, incident)
    for (const unit of part.units) if (isNews(unit.id)) this.units.set(unit.id, unit)
    for (const id of part.gone_incidents ?? []) if (isNews(id)) this.incidents.delete(id)
    for (const id of part.gone_units ?? []) if (isNews(id)) this.units.delete(id)
  }

  waiting(): Incident[] {
    return this.#sorted(waits)
  }

  answered(): Incident[] {
    return this.#sorted((incident) => !waits(incident))
  }

  #sorted(which: (incident: Incident) => boolean): Incident[] {
    return [...this.incidents.values()].filter(which).sort(byUrgency(this.now()))
  }
}
