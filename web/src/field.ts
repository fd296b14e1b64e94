// The island of the field pages: they work without it; it saves waiting, typing and doubt.
import './field.scss'
import { keepFresh } from './field/fresh'
import { sendEncounters } from './field/encounter'

sendEncounters()
keepFresh()
