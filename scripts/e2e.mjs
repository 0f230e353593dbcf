import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findBrowser } from './browser.mjs'
import { build } from './build.mjs'
import { binOf, NODE, run, runNode } from './run.mjs'

/** Builds, finds the browser (and Electron and a display for it, when they are there) and runs the end-to-end suite. */
const code = await build()
if (code !== 0) process.exit(code)

const env = { ...process.env, GREENROOM_TEST_BROWSER: await findBrowser(), GREENROOM_NODE: NODE }
const onPath = (name) => (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)))
const needsDisplay = process.platform === 'linux' && !process.env.DISPLAY
if (!env.GREENROOM_TEST_ELECTRON)
  console.log('Electron: not run, GREENROOM_TEST_ELECTRON names no binary (the same suite runs in the browser)')
else if (needsDisplay && !onPath('xvfb-run')) {
  console.log('Electron: not run, there is no display and no xvfb-run')
  delete env.GREENROOM_TEST_ELECTRON
}
if (!env.GREENROOM_TEST_MODELS) console.log('Built-in speech: not run, GREENROOM_TEST_MODELS names no folder of weights')
if (!env.GREENROOM_LIVEKIT_SERVER && !onPath('livekit-server'))
  console.log('LiveKit rooms: not run, no livekit-server is on PATH or named by GREENROOM_LIVEKIT_SERVER')

const wrapped = env.GREENROOM_TEST_ELECTRON && needsDisplay
const playwright = (args) => {
  const all = [binOf('@playwright/test', 'playwright'), 'test', ...args]
  return wrapped ? run('xvfb-run', ['-a', NODE, ...all], { env }) : runNode(all, { env })
}
const wanted = process.argv.slice(2)
// Sound and processes that are killed have the machine for themselves; what is only page runs two at a time.
const runs =
  wanted.length > 0
    ? [wanted]
    : [
        ['--project=pages', '--workers=2', '--output=test-results/pages'],
        ['--project=browser', '--output=test-results/calls', ...(env.GREENROOM_TEST_ELECTRON ? ['--project=electron'] : [])],
      ]
for (const args of runs) if ((await playwright(args)) !== 0) process.exitCode = 1
