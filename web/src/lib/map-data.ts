// What a map draws: the city's own GeoJSON, fetched where the page gave an address, and its extent.
import type { Feature, FeatureCollection, GeoJSON, Point, Position } from 'geojson'

import { send } from './http'

/** West, south, east, north. */
export type Bounds = [number, number, number, number]

/** A city's drawing as a page gives it: each part is GeoJSON or the address of it, longitude first. */
export interface CityMapData {
  /** Without it the map fits what it draws. */
  bounds?: Bounds | null
  /** Polygons with a `name`. */
  neighborhoods?: GeoJSON | string | null
  /** Lines with a `name` and, where known, `kind` = `main` for the wide ones. */
  streets?: GeoJSON | string | null
}

/** The drawing at hand: every part fetched, a point for each neighborhood's name, its bounds. */
export interface CityDrawing {
  neighborhoods: FeatureCollection
  names: FeatureCollection<Point>
  streets: FeatureCollection
  bounds: Bounds | null
}

/** Fetches what the page gave only the address of. */
export async function loadDrawing(data: CityMapData): Promise<CityDrawing> {
  const [neighborhoods, streets] = await Promise.all([
    collection(data.neighborhoods),
    collection(data.streets),
  ])
  return {
    neighborhoods,
    names: { type: 'FeatureCollection', features: neighborhoods.features.flatMap(namePoint) },
    streets,
    bounds: data.bounds ?? boundsOf([...neighborhoods.features, ...streets.features]),
  }
}

async function collection(part: GeoJSON | string | null | undefined): Promise<FeatureCollection> {
  const found = typeof part === 'string' ? await send<GeoJSON>(part) : part
  if (found?.type === 'FeatureCollection') return found
  if (found?.type === 'Feature') return { type: 'FeatureCollection', features: [found] }
  return { type: 'FeatureCollection', features: [] }
}

/**
 * Where a neighborhood's name stands: the middle of its largest outline, by area. MapLibre would
 * write the name once for every tile that the neighborhood lies in.
 */
function namePoint(area: Feature): Feature<Point>[] {
  const { geometry } = area
  const outlines =
    geometry.type === 'Polygon'
      ? [geometry.coordinates[0] ?? []]
      : geometry.type === 'MultiPolygon'
        ? geometry.coordinates.map((polygon) => polygon[0] ?? [])
        : []
  const middles = outlines.map(middleOf).sort((one, other) => other.area - one.area)
  const largest = middles[0]
  if (largest === undefined || largest.area === 0) return []
  const point: Point = { type: 'Point', coordinates: largest.at }
  return [{ type: 'Feature', properties: area.properties, geometry: point }]
}

function middleOf(ring: Position[]): { at: Position; area: number } {
  const [originX = 0, originY = 0] = ring[0] ?? []
  let area = 0
  let x = 0
  let y = 0
  ring.forEach((from, index) => {
    const to = ring[(index + 1) % ring.length] ?? from
    const [fromX, fromY] = [(from[0] ?? 0) - originX, (from[1] ?? 0) - originY]
    const [toX, toY] = [(to[0] ?? 0) - originX, (to[1] ?? 0) - originY]
    const cross = fromX * toY - toX * fromY
    area += cross / 2
    x += ((fromX + toX) * cross) / 6
    y += ((fromY + toY) * cross) / 6
  })
  if (area === 0) return { at: [originX, originY], area: 0 }
  return { at: [originX + x / area, originY + y / area], area: Math.abs(area) }
}

function boundsOf(features: readonly Feature[]): Bounds | null {
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity]
  const include = (value: unknown): void => {
    if (!Array.isArray(value)) return
    const [lng, lat] = value as unknown[]
    if (typeof lng !== 'number' || typeof lat !== 'number') return value.forEach(include)
    bounds[0] = Math.min(bounds[0], lng)
    bounds[1] = Math.min(bounds[1], lat)
    bounds[2] = Math.max(bounds[2], lng)
    bounds[3] = Math.max(bounds[3], lat)
  }
  for (const { geometry } of features) if ('coordinates' in geometry) include(geometry.coordinates)
  return Number.isFinite(bounds[0]) ? bounds : null
}
