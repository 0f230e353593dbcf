import { useEffect, useMemo, useRef } from 'react'
import { setUpMonaco, type editor } from '../editor/monaco-setup.ts'
import { PROMPT_LANGUAGE } from '../editor/prompt-language.ts'
import { useEditorTheme } from '../editor/use-editor-theme.ts'
import classes from './versions.module.css'

const OPTIONS: editor.IDiffEditorConstructionOptions = {
  automaticLayout: true,
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

/** Two texts compared. Monaco wants its models taken away from the widget before they are disposed, hence by hand. */
export function TextDiff({ before, after, json }: { before: string; after: string; json: boolean }) {
  const monaco = useMemo(setUpMonaco, [])
  const place = useRef<HTMLDivElement>(null)
  const widget = useRef<editor.IStandaloneDiffEditor>(undefined)
  useEditorTheme(monaco)

  useEffect(() => {
    if (!place.current) return
    const diff = monaco.editor.createDiffEditor(place.current, OPTIONS)
    widget.current = diff
    return () => {
      widget.current = undefined
      diff.dispose()
    }
  }, [monaco])

  useEffect(() => {
    const diff = widget.current
    if (!diff) return
    const language = json ? 'plaintext' : PROMPT_LANGUAGE
    const original = monaco.editor.createModel(before, language)
    const modified = monaco.editor.createModel(after, language)
    diff.setModel({ original, modified })
    diff.getOriginalEditor().updateOptions({ ariaLabel: 'Before' })
    diff.getModifiedEditor().updateOptions({ ariaLabel: 'After' })
    return () => {
      // Absent when the widget itself is gone already.
      widget.current?.setModel(null)
      original.dispose()
      modified.dispose()
    }
  }, [monaco, before, after, json])

  return <div ref={place} className={classes.editors} />
}
