// Ships the licence of the fonts, icons and styles beside them; Vite's own list knows scripts only.
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

/** Emits `licenses-uswds.md`, the text that USWDS and the fonts in it ask to be kept with them. */
export function uswdsLicense(path: string): Plugin {
  return {
    name: 'uswds-license',
    generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: 'licenses-uswds.md',
        source: readFileSync(path, 'utf8'),
      })
    },
  }
}
