import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron as electron, expect, test as base, type ElectronApplication, type Page } from '@playwright/test'
import type { ShellBridge } from '../core/contract/shell.ts'
import { alive } from './processes.ts'

/** What only the shell does: the window, its guards, its dialogs, and the life of the host under it. */
const ELECTRON = process.env.GREENROOM_TEST_ELECTRON
const APP = join(import.meta.dirname, '..')
const NODE = process.env.GREENROOM_NODE ?? process.execPath
/** No process may be left this long after a death. */
const ORPHAN_LIMIT_MS = 2_000

type Shell = Readonly<{ app: ElectronApplication; page: Page; pid: number; dataDir: string }>
type Fixtures = { dataDir: string; openShell: () => Promise<Shell> }
type ShellWindow = Window & { greenroomShell?: ShellBridge }

const shellEnv = (dataDir: string) =>
  ({ ...process.env, GREENROOM_NODE: NODE, GREENROOM_USER_DATA: join(dataDir, 'shell') }) as Record<string, string>
const shellArgs = (dataDir: string) => ['--use-fake-device-for-media-stream', APP, '--data', dataDir]

const test = base.extend<Fixtures>({
  dataDir: async ({}, provide) => {
    const dir = mkdtempSync(join(tmpdir(), 'greenroom shell é-'))
    await provide(dir)
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  },
  openShell: async ({ dataDir }, provide) => {
    const apps: ElectronApplication[] = []
    await provide(async () => {
      const app = await electron.launch({ executablePath: ELECTRON!, args: shellArgs(dataDir), env: shellEnv(dataDir), cwd: APP })
      apps.push(app)
      const pid = app.process().pid!
      const page = await app.firstWindow()
      await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/(?!\?token)/)
      return { app, page, pid, dataDir }
    })
    await Promise.all(apps.map((app) => app.close().catch(() => undefined)))
  },
})

test.skip(!ELECTRON || !existsSync(ELECTRON), 'GREENROOM_TEST_ELECTRON names no Electron: the shell is not tried')

const hostPid = (dataDir: string): number => (JSON.parse(readFileSync(join(dataDir, 'host.json'), 'utf8')) as { pid: number }).pid

const expectGone = (pid: number) => expect.poll(() => alive([pid]), { timeout: ORPHAN_LIMIT_MS, intervals: [20] }).toEqual([])

test('the page is logged in, has no trace of Node, and gets three functions', async ({ openShell }) => {
  const { page } = await openShell()
  const seen = await page.evaluate(() => ({
    url: location.pathname + location.search,
    globals: ['require', 'process', 'module', 'ipcRenderer'].filter((name) => name in window),
    bridge: Object.keys((window as ShellWindow).greenroomShell ?? {}).sort(),
  }))
  expect(seen).toEqual({ url: '/', globals: [], bridge: ['chooseModel', 'onCommand', 'openBundle', 'saveBundle'] })
  await page.reload()
  expect(new URL(page.url()).pathname).toBe('/')
})

test('a second start shows the first window and ends', async ({ openShell, dataDir }) => {
  const { app } = await openShell()
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  const second = spawn(ELECTRON!, [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...shellArgs(dataDir)], {
    env: shellEnv(dataDir),
    stdio: 'ignore',
  })
  expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0)
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible())))
    .toEqual([true])
})

test('kill -9 of the shell at random moments leaves no host', async ({ openShell }) => {
  for (let round = 0; round < 3; round++) {
    const { app, dataDir } = await openShell()
    const host = hostPid(dataDir)
    expect(alive([host])).toEqual([host])
    const moment_ms = Math.round(1500 * Math.random())
    await test.step(`killed ${moment_ms} ms after the page came`, async () => {
      await new Promise((resolve) => setTimeout(resolve, moment_ms))
      app.process().kill('SIGKILL')
      await expectGone(host)
    })
  }
})

test('closing the window ends everything, in order', async ({ openShell }) => {
  const { app, pid, dataDir } = await openShell()
  const host = hostPid(dataDir)
  const exit = new Promise((resolve) => app.process().once('exit', (code, signal) => resolve({ code, signal })))
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  expect(await exit).toEqual({ code: 0, signal: null })
  await expectGone(host)
  await expectGone(pid)
})

test('a host that dies is started again, and the page finds it without a new login', async ({ openShell }) => {
  const { page, dataDir } = await openShell()
  const [first, origin] = [hostPid(dataDir), new URL(page.url()).origin]
  await page.evaluate(() => ((window as { stillHere?: boolean }).stillHere = true))
  process.kill(first, 'SIGKILL')
  await expect.poll(() => hostPid(dataDir), { timeout: 20_000 }).not.toBe(first)
  await expect
    .poll(
      () =>
        page.evaluate(() =>
          fetch('/').then(
            ({ status }) => status,
            () => 0,
          ),
        ),
      { timeout: 20_000 },
    )
    .toBe(200)
  expect(new URL(page.url()).origin).toBe(origin)
  expect(await page.evaluate(() => (window as { stillHere?: boolean }).stillHere)).toBe(true)
})

test('the microphone is allowed, the camera and everything else is not', async ({ openShell }) => {
  const { page } = await openShell()
  const ask = (constraints: MediaStreamConstraints) =>
    page.evaluate(
      (wanted) =>
        navigator.mediaDevices.getUserMedia(wanted).then(
          (stream) =>
            stream
              .getTracks()
              .map(({ kind }) => kind)
              .join(),
          (cause: Error) => cause.name,
        ),
      constraints,
    )
  expect(await ask({ audio: true })).toBe('audio')
  expect(await ask({ video: true })).toBe('NotAllowedError')
  expect(await ask({ audio: true, video: true })).toBe('NotAllowedError')
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied')
  expect(await page.evaluate(() => navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state))).toBe(
    'denied',
  )
})

test('the window stays with the studio: no other site, no new window', async ({ openShell }) => {
  const { app, page } = await openShell()
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = (url) => (opened.push(url), Promise.resolve())
  })
  const { origin } = new URL(page.url())
  await page.evaluate(() => {
    for (const target of ['https://example.com/docs', 'file:///etc/passwd', 'http://127.0.0.1:1/']) location.assign(target)
  })
  expect(await page.evaluate(() => window.open('https://example.com/new') === null)).toBe(true)
  expect(await page.evaluate(() => window.open('file:///etc/passwd') === null)).toBe(true)
  expect(new URL(page.url()).origin).toBe(origin)
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  const opened = await app.evaluate(() => (globalThis as { opened?: string[] }).opened)
  expect(opened).toContain('https://example.com/new')
  expect(opened?.filter((target) => !target.startsWith('https://'))).toEqual([])
})

test('a native dialog gives the page a name and a grant, never a path; of a model that is picked it tells the path', async ({
  openShell,
  dataDir,
}) => {
  const { app, page } = await openShell()
  const picked = join(dataDir, 'picked ü.greenroom')
  writeFileSync(picked, 'not a bundle')
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
    dialog.showSaveDialog = ((_window: unknown, options: { defaultPath?: string }) => {
      Object.assign(globalThis, { suggested: options.defaultPath })
      return Promise.resolve({ canceled: true, filePath: '' })
    }) as typeof dialog.showSaveDialog
  }, picked)
  const grant = await page.evaluate(() => (window as ShellWindow).greenroomShell?.openBundle())
  expect(grant).toEqual({ name: 'picked ü.greenroom', grant: expect.any(String) })
  expect(JSON.stringify(grant)).not.toContain(dataDir)
  expect(await page.evaluate(() => (window as ShellWindow).greenroomShell?.chooseModel('folder'))).toBe(picked)
  expect(await page.evaluate(() => (window as ShellWindow).greenroomShell?.saveBundle('../../etc/x.greenroom'))).toBe(null)
  expect(await app.evaluate(() => (globalThis as { suggested?: string }).suggested)).toMatch(/[/\\]_\.\._etc_x\.greenroom$/)
})

test('menu items reach the page', async ({ openShell }) => {
  const { app, page } = await openShell()
  await page.evaluate(() => {
    const heard: string[] = []
    Object.assign(window, { heard })
    ;(window as ShellWindow).greenroomShell?.onCommand((command) => heard.push(command))
  })
  await app.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? []
    for (const label of ['Save', 'Command palette', 'Start or stop the call']) items.find((item) => item.label === label)?.click()
  })
  await expect.poll(() => page.evaluate(() => (window as { heard?: string[] }).heard)).toEqual(['save', 'palette', 'toggle-call'])
})

test('the window opens where it was left', async ({ openShell }) => {
  const bounds = { x: 60, y: 40, width: 1010, height: 707 }
  const first = await openShell()
  await first.app.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted), bounds)
  await first.app.close()
  const second = await openShell()
  expect(await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toMatchObject({
    width: 1010,
    height: 707,
  })
})
