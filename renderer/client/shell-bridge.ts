import type { ShellBridge } from '../../core/contract/shell.ts'

declare global {
  interface Window {
    readonly greenroomShell?: ShellBridge
  }
}

/** What the desktop shell lends to the page; undefined in a browser. */
export const shellBridge = (): ShellBridge | undefined => window.greenroomShell
