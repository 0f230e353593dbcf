/** What the Electron shell and the host say to each other over IPC, and what the shell gives the page. Types only. */

/** Host → shell. `url` carries a one-use ticket; it never goes into argv or the environment. */
export type HostToShell =
  | Readonly<{ type: 'ready'; origin: string; url: string }>
  /** The folder is held by another host: open that one instead. */
  | Readonly<{ type: 'elsewhere'; url: string }>
  | Readonly<{ type: 'failed'; message: string; hint: string }>
  | Readonly<{ type: 'grant'; request_id: number; grant: string }>

/** Shell → host. A grant stands for one file that the user picked in a native dialog, once. */
export type ShellToHost =
  | Readonly<{ type: 'stop' }>
  /** The window was closed or reloaded to the login: mint a fresh one-use URL. */
  | Readonly<{ type: 'ticket' }>
  | Readonly<{ type: 'grant'; request_id: number; access: 'read' | 'write'; path: string }>

/** `window.greenroomShell` in the page, absent in a browser. */
export type ShellBridge = Readonly<{
  /** Native open dialog; resolves to a one-use grant and the file's name, or null when cancelled. */
  openBundle: () => Promise<FileGrant | null>
  /** Native save dialog. */
  saveBundle: (suggestedName: string) => Promise<FileGrant | null>
  /** Native dialog for a model of one’s own: its path, or null when cancelled. */
  chooseModel: (what: 'file' | 'folder') => Promise<string | null>
  /** Menu items and shortcuts that the page carries out. */
  onCommand: (listener: (command: ShellCommand) => void) => () => void
}>
export type FileGrant = Readonly<{ grant: string; name: string }>
export type ShellCommand = 'save' | 'palette' | 'toggle-call' | 'new-agent' | 'import' | 'export' | 'settings' | 'shortcuts'
