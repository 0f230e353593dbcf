import { contextBridge, ipcRenderer } from 'electron'
import type { ShellBridge, ShellCommand } from '../../core/contract/shell.ts'

/** The whole of what the page gets from the shell: four functions, no channel names, no events of Electron. */
const bridge: ShellBridge = {
  openBundle: () => ipcRenderer.invoke('shell:open-bundle'),
  saveBundle: (suggestedName) => ipcRenderer.invoke('shell:save-bundle', suggestedName),
  chooseModel: (what) => ipcRenderer.invoke('shell:choose-model', what),
  onCommand: (listener) => {
    const forward = (_event: unknown, command: ShellCommand): void => listener(command)
    ipcRenderer.on('shell:command', forward)
    return () => void ipcRenderer.removeListener('shell:command', forward)
  },
}

contextBridge.exposeInMainWorld('greenroomShell', bridge)
