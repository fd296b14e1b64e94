// What a draft declares: its tables, facts, answers and promises, as the forms show them.
import type { Label, Sheet } from './sheet'

export type Kind = 'input' | 'output' | 'promise' | 'table'

export interface Choice {
  value: string
  label: Label
  /** Its name in the text; empty for a new one. */
  was: string
}

export interface Declared {
  name: string
  label: Label
  type: string
  range: string
  integer: boolean
  values: Choice[]
  ask: Label
  help: Label
  safety: boolean
  known: boolean
  /** What it is taken for when nobody knows; empty for nothing. */
  taken: string
  /** What every rule gives at first, for an answer that is new. */
  first: string
  /** Of an answer: whether it is part of what the policy answers, and no mere step on the way. */
  outcome: boolean
  table: string
  rules: string[]
  promises: string[]
}

export interface Part {
  name: string
  sense: 'known' | 'actual' | 'asked'
  holds: boolean
  /** As they are written in a promise: `"threat"`, `unknown`, `true`, `>= 18`. */
  values: string[]
}

export interface Promised {
  name: string
  says: Label
  source: string
  never: string
  /** Null where it is more than a list of tests. */
  parts: Part[] | null
}

export interface Tabled {
  name: string
  title: Label
  hit: string
  /** The rules of other tables that test what it gives, and the promises that speak of it. */
  rules: string[]
  promises: string[]
}

export interface Declarations {
  tables: Tabled[]
  inputs: Declared[]
  outputs: Declared[]
  promises: Promised[]
}

/** One of them; a name that is empty means one that is to be added. */
export interface What {
  kind: Kind
  name: string
  table: string
}

export interface Change {
  do: 'keep' | 'remove' | 'move'
  kind: Kind
  was: string
  table: string
  by: number
  form?: unknown
}

export function changeOf(what: What, doing: Change['do'], more: Partial<Change> = {}): Change {
  return { do: doing, kind: what.kind, was: what.name, table: what.table, by: 0, ...more }
}

export function declaredOf(sheet: Sheet, what: What): Declared | undefined {
  const rows = what.kind === 'output' ? sheet.declared.outputs : sheet.declared.inputs
  return rows.find((row) => row.name === what.name && row.table === what.table)
}

export function emptyDeclared(table: string): Declared {
  const none = { en: '', es: '' }
  return {
    name: '', label: none, type: table === '' ? 'boolean' : 'choice', range: '', integer: false,
    values: [], ask: none, help: none, safety: false, known: false, taken: '', first: '', outcome: true, table,
    rules: [], promises: [],
  }
}

/** A name made of words, for what has none yet: `Kind of place` gives `kind_of_place`. */
export function nameFrom(words: string, between = '_'): string {
  return words
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, between)
    .replace(/^[^a-z]+|[^a-z0-9]+$/g, '')
    .slice(0, 60)
}

/** The fact or answer of this name, whichever it is. */
export function namedIn(declared: Declarations, name: string): Declared | undefined {
  return [...declared.inputs, ...declared.outputs].find((row) => row.name === name)
}
