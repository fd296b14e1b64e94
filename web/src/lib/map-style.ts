// How the city looks on the map: its own streets and neighborhoods, in the colours of the page.
import type {
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from 'maplibre-gl'

import type { CityDrawing } from './map-data'

/** The value of a custom property of the look, such as `--map-ground`, in the scheme now shown. */
function colour(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim()
}

const IS_MAIN: ExpressionSpecification = ['==', ['get', 'kind'], 'main']
const IS_RIVER: ExpressionSpecification = ['==', ['get', 'kind'], 'river']
const IS_PARK: ExpressionSpecification = ['==', ['get', 'kind'], 'park']

/** The whole style, in the colours of the scheme now shown. Labels are drawn with the page's font. */
export function cityStyle(drawing: CityDrawing): StyleSpecification {
  return { version: 8, sources: sources(drawing), layers: [...grounds(), ...streets(), ...labels()] }
}

function sources({ neighborhoods, names, streets }: CityDrawing): Record<string, SourceSpecification> {
  return {
    neighborhoods: { type: 'geojson', data: neighborhoods },
    names: { type: 'geojson', data: names },
    streets: { type: 'geojson', data: streets },
  }
}

function grounds(): LayerSpecification[] {
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': colour('--map-ground') } },
    {
      id: 'neighborhoods',
      type: 'fill',
      source: 'neighborhoods',
      paint: { 'fill-color': colour('--map-area') },
    },
    {
      id: 'parks',
      type: 'fill',
      source: 'streets',
      filter: IS_PARK,
      paint: { 'fill-color': colour('--map-park') },
    },
    {
      id: 'rivers',
      type: 'line',
      source: 'streets',
      filter: IS_RIVER,
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': colour('--map-water'),
        'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 11, 5, 16, 60],
      },
    },
    {
      id: 'neighborhood-borders',
      type: 'line',
      source: 'neighborhoods',
      paint: {
        'line-color': colour('--map-area-line'),
        'line-width': 1.5,
        'line-dasharray': [3, 2],
      },
    },
  ]
}

function streets(): LayerSpecification[] {
  const width = (main: number, side: number): ExpressionSpecification => [
    'interpolate',
    ['exponential', 1.6],
    ['zoom'],
    11,
    ['case', IS_MAIN, main / 4, side / 8],
    16,
    ['case', IS_MAIN, main, side],
  ]
  const line = (id: string, property: string, main: number, side: number): LayerSpecification => ({
    id,
    type: 'line',
    source: 'streets',
    filter: ['all', ['!', IS_RIVER], ['!', IS_PARK]],
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': colour(property), 'line-width': width(main, side) },
  })
  return [
    line('street-cases', '--map-street-case', 18, 11),
    line('street-lines', '--map-street', 15, 8.5),
  ]
}

function labels(): LayerSpecification[] {
  const paint = {
    'text-color': colour('--map-label'),
    'text-halo-color': colour('--map-label-halo'),
    'text-halo-width': 1.5,
  }
  const font = ['Public Sans Web']
  return [
    {
      id: 'street-names',
      type: 'symbol',
      source: 'streets',
      minzoom: 13.5,
      layout: {
        'symbol-placement': 'line',
        'text-field': ['coalesce', ['get', 'name'], ''],
        'text-font': font,
        'text-size': 12,
      },
      paint,
    },
    {
      id: 'neighborhood-names',
      type: 'symbol',
      source: 'names',
      layout: {
        'text-field': ['coalesce', ['get', 'name'], ''],
        'text-font': font,
        'text-size': ['interpolate', ['linear'], ['zoom'], 10, 11, 15, 16],
        'text-max-width': 7,
        'text-transform': 'uppercase',
        'text-letter-spacing': 0.06,
      },
      paint,
    },
  ]
}
