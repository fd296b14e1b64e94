// MapLibre in a chunk of its own; its worker is a file of ours, as the pages' security policy asks.
import { setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'

setWorkerUrl(workerUrl)

export { LngLatBounds, Map, Marker } from 'maplibre-gl'
