import { createHash } from 'node:crypto'
import type { ProviderKind } from '../../../core/providers/index.ts'

const ENDING: Readonly<Record<ProviderKind, string>> = { stt: '.stt', llm: '.llm', tts: '.tts' }
/** What is left of the 64 letters of a name. */
const MOST = 60
const HASH = 12

/** Under which name a key is kept that a client wrote into an agent's body: its own, so that two agents never share one by accident. */
export const secretNameOf = (agent_id: string, kind: ProviderKind): string => `${stemOf(agent_id)}${ENDING[kind]}`

export const isOwnSecret = (agent_id: string, reference: string): boolean =>
  Object.values(ENDING).some((ending) => reference === `secret:${stemOf(agent_id)}${ending}`)

/** Long ids that begin alike stay apart. */
function stemOf(agent_id: string): string {
  if (agent_id.length <= MOST) return agent_id
  const hash = createHash('sha256').update(agent_id.toLowerCase()).digest('hex').slice(0, HASH)
  return `${agent_id.slice(0, MOST - HASH - 1)}-${hash}`
}
