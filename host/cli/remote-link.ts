import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { v7 } from 'uuid'
import { WebSocket } from 'ws'
import * as z from 'zod'
import {
  ErrorBody,
  operations,
  SessionStreamMessage,
  StudioError,
  StudioEvent,
  type InputOf,
  type OperationName,
  type OutputOf,
} from '../../core/contract/index.ts'
import type { RunFile } from '../http/run-file.ts'
import type { JobOptions, StudioLink } from './studio-link.ts'

const Failure = z.object({ error: ErrorBody })

/** A host that runs already, reached at its loopback address with the token of its run file. */
export function remoteLink({ origin, token }: RunFile): StudioLink {
  const headers = { authorization: `Bearer ${token}` }
  const socket = (path: string): WebSocket =>
    new WebSocket(`${origin.replace(/^http/, 'ws')}${path}`, { headers, perMessageDeflate: false })

  const call = async <Name extends OperationName>(
    name: Name,
    input: InputOf<Name>,
    job?: JobOptions,
  ): Promise<OutputOf<Name>> => {
    if (job) return runJob(name, input, job)
    return outputOf(name, await post(`${origin}/api/op/${name}`, headers, input))
  }
  const runJob = async <Name extends OperationName>(
    name: Name,
    input: InputOf<Name>,
    { signal, onProgress }: JobOptions,
  ): Promise<OutputOf<Name>> => {
    const job_id = v7()
    const cancel = (): void => void call('job.cancel', { job_id }).catch(() => undefined)
    const events = socket('/events')
    events.on('error', () => undefined)
    events.on('message', (data: Buffer) => {
      const event = StudioEvent.safeParse(JSON.parse(data.toString('utf8')))
      if (event.success && event.data.type === 'job.progress' && event.data.job_id === job_id) onProgress(event.data.progress)
    })
    signal.addEventListener('abort', cancel, { once: true })
    try {
      return outputOf(name, await post(`${origin}/api/op/${name}`, { ...headers, 'x-job-id': job_id }, input))
    } finally {
      signal.removeEventListener('abort', cancel)
      events.close()
    }
  }

  return {
    call,
    followSession: async (session_id, listener, onLost) => {
      const stream = socket(`/events/sessions/${session_id}?attempt=0&seq=0`)
      stream.on('message', (data: Buffer) => {
        for (const event of SessionStreamMessage.parse(JSON.parse(data.toString('utf8'))).events) listener(event)
      })
      await opened(stream)
      stream.on('close', onLost)
      return () => {
        stream.off('close', onLost)
        stream.close()
      }
    },
    openMedia: (media_path) => socket(media_path),
    ownsHost: false,
    close: async () => undefined,
  }
}

/** The table pairs each name with its output, which TypeScript cannot follow through a type parameter. */
const outputOf = <Name extends OperationName>(name: Name, value: unknown): OutputOf<Name> =>
  operations[name].output.parse(value) as OutputOf<Name>

const opened = (socket: WebSocket): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', (cause) => reject(unreachable(cause)))
  })

/** Not `fetch`: its time limit for the first byte would end a long job. */
async function post(url: string, headers: Readonly<Record<string, string>>, body: unknown): Promise<unknown> {
  const { status, content } = await new Promise<{ status: number; content: string }>((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } }, (reply) => {
      text(reply).then((content) => resolve({ status: reply.statusCode ?? 0, content }), reject)
    })
    outgoing.on('error', (cause) => reject(unreachable(cause)))
    outgoing.end(JSON.stringify(body))
  })
  const value = parsed(content)
  if (status === 200) return value
  const failure = Failure.safeParse(value)
  if (!failure.success)
    throw new StudioError('internal', `The studio answered with status ${status}`, 'Its log in the data folder may say why.')
  const { code, message, hint, problems } = failure.data.error
  throw new StudioError(code, message, hint, problems)
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    // A body that is not JSON is reported by its status.
    return undefined
  }
}

const unreachable = (cause: Error): StudioError =>
  new StudioError('unavailable', 'The running studio does not answer', 'Try again; if it hangs, end it and start it anew.', [], {
    cause,
  })
