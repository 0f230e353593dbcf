import * as monaco from 'monaco-editor'
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker'

/** Monaco as its package comes, with every language and feature: what ours is compared with. */
Object.assign(self, { MonacoEnvironment: { getWorker: () => new EditorWorker() } })
const editor = monaco.editor.create(document.querySelector<HTMLElement>('#editor')!, { value: '# Hello', language: 'markdown' })
document.body.dataset.ready = String(editor.getModel() !== null)
