import type { editor } from './monaco-setup.ts'

/** Monaco wants colours as hex, so they are read from the tokens of the theme that is on. */
export function editorTheme(
  scheme: 'dark' | 'light',
  styles = getComputedStyle(document.documentElement),
): editor.IStandaloneThemeData {
  const hex = (name: string) => sixDigits(styles.getPropertyValue(`--${name}`).trim())
  const token = (name: string) => `#${hex(name)}`
  return {
    base: scheme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: '', foreground: hex('text') },
      { token: 'heading', foreground: hex('accent-text'), fontStyle: 'bold' },
      { token: 'strong', foreground: hex('text'), fontStyle: 'bold' },
      { token: 'list', foreground: hex('accent-text') },
      { token: 'quote', foreground: hex('dim'), fontStyle: 'italic' },
      { token: 'code', foreground: hex('str') },
      { token: 'comment', foreground: hex('faint'), fontStyle: 'italic' },
      { token: 'liquid.delimiter', foreground: hex('variable') },
      { token: 'liquid.variable', foreground: hex('variable') },
      { token: 'liquid.keyword', foreground: hex('voice') },
      { token: 'liquid.filter', foreground: hex('voice') },
      { token: 'liquid.string', foreground: hex('str') },
      { token: 'liquid.number', foreground: hex('num') },
      { token: 'string.key.json', foreground: hex('key') },
    ],
    colors: {
      'editor.background': token('editor'),
      'editor.foreground': token('text'),
      'editorLineNumber.foreground': token('faint'),
      'editorLineNumber.activeForeground': token('text'),
      'editor.lineHighlightBackground': token('panel'),
      'editor.lineHighlightBorder': token('editor'),
      'editorCursor.foreground': token('accent'),
      'editorWidget.background': token('panel'),
      'editorWidget.foreground': token('text'),
      'editorWidget.border': token('line'),
      'editorSuggestWidget.background': token('panel'),
      'editorSuggestWidget.foreground': token('text'),
      'editorSuggestWidget.selectedBackground': token('accent-bg'),
      'editorSuggestWidget.selectedForeground': token('text'),
      'editorSuggestWidget.highlightForeground': token('accent-text'),
      'editorSuggestWidget.focusHighlightForeground': token('accent-text'),
      'editorSuggestWidget.selectedIconForeground': token('text'),
      'editorHoverWidget.background': token('panel'),
      'editorHoverWidget.border': token('line'),
      'diffEditor.insertedLineBackground': `${token('accent-bg')}a0`,
      'diffEditor.removedLineBackground': `${token('bad-bg')}a0`,
      'diffEditor.insertedTextBackground': `${token('accent')}40`,
      'diffEditor.removedTextBackground': `${token('bad')}40`,
      'diffEditor.unchangedRegionBackground': token('panel'),
      'diffEditor.unchangedRegionForeground': token('dim'),
      'editorError.foreground': token('bad'),
      'editorWarning.foreground': token('warn'),
      'editorInfo.foreground': token('info'),
      focusBorder: token('accent'),
    },
  }
}

/** Minified style sheets say #fff, an editor theme wants ffffff. */
const sixDigits = (color: string): string => {
  const digits = color.replace('#', '')
  return digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits
}
