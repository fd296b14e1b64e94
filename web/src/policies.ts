// The policy room: the grid of a draft, a call file that is brought, work that is under way.
import './policies.scss'

import { followWork } from './lib/follow'
import { followBringing } from './policies/bring'
import { startEditor } from './policies/editor'

const editor = document.getElementById('editor')
const state = document.getElementById('sheet-state')
if (editor !== null && state !== null) startEditor(editor, JSON.parse(state.textContent ?? 'null'))

const rehearsal = document.querySelector<HTMLElement>('[data-follow]')
if (rehearsal !== null) followWork(rehearsal)

const bringing = document.querySelector<HTMLFormElement>('form[data-bring]')
if (bringing !== null) followBringing(bringing)
