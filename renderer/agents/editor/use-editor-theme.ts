import { useEffect } from 'react'
import { editorTheme } from './editor-theme.ts'
import type { Monaco } from './monaco-setup.ts'

export const EDITOR_THEME = 'greenroom'
const SCHEME = 'data-mantine-color-scheme'

/** Keeps the editors in the studio's colours, also while the theme changes. */
export function useEditorTheme(monaco: Monaco): void {
  useEffect(() => {
    const page = document.documentElement
    // The tokens follow this attribute, which changes after the components have been drawn anew: only then are they worth reading.
    const apply = () => {
      monaco.editor.defineTheme(EDITOR_THEME, editorTheme(page.getAttribute(SCHEME) === 'light' ? 'light' : 'dark'))
      monaco.editor.setTheme(EDITOR_THEME)
    }
    apply()
    const observer = new MutationObserver(apply)
    observer.observe(page, { attributes: true, attributeFilter: [SCHEME] })
    return () => observer.disconnect()
  }, [monaco])
}
