// What the board's page brings with it: addresses, words of codes, and patterns of rows.

export interface Config {
  live: string
  may_act: boolean
  undo_seconds: number
  sign_in: string
  urls: Record<'incident' | 'choice' | 'assign' | 'close' | 'recall', string>
}

export type Words = Record<string, Record<string, string>>

/** Reads what Django's json_script put into the page. */
export function readJson<T>(id: string): T {
  const script = document.getElementById(id)
  if (script === null) throw new Error(`No <script id="${id}"> in this page.`)
  return JSON.parse(script.textContent ?? 'null') as T
}

export const config = readJson<Config>('board-config')
export const words = readJson<Words>('board-words')

/** The words of a code; the code itself where the policy in force has none. */
export function say(kind: string, code: string): string {
  return words[kind]?.[code] ?? code
}

/** An address of config.urls with its identifier. */
export function addressOf(name: keyof Config['urls'], id: string): string {
  return config.urls[name].replace('{id}', id)
}

/** A new copy of `<template data-template="NAME">`. */
export function pattern(name: string): HTMLElement {
  const template = find<HTMLTemplateElement>(`template[data-template="${name}"]`)
  return template.content.firstElementChild?.cloneNode(true) as HTMLElement
}

/** The one element for a selector; the page is broken without it. */
export function find<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T {
  const element = root.querySelector<T>(selector)
  if (element === null) throw new Error(`No ${selector} in this page.`)
  return element
}

/** Writes text into `[data-slot=NAME]`, only where it differs. */
export function fill(root: ParentNode, slots: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(slots)) {
    const slot = find(`[data-slot="${name}"]`, root)
    const text = String(value)
    if (slot.textContent !== text) slot.textContent = text
  }
}

/** Shows or hides `[data-slot=NAME]`. */
export function show(root: ParentNode, slots: Record<string, boolean>): void {
  for (const [name, shown] of Object.entries(slots)) find(`[data-slot="${name}"]`, root).hidden = !shown
}

/** Points `[data-slot=icon]` to another icon of the same file. */
export function setIcon(root: ParentNode, icon: string): void {
  const use = find<SVGUseElement>('[data-slot="icon"]', root)
  const file = (use.getAttribute('href') ?? '').split('#')[0] ?? ''
  if (use.getAttribute('href') !== `${file}#${icon}`) use.setAttribute('href', `${file}#${icon}`)
}

/** Puts elements into a parent in this order, moving no more than is needed and keeping the focus. */
export function arrange(parent: Element, elements: readonly Element[]): void {
  const focused = document.activeElement
  const wanted = new Set(elements)
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove()
  let place = parent.firstElementChild
  for (const element of elements) {
    if (element === place) place = place.nextElementSibling
    else parent.insertBefore(element, place)
  }
  if (focused instanceof HTMLElement && focused !== document.activeElement && parent.contains(focused)) focused.focus()
}
