/** An icon of icons.svg, whose address the page's own icons tell. */
export function icon(name: string): SVGElement {
  const source = document.querySelector<SVGUseElement>('.icon use')?.getAttribute('href') ?? ''
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  use.setAttribute('href', source.replace(/#.*/, `#${name}`))
  svg.append(use)
  return svg
}
