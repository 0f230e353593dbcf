import type { AgentId } from '../../core/contract/ids.ts'
import type { SessionSpec } from '../../core/contract/runtime.ts'
import type { Report } from '../session/report.ts'
import { createToolDesk, type ToolDesk } from './tool-desk.ts'
import type { ToolPort, ToolRpc } from './tool-port.ts'

/** How long the host gets to write down what is about to happen. */
const DURABLE_MS = 5000
/** How long the host gets to find another agent. */
const HANDOFF_MS = 10_000
/** Agents that hand a call to and fro while nobody speaks would do so for ever. */
const MOST_HANDOFFS = 3

export type CallToolsOptions = Readonly<{
  spec: Pick<SessionSpec, 'tools'>
  report: Report
  /** Asks the host; it answers by `synced`, and by `configured` or `refused`. */
  host: Readonly<{ sync: (sync_id: number) => void; handoff: (agent_id: AgentId, history: 'keep' | 'clear') => void }>
  rpc: () => ToolRpc | undefined
  extension: ToolPort['extension']
  /** Resolves when what is being said is over. */
  turnOver: () => Promise<void>
  end: (reason: string) => void
}>

/** The tools of one call, and the ends of what they wait for. */
export type CallTools = ToolDesk &
  Readonly<{
    synced: (sync_id: number) => void
    /** The configuration of this agent answers from now on. */
    configured: (agent_id: AgentId) => void
    refused: (agent_id: AgentId, reason: string) => void
    /** The caller has said something. */
    heard: () => void
  }>

export function createCallTools({ spec, report, host, rpc, extension, turnOver, end }: CallToolsOptions): CallTools {
  const syncs = new Map<number, () => void>()
  let handoffs: Readonly<{ agent_id: AgentId; answer: (refused?: string) => void }>[] = []
  let sync_id = 0
  let handed_over = 0

  const port: ToolPort = {
    rpc,
    extension,
    durable: () =>
      new Promise((resolve, reject) => {
        const id = ++sync_id
        const late = setTimeout(() => {
          syncs.delete(id)
          reject(new Error('the host did not say that it is written'))
        }, DURABLE_MS)
        syncs.set(id, () => {
          clearTimeout(late)
          resolve()
        })
        report.flush()
        host.sync(id)
      }),
    endCall: () => void turnOver().then(() => end('agent_ended')),
    handoff: (agent_id, history) =>
      new Promise((resolve) => {
        if (handed_over >= MOST_HANDOFFS)
          return resolve('it was handed over several times without a word of the caller; talk to the caller first')
        const late = setTimeout(() => one.answer('nobody answered in time'), HANDOFF_MS)
        const one = {
          agent_id,
          answer: (refused?: string) => {
            clearTimeout(late)
            handoffs = handoffs.filter((other) => other !== one)
            resolve(refused)
          },
        }
        handoffs.push(one)
        host.handoff(agent_id, history)
      }),
  }
  return {
    ...createToolDesk({ report, port, mock: spec.tools === 'mock' }),
    synced(id) {
      syncs.get(id)?.()
      syncs.delete(id)
    },
    configured(agent_id) {
      const done = handoffs.filter((one) => one.agent_id === agent_id)
      handed_over += done.length
      for (const one of done) one.answer()
    },
    heard: () => void (handed_over = 0),
    // Asked for twice, it is refused twice, in the order of asking.
    refused: (agent_id, reason) => handoffs.find((one) => one.agent_id === agent_id)?.answer(reason),
  }
}
