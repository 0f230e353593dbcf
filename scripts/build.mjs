import { bundleRuntime } from './bundle-runtime.mjs'
import { binOf, runNode } from './run.mjs'
import { isStale, markBuilt } from './stale.mjs'

/**
 * Builds what runs into out/: the host by tsc, the runtime bundled behind it, page and shell by electron-vite. `--force` builds even if
 * nothing changed, `--server` leaves out page and shell.
 */
export async function build({ force = false, server = false } = {}) {
  if (!force && !isStale()) return 0
  for (const project of ['core', 'host', 'agent-runtime']) {
    const code = await runNode([binOf('typescript', 'tsc'), '-b', project])
    if (code !== 0) return code
  }
  await bundleRuntime()
  if (server) return 0
  const code = await runNode([binOf('electron-vite'), 'build', '--logLevel', 'warn'])
  if (code === 0) markBuilt()
  return code
}

const has = (flag) => process.argv.includes(flag)
if (process.argv[1] === import.meta.filename) process.exitCode = await build({ force: has('--force'), server: has('--server') })
