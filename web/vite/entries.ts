// Refuses a build in which one entry imports another.
import type { Plugin } from 'vite'

/**
 * Django serves `board.js` as `board.<hash>.js`, but a chunk that imports `./board.js` asks for
 * the name without the hash: the browser would then run the same module twice.
 */
export function refuseSharedEntries(): Plugin {
  return {
    name: 'refuse-shared-entries',
    generateBundle(_options, bundle) {
      const entries = new Set<string>()
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk' && file.isEntry) entries.add(file.fileName)
      }
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue
        const shared = [...file.imports, ...file.dynamicImports].find((name) => entries.has(name))
        if (shared !== undefined) {
          this.error(`${file.fileName} imports the entry ${shared}: move what they share to src/lib/.`)
        }
      }
    },
  }
}
