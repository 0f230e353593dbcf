import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)

/** The Node 24 that the project brings along, whichever Node started this script. */
export const NODE = require.resolve(process.platform === 'win32' ? 'node/bin/node.exe' : 'node/bin/node')

/** The JavaScript file behind a package's command, so that no shell and no `.cmd` file is needed on any platform. */
export function binOf(packageName, command = packageName) {
  const manifestFile = join(ROOT, 'node_modules', packageName, 'package.json')
  const { bin } = require(manifestFile)
  return join(dirname(manifestFile), typeof bin === 'string' ? bin : bin[command])
}

/** Runs Node on `args` and resolves to its exit code; output goes straight through. */
export function runNode(args, { env = process.env, cwd = ROOT, stdio = 'inherit' } = {}) {
  return run(NODE, args, { env, cwd, stdio })
}

export function run(command, args, { env = process.env, cwd = ROOT, stdio = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio })
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)))
  })
}
