import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import open from 'open'
import { build } from './build.mjs'
import { isStale } from './stale.mjs'
import { NODE, ROOT, run } from './run.mjs'

/** Opens the studio: builds what is stale, then a window when Electron's binary can be had, otherwise the browser. */
const FETCH_TIMEOUT_MS = 120_000

if (isStale()) {
  console.log('building the studio …')
  const code = await build()
  if (code !== 0) process.exit(code)
}

const OURS = ['--browser', '--no-open']
const given = process.argv.slice(2)
const flags = given.filter((flag) => !OURS.includes(flag))
const electron = given.includes('--browser') ? undefined : await findElectron()
// Ctrl+C reaches the whole group: the studio ends in good order, and this script after it.
process.on('SIGINT', () => {})
process.exitCode = electron ? await startWindow(electron) : await startInBrowser()

function startWindow(electron) {
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return run(electron, [...sandbox, ROOT, ...flags], { env: { ...process.env, GREENROOM_NODE: NODE } })
}

/** The host prints a link that logs in once; it is opened where there is somebody to look at it. */
async function startInBrowser() {
  console.log('Electron is not here, so the studio opens in your browser; it is the same studio.')
  const host = spawn(NODE, [join(ROOT, 'out', 'host', 'main.js'), ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  host.stdout.on('data', (chunk) => {
    process.stdout.write(chunk)
    const url = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(String(chunk))?.[0]
    if (url && !given.includes('--no-open') && hasDisplay()) void open(url)
  })
  return new Promise((resolve) => host.on('exit', (code) => resolve(code ?? 1)))
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

async function findElectron() {
  if (!hasDisplay()) return undefined
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
