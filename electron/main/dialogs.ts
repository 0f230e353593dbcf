import { basename, join } from 'node:path'
import { app, BrowserWindow, dialog, ipcMain, type IpcMainInvokeEvent } from 'electron'
import type { FileGrant } from '../../core/contract/shell.ts'
import type { OwnOrigin } from './guards.ts'
import type { HostProcess } from './host-process.ts'

/**
 * Threat: a page that could name paths could read or overwrite any file of the user. So the user picks in a native dialog, the path goes
 * to the host alone, and the page gets a name to show and a grant that works once.
 */
const BUNDLES = [{ name: 'Greenroom agent', extensions: ['greenroom'] }]

export function handleDialogs(host: HostProcess, ownOrigin: OwnOrigin): void {
  ipcMain.handle('shell:open-bundle', async (event): Promise<FileGrant | null> => {
    const window = ownWindow(event, ownOrigin)
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: 'Import an agent',
      filters: [...BUNDLES, { name: 'agent.json of a folder', extensions: ['json'] }],
      properties: ['openFile'],
    })
    return canceled || filePaths[0] === undefined ? null : grantOf(host, 'read', filePaths[0])
  })

  ipcMain.handle('shell:save-bundle', async (event, suggestedName: unknown): Promise<FileGrant | null> => {
    const window = ownWindow(event, ownOrigin)
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      title: 'Export an agent',
      defaultPath: join(app.getPath('documents'), safeName(suggestedName)),
      filters: BUNDLES,
    })
    return canceled || !filePath ? null : grantOf(host, 'write', filePath)
  })

  // A model may be a folder of gigabytes that the host copies by itself, and any caller may name a path to `model.import`: so the
  // path that the user has picked is told, where a bundle's is not.
  ipcMain.handle('shell:choose-model', async (event, what: unknown): Promise<string | null> => {
    const window = ownWindow(event, ownOrigin)
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: 'Import a model',
      ...(what === 'folder'
        ? { properties: ['openDirectory'] }
        : { properties: ['openFile'], filters: [{ name: 'Models', extensions: ['gguf', 'onnx'] }] }),
    })
    return canceled ? null : (filePaths[0] ?? null)
  })
}

const grantOf = async (host: HostProcess, access: 'read' | 'write', path: string): Promise<FileGrant> => ({
  grant: await host.grant(access, path),
  name: basename(path),
})

/** A name only, whatever the page sends: no folder, nothing that a file system takes for something else. */
function safeName(suggested: unknown): string {
  const name = typeof suggested === 'string' ? suggested.replaceAll(/[^A-Za-z0-9._ -]/g, '_').replace(/^[. ]+/, '') : ''
  return name.slice(0, 120) || 'agent.greenroom'
}

function ownWindow(event: IpcMainInvokeEvent, ownOrigin: OwnOrigin): BrowserWindow {
  const url = event.senderFrame?.url
  const window = BrowserWindow.fromWebContents(event.sender)
  if (window && url !== undefined && new URL(url).origin === ownOrigin()) return window
  throw new Error('Only the studio itself may ask for files.')
}
