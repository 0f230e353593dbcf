import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, chromium, _electron as electron, type BrowserContext, type Page } from '@playwright/test'

const ROOT = join(import.meta.dirname, '..')
const NODE = process.env.GREENROOM_NODE ?? process.execPath
/** Chromium's own traffic (updates, look-ups) has no place in a test. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--autoplay-policy=no-user-gesture-required',
]

export type Studio = Readonly<{
  page: Page
  dataDir: string
  /** Does `act`, which saves a file, and lets it land at `file`: as a download, or by the native dialog. */
  saveTo: (file: string, act: () => Promise<void>) => Promise<void>
  /** Does `act`, which asks for a file, and answers with `file`. */
  pick: (file: string, act: () => Promise<void>) => Promise<void>
  /** Addresses that its pages have asked beyond the studio's own: none, ever. */
  strayed: readonly string[]
  kill: (signal: NodeJS.Signals) => void
  close: () => Promise<void>
}>

export type OpenOptions = Readonly<{
  /** The microphone: a WAV that is played once, from the moment it is opened. */
  wav?: string
  /** It begins again whenever it has ended. */
  again?: boolean
  dataDir?: string
  /** Folder of the built-in models; absent: that of the tests, if there is one. null: the studio's own. */
  models?: string | null
  env?: Readonly<Record<string, string>>
  width?: number
  height?: number
}>

type Fixtures = { dataDir: string; openStudio: (options?: OpenOptions) => Promise<Studio> }

/** A studio from an empty data folder: the host with Chromium, or the Electron shell with its own host. */
export const test = base.extend<Fixtures>({
  dataDir: async ({}, use) => {
    const dir = mkdtempSync(join(tmpdir(), 'greenroom e2e é-'))
    await use(dir)
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  },
  openStudio: async ({ dataDir }, use, testInfo) => {
    const open: Studio[] = []
    await use(async (options = {}) => {
      const start = testInfo.project.name === 'electron' ? openInElectron : openInBrowser
      const studio = await start({ ...options, dataDir: options.dataDir ?? dataDir })
      open.push(studio)
      return studio
    })
    await Promise.all(open.map((studio) => studio.close()))
    expect(open.flatMap(({ strayed }) => strayed)).toEqual([])
  },
})
export { expect }

const hostEnv = (extra: OpenOptions['env']) =>
  ({ ...process.env, GREENROOM_SECRET_KEY: 'only for tests', ...extra }) as Record<string, string>
const modelFlags = ({ models = process.env.GREENROOM_TEST_MODELS ?? null }: OpenOptions) => (models ? ['--models', models] : [])
const microphone = ({ wav, again = false }: OpenOptions) => [
  '--use-fake-device-for-media-stream',
  ...(wav ? [`--use-file-for-fake-audio-capture=${wav}${again ? '' : '%noloop'}`] : []),
]

async function openInBrowser(options: OpenOptions & { dataDir: string }): Promise<Studio> {
  const host = spawn(NODE, [join(ROOT, 'out/host/main.js'), '--data', options.dataDir, ...modelFlags(options)], {
    env: hostEnv(options.env),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await loginUrl(host)
  const browser = await chromium.launch({
    executablePath: process.env.GREENROOM_TEST_BROWSER!,
    args: [
      ...QUIET,
      '--use-fake-ui-for-media-stream',
      ...microphone(options),
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  })
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    acceptDownloads: true,
  })
  await context.grantPermissions(['microphone', 'clipboard-read', 'clipboard-write'], { origin: new URL(url).origin })
  const strayed = straysOf(context, () => new URL(url).host)
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('navigation', { name: 'Screens' }).waitFor()
  return {
    page,
    strayed,
    dataDir: options.dataDir,
    kill: (signal) => host.kill(signal),
    close: () => closeAll(browser, host),
    saveTo: async (file, act) => {
      const [download] = await Promise.all([page.waitForEvent('download'), act()])
      await download.saveAs(file)
    },
    pick: async (file, act) => {
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), act()])
      await chooser.setFiles(file)
    },
  }
}

/** Whoever opens a studio sends nothing to anybody, not even a look for updates. */
function straysOf(context: BrowserContext, own: () => string): string[] {
  const strayed: string[] = []
  const note = (address: string) => {
    const { protocol, host } = new URL(address)
    if (/^(https?|wss?):$/.test(protocol) && host !== own()) strayed.push(address)
  }
  const follow = (page: Page) => page.on('websocket', (socket) => note(socket.url()))
  context.on('request', (request) => note(request.url()))
  context.on('page', follow)
  context.pages().forEach(follow)
  return strayed
}

async function closeAll(browser: { close: () => Promise<void> }, host: ChildProcess) {
  await browser.close()
  if (host.exitCode !== null || host.signalCode !== null) return
  const gone = new Promise((resolve) => host.once('exit', resolve))
  host.kill('SIGTERM')
  await gone
}

function loginUrl(host: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    host.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const url = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(output)?.[0]
      if (url) resolve(url)
    })
    host.once('exit', (code) => reject(new Error(`the host ended with ${code} before it was ready:\n${output}`)))
  })
}

async function openInElectron(options: OpenOptions & { dataDir: string }): Promise<Studio> {
  const app = await electron.launch({
    executablePath: process.env.GREENROOM_TEST_ELECTRON!,
    args: [...microphone(options), ROOT, '--data', options.dataDir, ...modelFlags(options)],
    env: { ...hostEnv(options.env), GREENROOM_NODE: NODE, GREENROOM_USER_DATA: join(options.dataDir, 'shell') },
    cwd: ROOT,
  })
  const shell = app.process()
  const page = await app.firstWindow()
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/(?!\?token)/)
  const strayed = straysOf(app.context(), () => new URL(page.url()).host)
  await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height), {
    width: options.width ?? 1440,
    height: options.height ?? 900,
  })
  return {
    page,
    strayed,
    dataDir: options.dataDir,
    kill: (signal) => shell.kill(signal),
    close: () => app.close().catch(() => undefined),
    saveTo: async (file, act) => {
      await app.evaluate(({ dialog }, filePath) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
      }, file)
      await act()
      await expect.poll(() => existsSync(file)).toBe(true)
    },
    pick: async (file, act) => {
      await app.evaluate(({ dialog }, path) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
      }, file)
      await act()
    },
  }
}
