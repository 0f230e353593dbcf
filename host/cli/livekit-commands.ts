import type { Command } from 'commander'
import { ConnectionId, type Connection, type ConnectionStep, type LocalLiveKit } from '../../core/contract/connections.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { isModelProgress, type JobProgress } from '../../core/contract/events.ts'
import type { CommandContext } from './command-context.ts'
import { table } from './output.ts'

type Within = (execute: (context: CommandContext) => Promise<number>) => Promise<void>

export function addLiveKitCommands(livekit: Command, within: Within): void {
  livekit
    .command('connections')
    .description('LiveKit servers that are known')
    .action(() => within(listConnections))
  livekit
    .command('test <connection>')
    .description('Find out whether one works, by a short real join; exit code 1 when it does not')
    .action((connection: string) => within((context) => testConnection(context, connection)))
  livekit
    .command('status')
    .description('The LiveKit server on this machine')
    .action(() => within(showServer))
  livekit
    .command('start')
    .description('Run the LiveKit server on this machine; without a running studio until Ctrl-C')
    .option('--download', 'fetch a pinned release when none is found')
    .option('--lan', 'let other devices of the local network take part')
    .action((options: { download?: boolean; lan?: boolean }) => within((context) => startServer(context, options)))
  livekit
    .command('stop')
    .description('Stop it; calls through it end')
    .action(() => within(stopServer))
}

async function listConnections({ studio, out, isJson }: CommandContext): Promise<number> {
  const { connections } = await (await studio()).call('connection.list', {})
  if (isJson) out.json(connections)
  else out.result(table([['CONNECTION', 'NAME', 'ADDRESS', 'KEYS', 'SERVES'], ...connections.map(connectionRow)]))
  return 0
}

const connectionRow = ({ connection_id, name, url = '', has_keys, serve, automatic }: Connection): string[] => [
  connection_id,
  name,
  url,
  has_keys ? 'there' : 'missing',
  automatic ? 'every room' : serve ? 'agents by name' : '',
]

async function testConnection({ studio, out, isJson, signal }: CommandContext, name: string): Promise<number> {
  const id = ConnectionId.safeParse(name)
  if (!id.success) throw new StudioError('not_found', `There is no connection "${name}".`, 'See: greenroom livekit connections')
  const onProgress = (progress: JobProgress) => {
    if ('state' in progress) out.note(stepText(progress))
  }
  const check = await (await studio()).call('connection.test', { connection_id: id.data }, { signal, onProgress })
  if (isJson) out.json(check)
  else out.result(`${name} ${check.ok ? 'works' : 'does not work'}`)
  return check.ok ? 0 : 1
}

const MARKS = { ok: 'ok  ', warning: 'WARN', failed: 'FAIL', skipped: '-   ' } as const

const stepText = ({ step, state, detail, hint }: ConnectionStep): string =>
  `  ${MARKS[state]} ${step}: ${detail}${hint === undefined ? '' : `\n       ${hint}`}`

async function showServer({ studio, out, isJson }: CommandContext): Promise<number> {
  const { local_server } = await (await studio()).call('connection.list', {})
  showState(out, isJson, local_server)
  return local_server.state === 'failed' ? 1 : 0
}

async function startServer(
  { studio, out, isJson, signal }: CommandContext,
  { download = false, lan = false }: { download?: boolean; lan?: boolean },
): Promise<number> {
  const link = await studio()
  const onProgress = (progress: JobProgress) => {
    if (isModelProgress(progress)) {
      out.progress(`${progress.item}: ${Math.round((progress.done_bytes / progress.total_bytes) * 100)} %`)
    }
  }
  showState(out, isJson, await link.call('local_server.start', { download, lan }, { signal, onProgress }))
  if (!link.ownsHost || signal.aborted) return 0
  const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  out.note('It runs until Ctrl-C.')
  await stopped
  return 0
}

async function stopServer({ studio, out, isJson }: CommandContext): Promise<number> {
  showState(out, isJson, await (await studio()).call('local_server.stop', {}))
  return 0
}

function showState(out: CommandContext['out'], isJson: boolean, server: LocalLiveKit): void {
  if (isJson) return out.json(server)
  const { state, found, offered, url, pid, lan, reason } = server
  const rows: [string, string | undefined][] = [
    ['state', state],
    ['program', found && `${found.path} (${found.version ?? 'version unknown'})`],
    [
      'offered',
      found || !offered ? undefined : `${offered.version}, ${offered.size_mb} MB from ${offered.from} (start --download)`,
    ],
    ['address', url],
    ['process', pid === undefined ? undefined : String(pid)],
    ['media', url && (lan ? 'for the local network' : 'on this machine alone')],
    ['reason', reason],
  ]
  out.result(table(rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))))
}
