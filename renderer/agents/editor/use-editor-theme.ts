import { useComputedColorScheme } from '@mantine/core'
import { useEffect } from 'react'
import { editorTheme } from './editor-theme.ts'
import type { Monaco } from './monaco-setup.ts'

export const EDITOR_THEME = 'greenroom'

/** Keeps the editors in the studio's colours when the theme changes. */
export function useEditorTheme(monaco: Monaco): void {
  const scheme = useComputedColorScheme('dark')
  useEffect(() => {
    monaco.editor.defineTheme(EDITOR_THEME, editorTheme(scheme))
    monaco.editor.setTheme(EDITOR_THEME)
  }, [monaco, scheme])
}
