import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { Socket } from 'node:net'
import { v7 } from 'uuid'
import { WebSocket } from 'ws'
import {
  LOCAL_TENANT,
  LOCAL_USER,
  StudioError,
  type InputOf,
  type OperationName,
  type OutputOf,
} from '../../core/contract/index.ts'
import type { Host } from '../host.ts'
import { textHeaders } from '../http/text-headers.ts'
import type { JobOptions, StudioLink } from './studio-link.ts'

const CALLER = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER, role: 'admin', via: 'cli' } as const

/** The data folder opened by this process: operations without a network, and one loopback socket for the audio of its own calls. */
export async function localLink(host: Host): Promise<StudioLink> {
  const media = await listenForMedia(host)
  const call = async <Name extends OperationName>(
    name: Name,
    input: InputOf<Name>,
    job?: JobOptions,
  ): Promise<OutputOf<Name>> => {
    const reply = job ? await runJob(name, input, job) : await host.dispatch(CALLER, name, input)
    if (reply.ok) return reply.value
    const { code, message, hint, problems } = reply.error
    throw new StudioError(code, message, hint, problems)
  }
  const runJob = async <Name extends OperationName>(name: Name, input: InputOf<Name>, { signal, onProgress }: JobOptions) => {
    const job_id = v7()
    const cancel = (): void => void host.dispatch(CALLER, 'job.cancel', { job_id })
    const off = host.onEvent((event) => event.type === 'job.progress' && event.job_id === job_id && onProgress(event.progress))
    signal.addEventListener('abort', cancel, { once: true })
    try {
      return await host.dispatch(CALLER, name, input, { job_id })
    } finally {
      signal.removeEventListener('abort', cancel)
      off()
    }
  }
  return {
    call,
    followSession: (session_id, listener) =>
      host.subscribeSession(
        CALLER,
        session_id,
        { attempt: 0, seq: 0 },
        { send: ({ events }) => events.forEach(listener), bufferedBytes: () => 0 },
      ),
    openMedia: media.open,
    ownsHost: true,
    close: async () => {
      media.close()
      await host.close()
    },
  }
}

/** Other programs of this machine can reach the port, so only a path that nobody can guess leads to the call. */
async function listenForMedia(host: Host): Promise<{ open: (media_path: string) => WebSocket; close: () => void }> {
  const token = randomBytes(24).toString('base64url')
  const server = createServer((_request, reply) => reply.writeHead(404).end())
  server.on('upgrade', (request: IncomingMessage, socket, head: Buffer) => {
    const [, given, , session_id] = (request.url ?? '').split('/')
    if (given !== token || !session_id || !(socket instanceof Socket)) return socket.destroy()
    void host.attachMedia(CALLER, session_id, { headers: textHeaders(request), head, socket })
  })
  const port = await listen(server)
  return {
    open: (media_path) => new WebSocket(`ws://127.0.0.1:${port}/${token}${media_path}`, { perMessageDeflate: false }),
    close: () => server.close(),
  }
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
    server.unref()
  })
