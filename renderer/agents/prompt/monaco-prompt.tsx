import Editor from '@monaco-editor/react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { setUpMonaco, type editor, type Monaco } from '../editor/monaco-setup.ts'
import { PROMPT_LANGUAGE } from '../editor/prompt-language.ts'
import { EDITOR_THEME, useEditorTheme } from '../editor/use-editor-theme.ts'
import { useReveal } from '../workspace/reveal.ts'
import type { Finding } from '../workspace/check-document.ts'
import { suggest, type PromptWords } from './completions.ts'
import { findMarks, toDecorations, toMarkers } from './prompt-marks.ts'
import './prompt-marks.css'

type Props = Readonly<{
  text: string
  words: PromptWords
  findings: readonly Finding[]
  read_only: boolean
  onChange: (text: string) => void
  onReady: (editor: editor.IStandaloneCodeEditor) => void
}>

const OPTIONS: editor.IStandaloneEditorConstructionOptions = {
  ariaLabel: 'Instructions',
  automaticLayout: true,
  bracketPairColorization: { enabled: false },
  contextmenu: true,
  fixedOverflowWidgets: true,
  fontFamily: 'var(--font-mono)',
  fontSize: 13,
  lineHeight: 21,
  minimap: { enabled: false },
  overviewRulerLanes: 0,
  padding: { top: 10, bottom: 10 },
  quickSuggestions: { other: true, comments: false, strings: true },
  renderLineHighlight: 'line',
  scrollBeyondLastLine: false,
  tabFocusMode: false,
  unicodeHighlight: { ambiguousCharacters: false },
  wordBasedSuggestions: 'off',
  wordWrap: 'on',
  wrappingIndent: 'same',
}

/** The instructions in Monaco. It owns its text while it is open; text from outside is put in as one undoable edit. */
export function MonacoPrompt({ text, words, findings, read_only, onChange, onReady }: Props) {
  const monaco = useMemo(setUpMonaco, [])
  const [editor, setEditor] = useState<editor.IStandaloneCodeEditor>()
  const emitted = useRef(text)
  useEditorTheme(monaco)
  useCompletion(monaco, editor, words)
  useMarks(monaco, editor, text, words, findings)

  useEffect(() => {
    const model = editor?.getModel()
    if (!editor || !model || text === emitted.current) return
    emitted.current = text
    model.pushStackElement()
    model.pushEditOperations(null, [{ range: model.getFullModelRange(), text }], () => null)
    model.pushStackElement()
  }, [editor, text])

  useReveal(
    useCallback(
      ({ path, range }: Finding) => {
        const model = editor?.getModel()
        if (!editor || !model || !path.startsWith('/prompt_config/instructions')) return
        const start = model.getPositionAt(range?.start ?? 0)
        const end = model.getPositionAt(range?.end ?? range?.start ?? 0)
        editor.setSelection({
          startLineNumber: start.lineNumber,
          startColumn: start.column,
          endLineNumber: end.lineNumber,
          endColumn: end.column,
        })
        editor.revealLineInCenter(start.lineNumber)
        editor.focus()
      },
      [editor],
    ),
  )

  return (
    <Editor
      defaultValue={text}
      defaultLanguage={PROMPT_LANGUAGE}
      theme={EDITOR_THEME}
      loading={null}
      options={{ ...OPTIONS, readOnly: read_only }}
      onChange={(value = '') => {
        // Text that was put in from outside is nothing that somebody typed.
        if (value === emitted.current) return
        emitted.current = value
        onChange(value)
      }}
      onMount={(mounted) => {
        emitted.current = mounted.getValue()
        setEditor(mounted)
        onReady(mounted)
      }}
    />
  )
}

function useCompletion(monaco: Monaco, editor: editor.IStandaloneCodeEditor | undefined, words: PromptWords) {
  const latest = useRef(words)
  useEffect(() => {
    latest.current = words
  })
  useEffect(() => {
    if (!editor) return
    const { Variable, Field, Function } = monaco.languages.CompletionItemKind
    const kinds = { variable: Variable, field: Field, filter: Function }
    const provider = monaco.languages.registerCompletionItemProvider(PROMPT_LANGUAGE, {
      triggerCharacters: ['{', ' ', '|'],
      provideCompletionItems: (model, position, { triggerCharacter }) => {
        if (model !== editor.getModel()) return { suggestions: [] }
        const { lineNumber, column } = position
        const line = model.getLineContent(lineNumber).slice(0, column - 1)
        // A space in plain prose is no reason to open a list.
        if (triggerCharacter === ' ' && !/(\{\{|\{%)[^}]*$/.test(line)) return { suggestions: [] }
        if (triggerCharacter === '{' && !/\{[{%]$/.test(line)) return { suggestions: [] }
        const start = column - (/[A-Za-z_][\w.]*$/.exec(line)?.[0].length ?? 0)
        const range = { startLineNumber: lineNumber, endLineNumber: lineNumber, startColumn: start, endColumn: column }
        const pad = /\{\{-?$/.test(line.slice(0, start - 1)) ? ' ' : ''
        const closes = /\{\{[^}]*$/.test(line) && !/^\s*[^{]*\}\}/.test(model.getLineContent(lineNumber).slice(column - 1))
        return {
          suggestions: suggest(line, latest.current).map(({ label, insert, detail, kind }) => ({
            label,
            detail,
            range,
            kind: kinds[kind],
            insertText: kind === 'variable' && closes && !insert.startsWith('{{') ? `${pad}${insert} }}` : insert,
            insertTextRules: monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet,
          })),
        }
      },
    })
    return () => provider.dispose()
  }, [monaco, editor])
}

function useMarks(
  monaco: Monaco,
  editor: editor.IStandaloneCodeEditor | undefined,
  text: string,
  words: PromptWords,
  findings: readonly Finding[],
) {
  const names = words.fields.map(({ name }) => name).join(' ')
  const decorations = useRef<editor.IEditorDecorationsCollection>(undefined)
  useEffect(() => {
    const model = editor?.getModel()
    if (!editor || !model) return
    decorations.current ??= editor.createDecorationsCollection()
    decorations.current.set(toDecorations(model, findMarks(text, names.split(' ').filter(Boolean))))
  }, [editor, text, names])
  useEffect(() => {
    const model = editor?.getModel()
    if (model) monaco.editor.setModelMarkers(model, 'greenroom', toMarkers(monaco, model, findings))
  }, [monaco, editor, findings])
}
