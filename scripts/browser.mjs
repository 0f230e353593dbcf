import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'msedge']
const USUAL = {
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
  linux: [],
}

/** A Chromium that tests can drive: the system's, else Playwright's, else Debian's package when root; else says what to install. */
export async function findBrowser() {
  const found = onPath() ?? (await playwrights()) ?? debians()
  if (found) return found
  throw new Error(
    'No Chromium was found for the end-to-end tests.\n' +
      'Install one of: Chromium or Chrome from your system, or `npx playwright install chromium`; or set GREENROOM_TEST_BROWSER to its path.',
  )
}

function onPath() {
  const given = process.env.GREENROOM_TEST_BROWSER
  if (given) return given
  const folders = (process.env.PATH ?? '').split(delimiter)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const candidates = [
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name + suffix))),
    ...(USUAL[process.platform] ?? []),
  ]
  return candidates.find((path) => existsSync(path))
}

async function playwrights() {
  const { chromium } = await import('@playwright/test')
  const installed = () => (existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined)
  return (
    installed() ??
    (installBy(process.execPath, [join('node_modules', '@playwright', 'test', 'cli.js'), 'install', 'chromium'])
      ? installed()
      : undefined)
  )
}

function debians() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  installBy('apt-get', ['update', '-qq'], env)
  installBy('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], env)
  return onPath()
}

function installBy(command, args, env = process.env) {
  console.log(`fetching a browser for the tests: ${command} ${args.slice(-2).join(' ')} …`)
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 300_000, env })
    return true
  } catch (error) {
    console.log(`  that did not work (${String(error.message).split('\n')[0]})`)
    return false
  }
}
