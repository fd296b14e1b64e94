// A map of the city that also works from the keyboard, drawn from its own GeoJSON alone.
import type { Map as MapLibreMap, Marker } from 'maplibre-gl'

import { loadDrawing, type CityDrawing, type CityMapData } from './map-data'
import { cityStyle } from './map-style'
import { word } from './words'

export type { CityMapData } from './map-data'

/** Longitude, latitude. */
export type Position = [number, number]

export interface Mark {
  at: Position
  /** A call is a square, a unit a round sign. */
  kind: 'call' | 'unit'
  /** A few letters on the sign: a priority, a call sign. */
  text: string
  /** What it is, in words: read aloud, and shown while the pointer rests on it. */
  label: string
  /** An icon of icons.svg. */
  icon?: string
  chosen?: boolean
  /** For the pointer only: the same must be possible in a list beside the map, by keyboard. */
  onPress?: () => void
}

export interface Pin {
  moveTo(at: Position): void
  remove(): void
}

export interface CityMap {
  /** Puts a sign, or moves and rewrites the one with this id. */
  setMark(id: string, mark: Mark): void
  removeMark(id: string): void
  /** Puts the one pin; `onMove` hears every place it is dragged or pushed to by arrow keys. */
  pin(at: Position, label: string, onMove: (at: Position) => void): Pin
  /** Called with the place of every press on the map itself. */
  onPress(listener: (at: Position) => void): void
  /** Shows all of these places, or the whole city when none is given. */
  fit(places?: readonly Position[]): void
  /** Brings a place to the middle without changing the scale, unless it is in sight already. */
  show(at: Position): void
  remove(): void
}

const STEP = 8 // pixels that an arrow key moves the pin
const LONG_STEP = 60 // the same with Shift

/** Reads the map's data from `<script type="application/json" id="ID">` (Django's json_script). */
export function readMapData(id: string): CityMapData {
  const script = document.getElementById(id)
  if (script === null) throw new Error(`No <script id="${id}"> with the map's data in this page.`)
  return JSON.parse(script.textContent ?? '{}') as CityMapData
}

/**
 * Draws the city in `container`, which needs a height and, as `data-icons`, the address of
 * icons.svg. `label` is the map's accessible name. Where the browser cannot draw maps (no WebGL),
 * or the map's parts do not come, the container says so in words and the result is null: the page
 * must work without the map.
 */
export async function createCityMap(
  container: HTMLElement,
  data: CityMapData,
  label: string,
): Promise<CityMap | null> {
  const parts = await Promise.all([import('./maplibre'), loadDrawing(data)]).catch(() => null)
  if (parts === null) return withoutMap(container, word('map.unreached'))
  const [maplibre, drawing] = parts
  try {
    const map = new maplibre.Map({
      container,
      style: cityStyle(drawing),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      locale: { 'Map.Title': label },
      ...(drawing.bounds ? { bounds: drawing.bounds, fitBoundsOptions: { padding: 24 } } : {}),
    })
    map.touchZoomRotate.disableRotation()
    return new DrawnMap(map, maplibre, container, drawing)
  } catch {
    return withoutMap(container, word('map.refused'))
  }
}

function withoutMap(container: HTMLElement, says: string): null {
  const sorry = document.createElement('p')
  sorry.className = 'map__refused'
  sorry.textContent = says
  container.replaceChildren(sorry)
  return null
}

class DrawnMap implements CityMap {
  readonly #map: MapLibreMap
  readonly #library: typeof import('./maplibre')
  readonly #container: HTMLElement
  readonly #drawing: CityDrawing
  readonly #marks = new Map<string, { marker: Marker; press: () => void }>()
  readonly #leave = new AbortController()
  readonly #schemes: MutationObserver

  constructor(
    map: MapLibreMap,
    library: typeof import('./maplibre'),
    container: HTMLElement,
    drawing: CityDrawing,
  ) {
    this.#map = map
    this.#library = library
    this.#container = container
    this.#drawing = drawing
    container.append(this.#tools())
    const recolour = (): void => void map.setStyle(cityStyle(drawing))
    this.#schemes = new MutationObserver(recolour)
    this.#schemes.observe(document.documentElement, { attributeFilter: ['data-scheme'] })
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour, {
      signal: this.#leave.signal,
    })
  }

  setMark(id: string, mark: Mark): void {
    let known = this.#marks.get(id)
    if (known === undefined) {
      // A picture, not a button: marks may lie on one another, and a hundred tab stops help nobody.
      const element = document.createElement('div')
      element.setAttribute('role', 'img')
      element.setAttribute('aria-label', mark.label)
      const marker = new this.#library.Marker({ element }).setLngLat(mark.at).addTo(this.#map)
      const entry = { marker, press: () => {} }
      element.addEventListener('click', (event) => {
        event.stopPropagation()
        entry.press()
      })
      this.#marks.set(id, entry)
      known = entry
    }
    known.press = mark.onPress ?? (() => {})
    known.marker.setLngLat(mark.at)
    const element = known.marker.getElement()
    element.classList.add('map-mark')
    element.classList.toggle('map-mark--call', mark.kind === 'call')
    element.classList.toggle('map-mark--unit', mark.kind === 'unit')
    element.setAttribute('aria-label', mark.label)
    element.classList.toggle('is-chosen', mark.chosen ?? false)
    element.classList.toggle('can-press', mark.onPress !== undefined)
    element.title = mark.label
    element.replaceChildren(...(mark.icon === undefined ? [] : [this.#icon(mark.icon)]), mark.text)
  }

  removeMark(id: string): void {
    this.#marks.get(id)?.marker.remove()
    this.#marks.delete(id)
  }

  pin(at: Position, label: string, onMove: (at: Position) => void): Pin {
    const element = document.createElement('button')
    element.type = 'button'
    element.className = 'map-pin'
    element.append(this.#icon('location_on'))
    const marker = new this.#library.Marker({ element, draggable: true, anchor: 'bottom' })
      .setLngLat(at)
      .addTo(this.#map)
    element.setAttribute('aria-label', label) // MapLibre names every marker; this one has its own
    marker.on('dragend', () => onMove(place(marker)))
    element.addEventListener('click', (event) => event.stopPropagation())
    element.addEventListener('keydown', (event) => {
      const [right, down] = ARROWS[event.key] ?? [0, 0]
      if (right === 0 && down === 0) return
      event.preventDefault()
      event.stopPropagation()
      const step = event.shiftKey ? LONG_STEP : STEP
      const from = this.#map.project(marker.getLngLat())
      marker.setLngLat(this.#map.unproject([from.x + right * step, from.y + down * step]))
      this.show(place(marker))
      onMove(place(marker))
    })
    return {
      moveTo: (next) => {
        marker.setLngLat(next)
        this.show(next)
      },
      remove: () => void marker.remove(),
    }
  }

  onPress(listener: (at: Position) => void): void {
    this.#map.on('click', (event) => listener([event.lngLat.lng, event.lngLat.lat]))
  }

  fit(places: readonly Position[] = []): void {
    if (places.length > 0) {
      const bounds = new this.#library.LngLatBounds()
      for (const at of places) bounds.extend(at)
      this.#map.fitBounds(bounds, { padding: 48, maxZoom: 16 })
    } else if (this.#drawing.bounds !== null) {
      this.#map.fitBounds(this.#drawing.bounds, { padding: 24 })
    }
  }

  show(at: Position): void {
    if (!this.#map.getBounds().contains(at)) this.#map.easeTo({ center: at })
  }

  remove(): void {
    this.#leave.abort()
    this.#schemes.disconnect()
    this.#map.remove()
  }

  #tools(): HTMLElement {
    const tools = document.createElement('div')
    tools.className = 'map__tools'
    const acts: [string, string, () => unknown][] = [
      ['zoom_in', word('map.closer'), () => this.#map.zoomIn()],
      ['zoom_out', word('map.farther'), () => this.#map.zoomOut()],
      ['zoom_out_map', word('map.whole'), () => this.fit()],
    ]
    for (const [icon, label, act] of acts) {
      const button = document.createElement('button')
      button.type = 'button'
      button.setAttribute('aria-label', label)
      button.title = label
      button.append(this.#icon(icon))
      button.addEventListener('click', act)
      tools.append(button)
    }
    return tools
  }

  #icon(name: string): SVGElement {
    const space = 'http://www.w3.org/2000/svg'
    const svg = document.createElementNS(space, 'svg')
    svg.classList.add('icon')
    svg.setAttribute('aria-hidden', 'true')
    const use = document.createElementNS(space, 'use')
    use.setAttribute('href', `${this.#container.dataset['icons'] ?? ''}#${name}`)
    svg.append(use)
    return svg
  }
}

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
}

function place(marker: Marker): Position {
  const { lng, lat } = marker.getLngLat()
  return [lng, lat]
}
