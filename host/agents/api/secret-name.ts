import type { ProviderKind } from '../../../core/providers/index.ts'

const ENDING: Readonly<Record<ProviderKind, string>> = { stt: '.stt', llm: '.llm', tts: '.tts' }

/** Under which name a key is kept that a client wrote into an agent's body: its own, so that two agents never share one by accident. */
export const secretNameOf = (agent_id: string, kind: ProviderKind): string => `${agent_id.slice(0, 60)}${ENDING[kind]}`

export const isOwnSecret = (agent_id: string, reference: string): boolean =>
  Object.values(ENDING).some((ending) => reference === `secret:${agent_id.slice(0, 60)}${ending}`)
