// Builds the city wing's styles and islands into src/lamplighter/city/static/built.
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

import { refuseSharedEntries } from './vite/entries.ts'
import { schemeColours } from './vite/scheme-colours.ts'
import { iconSprite } from './vite/sprite.ts'
import { uswdsLicense } from './vite/uswds-license.ts'

const here = (path: string): string => resolve(import.meta.dirname, path)

const ENTRIES = [
  'early', 'app', 'intake', 'board', 'field', 'incident', 'policies', 'rehearsal', 'gallery',
]

export default defineConfig({
  base: './', // files find each other by relative address, so STATIC_URL may be anything
  publicDir: here('public'),
  resolve: {
    alias: {
      '@': here('src'),
      'uswds-img': here('node_modules/@uswds/uswds/dist/img'),
      'uswds-fonts-files': here('node_modules/@uswds/uswds/dist/fonts'),
    },
  },
  css: {
    preprocessorOptions: {
      scss: { loadPaths: [here('node_modules/@uswds/uswds/packages')], quietDeps: true },
    },
    postcss: { plugins: [schemeColours()] },
  },
  plugins: [
    iconSprite({ own: here('icons'), uswds: here('node_modules/@uswds/uswds/dist/img/usa-icons') }),
    uswdsLicense(here('node_modules/@uswds/uswds/LICENSE.md')),
    refuseSharedEntries(),
  ],
  worker: { format: 'es', rollupOptions: { output: { entryFileNames: 'chunks/[name]-[hash].js' } } },
  build: {
    outDir: here('../src/lamplighter/city/static/built'),
    emptyOutDir: true,
    assetsInlineLimit: 0, // nothing inline: the pages' Content-Security-Policy allows files only
    chunkSizeWarningLimit: 1200, // MapLibre, alone in its chunk, loaded only where a map is
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    target: 'es2022',
    license: { fileName: 'licenses.md' },
    rollupOptions: {
      checks: { eval: false }, // htmx holds one; app.ts switches it off (allowEval)
      input: {
        ...Object.fromEntries(ENTRIES.map((name) => [name, here(`src/${name}.ts`)])),
        styles: here('src/styles/app.scss'),
      },
      output: {
        entryFileNames: '[name].js', // Django's manifest storage adds the hash
        chunkFileNames: 'chunks/[name]-[hash].js', // imported by address, so hashed here
        assetFileNames: (asset) => assetName(asset.names[0] ?? ''),
      },
    },
  },
})

function assetName(name: string): string {
  if (name === 'styles.css') return 'app.css'
  if (name.endsWith('.css')) {
    // A page links its island's sheet; the sheet of a chunk is loaded by address, so hashed here.
    return ENTRIES.includes(name.slice(0, -4)) ? '[name].css' : 'chunks/[name]-[hash].css'
  }
  if (name.endsWith('.woff2')) return 'fonts/[name].[ext]'
  return 'img/[name].[ext]'
}
