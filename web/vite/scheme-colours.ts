// Turns the colours that USWDS compiles in into custom properties, so one sheet serves both schemes.
import type { Declaration, PluginCreator } from 'postcss'

/** The theme's colours (see src/styles/_theme.scss) and the properties that stand for them. */
const PROPERTY_OF: Record<string, string> = {
  '#f1ede4': '--sunken',
  '#d9d2c4': '--line',
  '#bfb7a7': '--line-firm',
  '#857c6b': '--line-strong',
  '#71695b': '--line-strong',
  '#4c5567': '--ink-soft',
  '#2a3345': '--ink',
  '#1a2333': '--ink',
  '#1b1b1b': '--ink',
  '#e4ecf7': '--action-tint',
  '#b9cbe6': '--action-tint',
  '#1e4480': '--action',
  '#1f4683': '--action',
  '#173666': '--action-hover',
  '#10284f': '--action-press',
  '#1d4e89': '--link',
  '#163c6b': '--link-hover',
  '#54278f': '--link-visited',
  '#fbe9e6': '--danger-tint',
  '#eeb4ab': '--danger-line',
  '#b3261e': '--danger',
  '#931d17': '--danger-hover',
  '#73140f': '--danger-press',
  '#fff3d6': '--caution-tint',
  '#f6d58b': '--caution-tint',
  '#e0a526': '--caution',
  '#8a5a00': '--caution-ink',
  '#6f4800': '--caution-ink',
  '#e3f3ea': '--good-tint',
  '#a5d6bb': '--good-tint',
  '#1f7a4d': '--good',
  '#17623d': '--good',
  '#104c2e': '--good',
  '#e2f0f7': '--note-tint',
  '#a8d2e6': '--note-tint',
  '#1f6f96': '--note',
  '#185a7a': '--note',
  '#114761': '--note',
  '#e5e2db': '--disabled',
  '#b8b2a5': '--disabled',
  '#6b675f': '--disabled-ink',
  '#57534c': '--disabled-ink',
  '#45423c': '--disabled-ink',
  '#2491ff': '--focus',
  // What USWDS takes from its own palette, whatever the theme says.
  '#919191': '--line-strong',
  '#c3ebfa': '--action-tint',
  '#c9c9c9': '--disabled',
  '#e6e6e6': '--disabled',
  'rgba(29, 78, 137, 0.1)': '--action-tint',
}

/** White is a surface when it lies behind, and the text of a filled button when it lies in front. */
const WHITE_BEHIND = /^(background|box-shadow|border)/
const COLOUR = /#[0-9a-f]{3,8}\b|rgba?\([^)]*\)/gi
const WHITE = /(?<![\w-])(white|#fff|#ffffff)(?![\w-])/gi

/** Replaces every theme colour in app.scss; refuses a colour that no custom property stands for. */
export const schemeColours: PluginCreator<void> = () => ({
  postcssPlugin: 'scheme-colours',
  Declaration(declaration: Declaration) {
    const file = declaration.source?.input.file ?? ''
    if (!file.includes('app.scss') || declaration.prop.startsWith('--')) return
    const value = declaration.value
      .replace(WHITE, WHITE_BEHIND.test(declaration.prop) ? 'var(--surface)' : 'var(--on-action)')
      .replace(COLOUR, (colour) => {
        const property = PROPERTY_OF[colour.toLowerCase()]
        if (property === undefined) {
          throw declaration.error(`${colour} is no colour of the look; use a property of _tokens.scss.`)
        }
        return `var(${property})`
      })
    if (value !== declaration.value) declaration.value = value
  },
})
schemeColours.postcss = true
