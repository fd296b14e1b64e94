// Calls and units on the map.
import type { CityMap, Mark } from '@/lib/map'

import { placeOf } from './calls'
import { say } from './page'
import { waits, type Board, type Incident, type Unit } from './state'

const MANY = 8 // units whose call signs can be read side by side

/** Keeps the signs on the map like the board: only what changed is touched. */
export class Marks {
  readonly #map: CityMap
  readonly #board: Board
  readonly #choose: (id: string) => void
  readonly #drawn = new Map<string, string>()

  constructor(map: CityMap, board: Board, choose: (id: string) => void) {
    this.#map = map
    this.#board = board
    this.#choose = choose
  }

  /** Draws all signs; where there are many units, only those in `named` show their call sign. */
  draw(chosen: string | null, named: ReadonlySet<string>): void {
    const wanted = new Map<string, Mark>()
    const shown = [...this.#board.units.values()].filter((unit) => unit.state !== 'off_shift')
    for (const unit of shown) {
      const mark = this.#unitMark(unit, shown.length <= MANY || named.has(unit.id))
      if (mark !== null) wanted.set(`unit ${unit.id}`, mark)
    }
    for (const incident of this.#board.incidents.values()) {
      const mark = this.#callMark(incident, incident.id === chosen)
      if (mark !== null) wanted.set(`call ${incident.id}`, mark)
    }
    for (const id of [...this.#drawn.keys()]) {
      if (wanted.has(id)) continue
      this.#map.removeMark(id)
      this.#drawn.delete(id)
    }
    for (const [id, mark] of wanted) {
      const face = JSON.stringify(mark)
      if (this.#drawn.get(id) === face) continue
      this.#map.setMark(id, mark)
      this.#drawn.set(id, face)
    }
  }

  /** Brings the chosen call into sight. */
  show(id: string): void {
    const incident = this.#board.incidents.get(id)
    if (incident?.longitude != null && incident.latitude != null) {
      this.#map.show([incident.longitude, incident.latitude])
    }
  }

  #callMark(incident: Incident, chosen: boolean): Mark | null {
    if (incident.longitude === null || incident.latitude === null) return null
    return {
      at: [incident.longitude, incident.latitude],
      kind: 'call',
      text: waits(incident) ? String(incident.priority) : '✓',
      label: `${say('nature', incident.nature)}, ${placeOf(incident)}`,
      chosen,
      onPress: () => this.#choose(incident.id),
    }
  }

  #unitMark(unit: Unit, named: boolean): Mark | null {
    if (unit.longitude === null || unit.latitude === null) return null
    const [incident] = unit.incidents
    return {
      at: [unit.longitude, unit.latitude],
      kind: 'unit',
      icon: say('state_icon', unit.state),
      text: named ? unit.call_sign : '',
      label: `${unit.call_sign}, ${say('kind', unit.kind)}, ${say('state', unit.state)}`,
      ...(incident === undefined ? {} : { onPress: () => this.#choose(incident) }),
    }
  }
}
