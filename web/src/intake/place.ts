// The pin on the city's map: set by a press or by keys, read by the server.
import { createCityMap, readMapData, type CityMap, type Pin, type Position } from '@/lib/map'

const PAUSE = 250 // milliseconds of rest before a moving pin is asked about

export async function placePin(
  form: HTMLFormElement,
  container: HTMLElement,
  update: () => Promise<void>,
): Promise<void> {
  const data = readMapData('map-data')
  const map = await createCityMap(container, data, container.dataset['label'] ?? '')
  const set = form.querySelector<HTMLButtonElement>('[data-pin-here]')
  const away = form.querySelector<HTMLButtonElement>('[data-pin-away]')
  if (map === null) return
  if (set !== null) set.hidden = false
  const place = new Place(form, container, map, away, update)
  place.showKept()
  map.onPress((at) => place.put(at))
  set?.addEventListener('click', () => {
    const [west, south, east, north] = data.bounds ?? [0, 0, 0, 0]
    place.put(place.at ?? [(west + east) / 2, (south + north) / 2])
    container.querySelector<HTMLElement>('.map-pin')?.focus()
  })
  away?.addEventListener('click', () => {
    place.take()
    set?.focus()
  })
  form.addEventListener('intake:shown', () => place.heard())
  form.addEventListener('intake:restored', () => place.showKept())
}

class Place {
  readonly #form: HTMLFormElement
  readonly #container: HTMLElement
  readonly #map: CityMap
  readonly #away: HTMLButtonElement | null
  readonly #update: () => Promise<void>
  readonly #latitude: HTMLInputElement
  readonly #longitude: HTMLInputElement
  #pin: Pin | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #marks: string[] = []

  constructor(
    form: HTMLFormElement,
    container: HTMLElement,
    map: CityMap,
    away: HTMLButtonElement | null,
    update: () => Promise<void>,
  ) {
    this.#form = form
    this.#container = container
    this.#map = map
    this.#away = away
    this.#update = update
    this.#latitude = form.elements.namedItem('latitude') as HTMLInputElement
    this.#longitude = form.elements.namedItem('longitude') as HTMLInputElement
  }

  get at(): Position | null {
    if (this.#latitude.value === '' || this.#longitude.value === '') return null
    return [Number(this.#longitude.value), Number(this.#latitude.value)]
  }

  put(at: Position): void {
    this.#draw(at)
    this.#moved(at)
  }

  take(): void {
    this.#pin?.remove()
    this.#pin = undefined
    this.#write('', '')
  }

  /** The pin of a form that came back with one. */
  showKept(): void {
    if (this.at === null) return
    this.#draw(this.at)
    this.#map.fit([this.at])
    this.heard()
  }

  /** The server has said what lies at the pin: the neighborhood, and open incidents around it. */
  heard(): void {
    const id = document.getElementById('place')?.dataset['neighborhood'] ?? ''
    const select = this.#form.elements.namedItem('neighborhood')
    if (id !== '' && select instanceof HTMLSelectElement) select.value = id
    for (const mark of this.#marks) this.#map.removeMark(mark)
    this.#marks = []
    for (const near of this.#form.querySelectorAll<HTMLElement>('[data-near]')) {
      const { near: name, latitude, longitude, label } = near.dataset
      if (name === undefined || latitude === undefined || longitude === undefined) continue
      this.#marks.push(name)
      this.#map.setMark(name, {
        at: [Number(longitude), Number(latitude)],
        kind: 'call',
        text: name,
        label: label ?? '',
        onPress: () => near.querySelector('input')?.click(),
      })
    }
  }

  #draw(at: Position): void {
    if (this.#pin === undefined) {
      this.#pin = this.#map.pin(at, this.#container.dataset['pin'] ?? '', (next) => this.#moved(next))
    } else this.#pin.moveTo(at)
    if (this.#away !== null) this.#away.hidden = false
  }

  #moved([longitude, latitude]: Position): void {
    this.#write(latitude.toFixed(6), longitude.toFixed(6))
  }

  #write(latitude: string, longitude: string): void {
    this.#latitude.value = latitude
    this.#longitude.value = longitude
    if (this.#away !== null) this.#away.hidden = latitude === ''
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#update(), PAUSE)
  }
}
