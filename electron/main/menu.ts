import { app, Menu, shell, type MenuItemConstructorOptions } from 'electron'
import type { ShellCommand } from '../../core/contract/shell.ts'

/**
 * The menu bar. What the page can do is named and carried out there; its keys are only shown here (`registerAccelerator: false`), because
 * the page listens to them itself, also in a browser, and must not hear them twice.
 */
export function setMenu(send: (command: ShellCommand) => void): void {
  const command = (label: string, accelerator: string, name: ShellCommand): MenuItemConstructorOptions => ({
    label,
    accelerator,
    registerAccelerator: false,
    click: () => send(name),
  })
  const isMac = process.platform === 'darwin'
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        command('New agent', 'CmdOrCtrl+Alt+N', 'new-agent'),
        command('Import…', 'CmdOrCtrl+O', 'import'),
        command('Export…', 'CmdOrCtrl+Shift+E', 'export'),
        separator,
        command('Save', 'CmdOrCtrl+S', 'save'),
        separator,
        command('Settings', 'CmdOrCtrl+,', 'settings'),
        separator,
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    { label: '&Call', submenu: [command('Start or stop the call', 'CmdOrCtrl+Enter', 'toggle-call')] },
    {
      label: '&View',
      submenu: [
        command('Command palette', 'CmdOrCtrl+K', 'palette'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        separator,
        { role: 'reload' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        command('Keyboard shortcuts', '?', 'shortcuts'),
        { label: 'Open the data of this window', click: () => void shell.openPath(app.getPath('userData')) },
        ...(isMac ? [] : [{ role: 'about' } as const]),
      ],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
