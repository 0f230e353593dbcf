import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { app } from 'electron'

/** Where this copy of the studio lies, and what its start was told. */
export type LaunchOptions = Readonly<{
  /** Node 24 that runs the host. */
  node: string
  hostEntry: string
  hostFlags: readonly string[]
  /** Folder of the shell's own state (window, cookies); each has one instance. */
  userData: string
}>

/** `--data DIR`, `--models DIR` and `--sessions-per-process N` go to the host; a data folder of its own gets a shell state of its own beside it. */
export function readLaunchOptions(argv: readonly string[], env: NodeJS.ProcessEnv): LaunchOptions {
  const root = app.isPackaged ? join(process.resourcesPath, 'studio') : join(__dirname, '..', '..')
  const data = flagValue(argv, '--data')
  const models = flagValue(argv, '--models')
  const sessions = flagValue(argv, '--sessions-per-process')
  const userData = env['GREENROOM_USER_DATA'] ?? (data === undefined ? app.getPath('userData') : join(resolve(data), 'shell'))
  const dataDir = data ?? (env['GREENROOM_USER_DATA'] === undefined ? undefined : join(userData, 'data'))
  return {
    node: findNode(root, env),
    hostEntry: join(root, 'out', 'host', 'main.js'),
    hostFlags: [
      ...(dataDir === undefined ? [] : ['--data', resolve(dataDir)]),
      ...(models === undefined ? [] : ['--models', resolve(models)]),
      ...(sessions === undefined ? [] : ['--sessions-per-process', sessions]),
    ],
    userData: resolve(userData),
  }
}

function flagValue(argv: readonly string[], flag: string): string | undefined {
  const joined = argv.find((argument) => argument.startsWith(`${flag}=`))
  if (joined !== undefined) return joined.slice(flag.length + 1)
  const at = argv.indexOf(flag)
  return at < 0 ? undefined : argv[at + 1]
}

/** The Node that the environment names, else the one that came with the studio. Electron's own may be years older than the host needs. */
function findNode(root: string, env: NodeJS.ProcessEnv): string {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const shipped = [join(process.resourcesPath, 'node', name), join(root, 'node_modules', 'node', 'bin', name)]
  return env['GREENROOM_NODE'] ?? shipped.find((path) => existsSync(path)) ?? name
}
