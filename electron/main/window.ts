import { join } from 'node:path'
import { BrowserWindow, nativeTheme } from 'electron'
import { readWindowState, rememberWindow } from './window-state.ts'

const PRELOAD = join(__dirname, '..', 'preload', 'index.cjs')
const SMALLEST = { minWidth: 900, minHeight: 600 }

/** The studio's window, without a page yet. `hasBridge`: the page gets native dialogs and menu commands. */
export function createWindow(stateFile: string, hasBridge: boolean): BrowserWindow {
  const { bounds, isMaximized } = readWindowState(stateFile)
  const window = new BrowserWindow({
    ...bounds,
    ...SMALLEST,
    title: 'Greenroom',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#15171c' : '#ffffff',
    webPreferences: {
      ...(hasBridge ? { preload: PRELOAD } : {}),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      // A call goes on, and is heard, while another window is in front.
      backgroundThrottling: false,
      autoplayPolicy: 'no-user-gesture-required',
    },
  })
  rememberWindow(window, stateFile)
  window.once('ready-to-show', () => {
    if (isMaximized) window.maximize()
    window.show()
  })
  return window
}
