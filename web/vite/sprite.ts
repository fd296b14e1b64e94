// Gathers the icons that the pages use into one file, icons.svg, a <symbol> for each.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

export interface IconFolders {
  own: string
  uswds: string
}

/** Icons taken from USWDS (Material icons, Apache-2.0), by their file name there. */
const FROM_USWDS = [
  'add', 'arrow_back', 'arrow_forward', 'assessment', 'autorenew', 'chat', 'check',
  'check_circle', 'chevron_right', 'close', 'directions_walk', 'edit', 'error', 'expand_less',
  'expand_more', 'favorite_border', 'file_download', 'flag', 'groups', 'help_outline', 'history',
  'home', 'info', 'insights', 'keyboard', 'language', 'local_fire_department', 'local_hospital',
  'local_police', 'location_city', 'location_on', 'lock', 'logout', 'map', 'medical_services',
  'menu', 'more_horiz', 'my_location', 'near_me', 'notifications_active', 'person', 'phone',
  'print', 'priority_high', 'remove', 'schedule', 'search', 'send', 'settings', 'support_agent',
  'timer', 'undo', 'verified', 'visibility', 'warning', 'wifi', 'zoom_in', 'zoom_out',
  'zoom_out_map',
]

/** `<use href="…/icons.svg#NAME">` shows `icons/NAME.svg`, or the USWDS icon of that name. */
export function iconSprite(folders: IconFolders): Plugin {
  return {
    name: 'icon-sprite',
    generateBundle() {
      const symbols = new Map<string, string>()
      for (const name of FROM_USWDS) symbols.set(name, join(folders.uswds, `${name}.svg`))
      for (const file of readdirSync(folders.own).filter((name) => name.endsWith('.svg'))) {
        symbols.set(file.replace(/\.svg$/, ''), join(folders.own, file))
      }
      const body = [...symbols].map(([name, path]) => asSymbol(name, readFileSync(path, 'utf8')))
      this.emitFile({
        type: 'asset',
        fileName: 'icons.svg',
        source: `<svg xmlns="http://www.w3.org/2000/svg">${body.join('')}</svg>\n`,
      })
    },
  }
}

function asSymbol(name: string, svg: string): string {
  const viewBox = /viewBox="([^"]+)"/.exec(svg)?.[1]
  const inside = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1]
  if (viewBox === undefined || inside === undefined) {
    throw new Error(`icons: ${name}.svg is not an <svg> with a viewBox; give it one.`)
  }
  return `<symbol id="${name}" viewBox="${viewBox}">${inside.trim().replace(/\s*\n\s*/g, '')}</symbol>`
}
