import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { screen, type BrowserWindow, type Rectangle } from 'electron'

type WindowState = Readonly<{ bounds: Partial<Rectangle> & Readonly<{ width: number; height: number }>; isMaximized: boolean }>

const FIRST: WindowState = { bounds: { width: 1440, height: 900 }, isMaximized: false }

/** Where the window was when it was last closed; the first size when that cannot be read or lies on no display. */
export function readWindowState(file: string): WindowState {
  try {
    const state: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isWindowState(state) && isVisible(state.bounds) ? state : FIRST
  } catch {
    // Absent at the first start; a damaged file is no reason not to open.
    return FIRST
  }
}

/** Remembers the window as it moves, so that a crash forgets little. */
export function rememberWindow(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined
  const save = (): void => {
    clearTimeout(timer)
    if (window.isDestroyed() || window.isMinimized()) return
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() }))
  }
  const saveSoon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(save, 500)
  }
  window.on('resize', saveSoon)
  window.on('move', saveSoon)
  window.on('maximize', saveSoon)
  window.on('unmaximize', saveSoon)
  window.on('close', save)
}

function isWindowState(state: unknown): state is WindowState & { bounds: Rectangle } {
  if (typeof state !== 'object' || state === null || !('bounds' in state) || !('isMaximized' in state)) return false
  const { bounds } = state
  if (typeof bounds !== 'object' || bounds === null) return false
  const sides = new Map<string, unknown>(Object.entries(bounds))
  return ['x', 'y', 'width', 'height'].every((key) => Number.isInteger(sides.get(key)))
}

/** Enough of the title bar must lie on a display to take hold of it. */
const isVisible = ({ x = 0, y = 0, width }: WindowState['bounds']): boolean =>
  screen
    .getAllDisplays()
    .some(
      ({ workArea }) =>
        x < workArea.x + workArea.width - 100 &&
        x + width > workArea.x + 100 &&
        y >= workArea.y - 10 &&
        y < workArea.y + workArea.height - 50,
    )
