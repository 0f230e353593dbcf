import { mkdtempSync, mkdirSync, copyFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { openStudioPage } from './studio-page.ts'
import { launchBrowser, serveFolder, timeUntil } from './page-timer.ts'
import type { Measure } from './measure.ts'

const PAGES = join(import.meta.dirname, 'pages')
const EDITOR = '#/agents/pte-interview-agent-v1/prompt'

async function peers(): Promise<{ origin: string; close: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-pages-'))
  mkdirSync(folder, { recursive: true })
  await build({
    root: PAGES,
    logLevel: 'error',
    base: './',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'chrome108',
      chunkSizeWarningLimit: 20_000,
      rolldownOptions: { input: join(PAGES, 'full-monaco.html') },
    },
    worker: { format: 'es' },
  })
  copyFileSync(join(PAGES, 'blank.html'), join(folder, 'blank.html'))
  const { origin, server } = await serveFolder(folder)
  return {
    origin,
    close: () => {
      server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const pageMeasure = (options: {
  id: string
  name: string
  peer: string
  most: number
  ours: string
  peerPath: string
  peerSelector: string
}): Measure => ({
  id: options.id,
  name: options.name,
  peer: options.peer,
  unit: 'ms',
  goal: { kind: 'ratio', most: options.most },
  prepare: async () => {
    const [browser, other] = await Promise.all([launchBrowser(), peers()])
    const studio = await openStudioPage(browser, {})
    const plain = await browser.newContext()
    return {
      ours: () => timeUntil(studio.context, `${studio.origin}/${EDITOR}`, options.ours),
      peer: () => timeUntil(plain, `${other.origin}/${options.peerPath}`, options.peerSelector),
      close: async () => {
        await browser.close()
        await studio.close()
        other.close()
      },
    }
  },
})

/** P8: from opening the page to the first moment in which the prompt can be typed into. */
export const shellUsable = pageMeasure({
  id: 'P8',
  name: 'page usable: the prompt can be typed into',
  peer: 'a blank page with a text box',
  most: 3,
  ours: 'textarea[aria-label="Instructions"]:not([readonly]), [data-ready="true"] .monaco-editor',
  peerPath: 'blank.html',
  peerSelector: 'textarea',
})

/** P8: from opening the page to the editor with highlighting, completion and lint. */
export const editorUsable = pageMeasure({
  id: 'P8',
  name: 'page: the editor is up',
  peer: 'full Monaco alone in a page',
  most: 0.6,
  ours: '[data-ready="true"] .monaco-editor .view-line',
  peerPath: 'full-monaco.html',
  peerSelector: '[data-ready="true"] .monaco-editor .view-line',
})
