import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** The shell runs in every Electron from 22 on: what came later, or has gone since, is not there everywhere. */
const NOT_EVERYWHERE = [
  ...[
    'protocol.handle',
    'protocol.unhandle',
    'net.fetch',
    'session.fetch',
    'net.resolveHost',
    'getSelectedStorageBackend',
    'setUsePlainTextEncryption',
  ],
  ...[
    'navigationHistory',
    'will-frame-navigate',
    'WebContentsView',
    'BaseWindow',
    'getPathForFile',
    'registerPreloadScript',
    'getPreloadScripts',
  ],
  ...['app.setProxy', 'executeInMainWorld', 'prefersReducedTransparency', 'utilityProcess'],
  ...[
    'ipcRenderer.sendTo',
    "'crashed'",
    'renderer-process-crashed',
    'gpu-process-crashed',
    'getPrinters',
    'TrafficLightPosition',
    'clipboard.',
  ],
]

const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
)

test.each(sources)('%s uses nothing that Electron 22 lacks or that has gone since', (file) => {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8')
  expect(NOT_EVERYWHERE.filter((name) => text.includes(name))).toEqual([])
})
