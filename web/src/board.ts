// The board: draws what is open, keeps it live, and lets a dispatcher act from the keyboard.
import { Shortcuts } from '@/lib/keyboard'
import { openLive, showLiveState, type LiveState } from '@/lib/live'
import { createCityMap, readMapData } from '@/lib/map'
import { exactClockText } from '@/lib/time'
import { toast } from '@/lib/toast'
import { word } from '@/lib/words'

import { Acts } from './board/acts'
import { Alerts } from './board/alerts'
import { CallLists } from './board/calls'
import { Choice, optionOf } from './board/choice'
import { ask } from './board/dialogs'
import { Marks } from './board/marks'
import { addressOf, config, find, readJson, say } from './board/page'
import { Board, isLate, open, type Incident, type Part, type Unit } from './board/state'
import { UnitLists } from './board/units'

const SETTLE = 600 // milliseconds after the options changed in which digits send nobody

const board = new Board()
board.replace(readJson<Part>('board-snapshot'))
const alerts = new Alerts(board)
const choice = new Choice(board)
const calls = new CallLists(board, choose)
const units = new UnitLists(board, (unit) => void pressUnit(unit))
const acts = new Acts(board, changed)
const search = find<HTMLInputElement>('[data-search]')
const title = document.title
const oneColumn = matchMedia('(max-width: 47.99rem)')
let marks: Marks | null = null

function chosen(): Incident | null {
  return board.incidents.get(choice.chosen ?? '') ?? null
}

function choose(id: string): void {
  alerts.seen(id)
  choice.choose(id)
  draw()
  calls.bringIntoSight(id)
  marks?.show(id)
  if (oneColumn.matches) find('.pane--choice').scrollIntoView()
}

/** Something is different: draw it, and renew the chosen call's units and steps. */
function changed(part: Part): void {
  if (choice.chosen === null || !board.incidents.has(choice.chosen)) {
    choice.choose(board.waiting()[0]?.id ?? null)
  } else {
    choice.heed(part)
  }
  draw()
}

function draw(): void {
  alerts.watch()
  const looked = search.value.trim().toLocaleLowerCase()
  const fits = (text: string): boolean => text.toLocaleLowerCase().includes(looked)
  calls.draw(choice.chosen, alerts.calling, fits)
  const call = chosen()
  const there = call === null ? [] : open(call).map((sent) => sent.unit_id)
  units.draw(new Set(there), fits)
  choice.tick()
  marks?.draw(choice.chosen, new Set([...there, ...choice.offered()]))
  drawFigures()
}

function drawFigures(): void {
  const waiting = board.waiting()
  const late = waiting.filter((incident) => isLate(incident, board.now())).length
  const figures: Record<string, number> = {
    waiting: waiting.length,
    late,
    answered: board.incidents.size - waiting.length,
    free: [...board.units.values()].filter((unit) => unit.state === 'free').length,
  }
  for (const [name, figure] of Object.entries(figures)) {
    find(`[data-figure="${name}"]`).textContent = String(figure)
  }
  find('.board-bar__late').classList.toggle('is-late', late > 0)
  document.title = waiting.length === 0 ? title : `(${waiting.length}) ${title}`
}

function move(by: number): void {
  const order = calls.order()
  if (order.length === 0) return
  const at = order.indexOf(choice.chosen ?? '')
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), order.length - 1)
  const id = order[next]
  if (id !== undefined) choose(id)
}

function assignKey(key: number, event: KeyboardEvent): void {
  const incident = chosen()
  const option = choice.option(key)
  if (event.repeat || Date.now() - choice.drawnAt < SETTLE) return
  if (incident === null) toast(word('board.choose-first'))
  else if (!config.may_act) toast(word('board.only-dispatchers'))
  else if (option !== null) void acts.assign(incident, option)
}

/** A busy unit leads to its call; a free one is sent to the chosen call after a question. */
async function pressUnit(unit: Unit): Promise<void> {
  const [busyWith] = unit.incidents
  if (unit.one_at_a_time && busyWith !== undefined) return choose(busyWith)
  const incident = chosen()
  if (unit.state !== 'free') {
    return toast(word('board.unit-cannot', { unit: unit.call_sign, state: say('state', unit.state) }))
  }
  if (incident === null) return toast(word('board.choose-first'))
  if (!config.may_act) return toast(word('board.only-dispatchers'))
  const fits = incident.needed.includes(unit.kind)
  const about = word('board.send-about', { unit: unit.call_sign, nature: say('nature', incident.nature) })
  if (fits && (await ask('send', about)) === null) return
  await acts.assign(incident, { unitId: unit.id, sign: unit.call_sign })
}

function forDispatchers(act: (incident: Incident) => Promise<void>): () => void {
  return () => {
    const incident = chosen()
    if (!config.may_act) toast(word('board.only-dispatchers'))
    else if (incident === null) toast(word('board.choose-first'))
    else void act(incident)
  }
}

const recallLast = forDispatchers((incident) => acts.recallLast(incident))
const closeCall = forDispatchers((incident) => acts.close(incident))

function openStory(): void {
  if (choice.chosen !== null) location.assign(addressOf('incident', choice.chosen))
}

function leaveSearch(): void {
  search.value = ''
  search.blur()
  draw()
}

const onMap = (event: Event): boolean => event.target instanceof Element && event.target.closest('.map') !== null

new Shortcuts([
  { keys: 'j', label: word('key.next'), run: () => move(1) },
  { keys: 'ArrowDown', label: word('key.next'), run: (event) => onMap(event) || move(1) },
  { keys: 'k', label: word('key.previous'), run: () => move(-1) },
  { keys: 'ArrowUp', label: word('key.previous'), run: (event) => onMap(event) || move(-1) },
  {
    keys: 'u',
    label: word('key.urgent'),
    run: () => {
      const [first] = board.waiting()
      if (first !== undefined) choose(first.id)
    },
  },
  ...[1, 2, 3].map((number) => ({
    keys: String(number),
    label: word('key.assign', { number }),
    run: (event: KeyboardEvent) => assignKey(number, event),
  })),
  { keys: 'r', label: word('key.recall'), run: recallLast },
  { keys: 'c', label: word('key.close'), run: closeCall },
  { keys: 'o', label: word('key.open'), run: openStory },
  { keys: '/', label: word('key.search'), run: () => search.focus() },
  { keys: 'Escape', label: word('key.escape'), inFields: true, run: leaveSearch },
])

find('[data-choice]').addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('button') : null
  const about = button?.closest<HTMLElement>('[data-chosen]')?.dataset['chosen']
  const incident = chosen()
  if (button === null || incident === null || incident.id !== about) return
  if (button.dataset['assign'] !== undefined) void acts.assign(incident, optionOf(button))
  if (button.dataset['close'] !== undefined) closeCall()
  const sent = incident.assignments.find((one) => one.id === button.dataset['recall'])
  if (sent !== undefined) void acts.recall(sent)
})
search.addEventListener('input', draw)
search.addEventListener('keydown', (event) => {
  const [first] = calls.order()
  if (event.key !== 'Enter' || first === undefined) return
  event.preventDefault()
  search.blur()
  choose(first)
})

const closeLive = openLive(config.live, {
  events: ['snapshot', 'change', 'ended'],
  onEvent: (name, data) => {
    if (name === 'ended') return end()
    const part = data as Part
    if (name === 'snapshot') board.replace(part)
    else board.apply(part)
    changed(part)
  },
  onState: sayState,
})

function sayState(state: LiveState, since: Date | null): void {
  showLiveState(state, { live: word('board.live'), stale: word('board.stale') })
  if (since === null) return
  if (state === 'stale') {
    const time = exactClockText(since)
    find('[data-stale-words]').textContent = word('board.stale-since', { time })
    void endIfSignedOut()
  } else {
    const seconds = Math.max(1, Math.round((Date.now() - since.getTime()) / 1_000))
    toast(word('board.back', { seconds }))
  }
}

/** A stream that cannot be opened because nobody is signed in would be tried for ever. */
async function endIfSignedOut(): Promise<void> {
  try {
    const response = await fetch(location.href, { method: 'HEAD', redirect: 'manual' })
    if (response.type === 'opaqueredirect' || response.status === 403) end()
  } catch {
    // The pages are away too: trying again is right.
  }
}

function end(): void {
  closeLive()
  showLiveState('stale', { live: word('board.live'), stale: word('board.stale') })
  const say = find('[data-stale-words]')
  const link = document.createElement('a')
  link.href = `${config.sign_in}?next=${encodeURIComponent(location.pathname)}`
  link.textContent = word('board.sign-in')
  say.replaceChildren(word('board.ended'), ' ', link)
}

draw()
setInterval(draw, 1_000)
void createCityMap(find('[data-map]'), readMapData('board-map'), word('board.map')).then((map) => {
  if (map === null) return
  marks = new Marks(map, board, choose)
  draw()
})
