import { lazy, Suspense, useCallback, useLayoutEffect, useRef, useState } from 'react'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'
import type { editor } from '../editor/monaco-setup.ts'
import type { Finding } from '../workspace/check-document.ts'
import type { PromptWords } from './completions.ts'
import classes from './prompt-editor.module.css'

const MonacoPrompt = lazy(async () => ({ default: (await import('./monaco-prompt.tsx')).MonacoPrompt }))

type Props = Readonly<{
  text: string
  words: PromptWords
  findings: readonly Finding[]
  read_only: boolean
  onChange: (text: string) => void
}>

/** Typing works from the first moment: a plain text box stands here until Monaco is up, then hands over text, caret and focus. */
export function PromptEditor(props: Props) {
  const [ready, setReady] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  const mounted = useRef<editor.IStandaloneCodeEditor>(undefined)
  const focused = useRef(false)
  const handOver = useCallback((editor: editor.IStandaloneCodeEditor) => {
    const plain = box.current
    const model = editor.getModel()
    if (plain && model) {
      // What was typed between the last render and now.
      if (plain.value !== model.getValue()) model.setValue(plain.value)
      editor.setPosition(model.getPositionAt(plain.selectionEnd))
      editor.setScrollTop(plain.scrollTop)
      focused.current = document.activeElement === plain
    }
    mounted.current = editor
    setReady(true)
  }, [])
  // Only now may it have the focus: until this render it was inert.
  useLayoutEffect(() => {
    if (ready && focused.current) mounted.current?.focus()
  }, [ready])

  return (
    <div className={classes.editor} data-ready={ready} data-pointer="/prompt_config/instructions">
      {!ready && (
        <textarea
          ref={box}
          className={classes.plain}
          aria-label="Instructions"
          spellCheck={false}
          readOnly={props.read_only}
          value={props.text}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
      <div className={classes.monaco} aria-hidden={!ready} inert={!ready}>
        <ErrorBoundary place="monaco">
          <Suspense fallback={null}>
            <MonacoPrompt {...props} onReady={handOver} />
          </Suspense>
        </ErrorBoundary>
      </div>
    </div>
  )
}
