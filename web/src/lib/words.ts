// The words that scripts show, taken from the page so that they are in its language.

/**
 * The text of `<template data-word="KEY">…</template>`, with `{name}` filled in from `values`.
 * base.html carries the words of these libraries; a page adds its own in its `words` block.
 */
export function word(key: string, values: Record<string, string | number> = {}): string {
  const template = document.querySelector<HTMLTemplateElement>(`template[data-word="${key}"]`)
  if (template === null) throw new Error(`No <template data-word="${key}"> in this page: add it.`)
  const text = (template.content.textContent ?? '').trim()
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** The language of the page, for Intl. */
export function language(): string {
  return document.documentElement.lang || 'en'
}

/** The city's time zone: everybody reads the city's clock, wherever their device thinks it is. */
export function timeZone(): string | undefined {
  return document.documentElement.dataset['timeZone'] || undefined
}
