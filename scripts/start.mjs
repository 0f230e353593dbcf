import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from './build.mjs'
import { isStale } from './stale.mjs'
import { NODE, ROOT, runNode } from './run.mjs'

/** Opens the studio: builds what is stale, then a window when Electron's binary can be had, otherwise the browser. */
const FETCH_TIMEOUT_MS = 120_000

if (isStale()) {
  console.log('building the studio …')
  const code = await build()
  if (code !== 0) process.exit(code)
}

const flags = process.argv.slice(2)
const electron = flags.includes('--browser') ? undefined : await findElectron()
if (electron) {
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const env = { ...process.env, GREENROOM_NODE: NODE }
  const child = spawn(electron, [...sandbox, ROOT, ...flags], { stdio: 'inherit', env })
  child.on('exit', (code) => process.exit(code ?? 1))
} else {
  console.log('Electron is not here, so the studio opens in your browser; it is the same studio.')
  process.exitCode = await runNode(['out/host/main.js', '--open', ...flags.filter((flag) => flag !== '--browser')])
}

async function findElectron() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined
  return electronBinary() ?? (await fetchElectron())
}

function electronBinary() {
  const given = process.env.GREENROOM_TEST_ELECTRON
  if (given && existsSync(given)) return given
  const folder = join(ROOT, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(binary) ? binary : undefined
}

/** The electron package brings its binary at first use; without a network the browser serves as well. */
async function fetchElectron() {
  const installer = join(ROOT, 'node_modules', 'electron', 'install.js')
  if (!existsSync(installer)) return undefined
  console.log('fetching Electron (once, about 120 MB; Ctrl+C leaves it for later) …')
  const child = spawn(NODE, [installer], {
    cwd: dirname(installer),
    stdio: ['ignore', 'inherit', 'ignore'],
    timeout: FETCH_TIMEOUT_MS,
  })
  const code = await new Promise((resolve) => child.on('exit', resolve))
  if (code !== 0) console.log('  Electron could not be fetched.')
  return electronBinary()
}
