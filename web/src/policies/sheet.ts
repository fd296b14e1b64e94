// The grid's model: a policy's tables as plain values, changed without changing what was before.
import type { Declarations } from './declared'

export interface Label {
  en: string
  es: string
}

export interface Column {
  name: string
  label: Label
  kind: string
  range: string
  values: { value: string; label: Label }[]
  /** The table that decides it; empty for an input. */
  table: string
  unknown: boolean
}

export interface Rule {
  /** The place of this rule in the text that was read, as long as nobody touched it. */
  keep: number | null
  id: string
  when: Record<string, string>
  then: Record<string, string>
  en: string
  es: string
  source: string
}

export interface Table {
  name: string
  title: Label
  hit: string
  columns: string[]
  available: string[]
  outputs: string[]
  rules: Rule[]
}

export interface Sheet {
  policy: string
  version: string
  columns: Record<string, Column>
  tables: Table[]
  declared: Declarations
  /** The text that this is a view of: that of a revision, or one that a form made and nobody saved. */
  from: number | string
}

/** Which part of a rule a cell shows. */
export interface CellKind {
  part: 'id' | 'when' | 'then' | 'en' | 'es' | 'source'
  name: string
}

/** The sheet as the server sent it, each rule with its place in the text that it is a view of. */
export function opened(sheet: Sheet, from: number | string): Sheet {
  const tables = sheet.tables.map((table) => ({
    ...table,
    rules: table.rules.map((rule, keep) => ({ ...rule, keep })),
  }))
  return { ...sheet, tables, from }
}

/** What is sent: rules that nobody touched by their place, the others in full, and the columns. */
export function editsOf(sheet: Sheet): unknown {
  const tables = Object.fromEntries(
    sheet.tables.map((table) => [
      table.name,
      table.rules.map((rule) => (rule.keep === null ? rule : { keep: rule.keep })),
    ]),
  )
  const columns = Object.fromEntries(sheet.tables.map((table) => [table.name, table.columns]))
  return { version: sheet.version, tables, columns }
}

/** The sheet after a form changed the text, with the columns that somebody had opened. */
export function reopened(before: Sheet, sheet: Sheet, text: string): Sheet {
  const made = opened(sheet, text)
  const tables = made.tables.map((table) => {
    const shown = before.tables.find((one) => one.name === table.name)?.columns ?? []
    return { ...table, columns: columnsOf(table, [...table.columns, ...shown]) }
  })
  return { ...made, tables }
}

/** These columns of a table in their order; one that it may not look at stays, last. */
function columnsOf(table: Table, wanted: string[]): string[] {
  const known = table.available.filter((name) => wanted.includes(name))
  return [...known, ...table.columns.filter((name) => !table.available.includes(name))]
}

/** The columns of a table, left to right. */
export function cellsOf(table: Table): CellKind[] {
  return [
    { part: 'id', name: 'id' },
    ...table.columns.map((name) => ({ part: 'when' as const, name })),
    ...table.outputs.map((name) => ({ part: 'then' as const, name })),
    { part: 'en', name: 'en' },
    { part: 'es', name: 'es' },
    { part: 'source', name: 'source' },
  ]
}

export function textOf(rule: Rule, cell: CellKind): string {
  if (cell.part === 'when') return rule.when[cell.name] ?? ''
  if (cell.part === 'then') return rule.then[cell.name] ?? ''
  return rule[cell.part]
}

export function withText(rule: Rule, cell: CellKind, text: string): Rule {
  if (cell.part === 'when' || cell.part === 'then') {
    return { ...rule, keep: null, [cell.part]: { ...rule[cell.part], [cell.name]: text } }
  }
  return { ...rule, keep: null, [cell.part]: text }
}

export function withRules(sheet: Sheet, table: string, rules: Rule[]): Sheet {
  return {
    ...sheet,
    tables: sheet.tables.map((one) => (one.name === table ? { ...one, rules } : one)),
  }
}

export function withColumns(sheet: Sheet, table: string, columns: string[]): Sheet {
  return {
    ...sheet,
    tables: sheet.tables.map((one) =>
      one.name === table ? { ...one, columns: columnsOf(one, columns) } : one,
    ),
  }
}

/** The rules of a table that test something. */
export function testing(table: Table | undefined, name: string): number {
  return table?.rules.filter((rule) => !['', '-'].includes(rule.when[name] ?? '')).length ?? 0
}

/** A name that no rule of the sheet has yet. */
export function freshId(sheet: Sheet, wanted: string): string {
  const taken = new Set(sheet.tables.flatMap((table) => table.rules.map((rule) => rule.id)))
  if (!taken.has(wanted)) return wanted
  let number = 2
  while (taken.has(`${wanted}-${number}`)) number += 1
  return `${wanted}-${number}`
}

export function emptyRule(sheet: Sheet): Rule {
  const id = freshId(sheet, 'new-rule')
  return { keep: null, id, when: {}, then: {}, en: '', es: '', source: '' }
}

/** What somebody may type in a cell, for the list below it. */
export function suggestions(column: Column | undefined, part: CellKind['part']): [string, Label][] {
  if (column === undefined) return []
  const quote = (value: string): string => (part === 'when' ? `"${value}"` : value)
  const found: [string, Label][] = column.values.map((one) => [quote(one.value), one.label])
  if (column.kind === 'boolean') found.push(['true', YES], ['false', NO])
  if (part === 'when' && column.unknown) found.push(['unknown', { en: '', es: '' }])
  return found
}

export const YES = { en: 'Yes', es: 'Sí' }
export const NO = { en: 'No', es: 'No' }
