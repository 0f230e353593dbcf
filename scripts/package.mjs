import { build } from './build.mjs'
import { binOf, runNode } from './run.mjs'
import { stageRuntime } from './stage-runtime.mjs'

/** Packs the desktop app for this platform into dist/; flags go to electron-builder (`--dir` for an unpacked folder). */
const code = await build()
if (code !== 0) process.exit(code)
stageRuntime()
process.exitCode = await runNode([binOf('electron-builder'), '--publish', 'never', ...process.argv.slice(2)])
