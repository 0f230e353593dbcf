import { loader } from '@monaco-editor/react'
import * as monaco from 'monaco-editor/editor'
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker'
import 'monaco-editor/features/bracketMatching/register'
import 'monaco-editor/features/clipboard/register'
import 'monaco-editor/features/codicon/register'
import 'monaco-editor/features/contextmenu/register'
import 'monaco-editor/features/cursorUndo/register'
import 'monaco-editor/features/diffEditor/register'
import 'monaco-editor/features/find/register'
import 'monaco-editor/features/gotoError/register'
import 'monaco-editor/features/hover/register'
import 'monaco-editor/features/inlineCompletions/register'
import 'monaco-editor/features/lineSelection/register'
import 'monaco-editor/features/linesOperations/register'
import 'monaco-editor/features/multicursor/register'
import 'monaco-editor/features/smartSelect/register'
import 'monaco-editor/features/snippet/register'
import 'monaco-editor/features/suggest/register'
import 'monaco-editor/features/wordOperations/register'
import { PROMPT_LANGUAGE, promptTokens } from './prompt-language.ts'

/** Monaco from this origin, with what the studio uses and no more. Called once, by the lazy part that needs an editor. */
export function setUpMonaco(): typeof monaco {
  window.MonacoEnvironment = { getWorker: () => new EditorWorker() }
  monaco.languages.register({ id: PROMPT_LANGUAGE })
  monaco.languages.setMonarchTokensProvider(PROMPT_LANGUAGE, promptTokens)
  monaco.languages.setLanguageConfiguration(PROMPT_LANGUAGE, {
    autoClosingPairs: [{ open: '"', close: '"', notIn: ['string'] }],
    wordPattern: /[A-Za-z_][A-Za-z0-9_.]*/,
  })
  loader.config({ monaco })
  return monaco
}

export type Monaco = typeof monaco
export type { editor, IRange } from 'monaco-editor/editor'
