// The policy room: the grid of a draft, and a rehearsal that is under way.
import './policies.scss'

import { startEditor } from './policies/editor'
import { followRehearsal } from './policies/rehearsal'

const editor = document.getElementById('editor')
const state = document.getElementById('sheet-state')
if (editor !== null && state !== null) startEditor(editor, JSON.parse(state.textContent ?? 'null'))

const rehearsal = document.querySelector<HTMLElement>('[data-rehearsal]')
if (rehearsal !== null) followRehearsal(rehearsal)
