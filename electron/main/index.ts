import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserWindow } from 'electron'
import { app, dialog, session } from 'electron'
import type { ShellCommand } from '../../core/contract/shell.ts'
import { handleDialogs } from './dialogs.ts'
import { guardNavigation, guardPermissions } from './guards.ts'
import { HostProcess } from './host-process.ts'
import { readLaunchOptions } from './launch-options.ts'
import { setMenu } from './menu.ts'
import { createWindow } from './window.ts'

const options = readLaunchOptions(process.argv, process.env)
mkdirSync(options.userData, { recursive: true })
// Before the lock: it lies in this folder, so that every data folder has one window of its own.
app.setPath('userData', options.userData)

if (app.requestSingleInstanceLock()) run()
else app.quit()

function run(): void {
  const host = new HostProcess(options)
  const stateFile = join(options.userData, 'window.json')
  let window: BrowserWindow | undefined
  let origin: string | undefined
  let hasStopped = false
  let isShowingStudio = (): boolean => false

  const focus = (): void => {
    if (!window) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }
  const openWindow = (url: string, hasBridge: boolean): void => {
    window = createWindow(stateFile, hasBridge)
    window.on('closed', () => (window = undefined))
    reloadWhenGone(window)
    isShowingStudio = watchLogin(window, () => host.requestTicket())
    void load(window, url)
  }

  guardNavigation(() => origin)

  host.on('ready', (message) => {
    const isSameHost = message.type === 'ready' && message.origin === origin
    origin = new URL(message.url).origin
    if (!window) openWindow(message.url, message.type === 'ready')
    // The page of a host that came back reconnects by itself; only a page that shows something else needs the new login.
    else if (!isSameHost || !isShowingStudio()) void load(window, message.url)
  })
  host.on('failed', ({ message, hint }) => {
    dialog.showErrorBox('Greenroom cannot go on', `${message}\n\n${hint}`)
    hasStopped = true
    app.exit(1)
  })
  host.on('stopped', () => {
    hasStopped = true
    app.quit()
  })

  app.on('second-instance', focus)
  app.on('activate', () => (window ? focus() : host.requestTicket()))
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('before-quit', (event) => {
    if (hasStopped) return
    event.preventDefault()
    host.stop()
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit())

  void app.whenReady().then(() => {
    guardPermissions(session.defaultSession, () => origin)
    setMenu((command: ShellCommand) => window?.webContents.send('shell:command', command))
    handleDialogs(host, () => origin)
    host.start()
  })
}

/** A load that another one overtakes is no error; one that finds nobody is repeated when the host says that it is ready. */
const load = (window: BrowserWindow, url: string): Promise<void> => window.loadURL(url).catch(() => undefined)

/**
 * The login ended (another host has taken the port, or the cookie is gone): a fresh one-use URL brings the page back. Tells whether the
 * window shows the studio, and not a refusal or nothing.
 */
function watchLogin(window: BrowserWindow, requestTicket: () => void): () => boolean {
  let lastRequest = 0
  let isShowing = false
  window.webContents.on('did-navigate', (_event, _url, status) => {
    isShowing = status < 400
    if (isShowing || Date.now() - lastRequest < 2_000) return
    lastRequest = Date.now()
    requestTicket()
  })
  window.webContents.on('did-fail-load', (_event, code, _text, _url, isMainFrame) => {
    if (isMainFrame && code !== ABORTED) isShowing = false
  })
  return () => isShowing
}

/** Chromium's ERR_ABORTED: another load took over. */
const ABORTED = -3

/** What was typed is with the host, so a crashed page only needs to be shown again; one that keeps crashing is left for the user. */
function reloadWhenGone(window: BrowserWindow): void {
  let last = 0
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || Date.now() - last < 10_000) return
    last = Date.now()
    window.webContents.reload()
  })
}
