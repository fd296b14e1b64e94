// The gallery of parts: starts what needs a script, so that builders can see it move.
import { Shortcuts } from './lib/keyboard'
import { openLive, showLiveState } from './lib/live'
import { createCityMap, readMapData } from './lib/map'
import { clockText } from './lib/time'
import { toast } from './lib/toast'
import { word } from './lib/words'

new Shortcuts([
  { keys: 'n', label: 'Show a notice', run: () => toast('Unit 12 is on the way.') },
  { keys: 'g b', label: 'Go to the badges', run: () => location.assign('#badges') },
])

document.getElementById('show-toast')?.addEventListener('click', () => {
  toast('Unit 12 is on the way.', { stays: true })
})

// The gallery has no live stream, so this board shows how a lost one looks.
const bar = document.querySelector('[data-stale-bar] span')
if (bar !== null) {
  openLive('/live', {
    events: ['call'],
    onEvent: (_name, data) => toast((data as { what: string }).what),
    onState: (state, staleSince) => {
      showLiveState(state, { live: word('live.live'), stale: word('live.stale') })
      bar.textContent = `Not live since ${clockText(staleSince ?? new Date())}. Trying again.`
    },
  })
}

const container = document.getElementById('map')
if (container !== null) {
  const map = await createCityMap(container, readMapData('map-data'), container.dataset['label'] ?? '')
  map?.setMark('call', { at: [-104.985, 39.744], kind: 'call', text: '1', label: 'Call, priority 1' })
  map?.setMark('unit', { at: [-104.975, 39.738], kind: 'unit', text: 'C2', label: 'Community team 2, free' })
  map?.pin([-104.98, 39.741], 'The place of the call; move it with the arrow keys', (at) => {
    const said = document.getElementById('pin-place')
    if (said !== null) said.textContent = at.map((degrees) => degrees.toFixed(5)).join(', ')
  })
}
