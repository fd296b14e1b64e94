// The policy room: the grid of a draft, and a rehearsal that is under way.
import './policies.scss'

import { followWork } from './lib/follow'
import { startEditor } from './policies/editor'

const editor = document.getElementById('editor')
const state = document.getElementById('sheet-state')
if (editor !== null && state !== null) startEditor(editor, JSON.parse(state.textContent ?? 'null'))

const rehearsal = document.querySelector<HTMLElement>('[data-follow]')
if (rehearsal !== null) followWork(rehearsal)
