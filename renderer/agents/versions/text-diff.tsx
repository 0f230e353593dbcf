import { DiffEditor } from '@monaco-editor/react'
import { useMemo } from 'react'
import { setUpMonaco, type editor } from '../editor/monaco-setup.ts'
import { PROMPT_LANGUAGE } from '../editor/prompt-language.ts'
import { EDITOR_THEME, useEditorTheme } from '../editor/use-editor-theme.ts'

const OPTIONS: editor.IDiffEditorConstructionOptions = {
  automaticLayout: true,
  originalAriaLabel: 'Before',
  modifiedAriaLabel: 'After',
  fontFamily: 'var(--font-mono)',
  fontSize: 12,
  lineHeight: 19,
  hideUnchangedRegions: { enabled: true },
  minimap: { enabled: false },
  overviewRulerLanes: 0,
  readOnly: true,
  renderOverviewRuler: false,
  renderSideBySideInlineBreakpoint: 620,
  scrollBeyondLastLine: false,
  useInlineViewWhenSpaceIsLimited: true,
  wordWrap: 'on',
}

export function TextDiff({ before, after, json }: { before: string; after: string; json: boolean }) {
  const monaco = useMemo(setUpMonaco, [])
  useEditorTheme(monaco)
  return (
    <DiffEditor
      original={before}
      modified={after}
      language={json ? 'plaintext' : PROMPT_LANGUAGE}
      theme={EDITOR_THEME}
      loading={null}
      options={OPTIONS}
    />
  )
}
