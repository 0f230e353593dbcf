import type { WorkspaceTab } from '../../client/address.ts'
import { pointerParts } from '../document-edit.ts'
import type { Finding } from './check-document.ts'

/** The tab on which a problem can be mended. */
export function tabOf(pointer: string): WorkspaceTab {
  const [part] = pointerParts(pointer)
  if (part === 'schema_config') return 'output'
  if (part === 'stt_config' || part === 'llm_config' || part === 'tts_config' || part === 'turn_config') return 'voice'
  return 'prompt'
}

const isBelow = (pointer: string, path: string) => path === pointer || path.startsWith(`${pointer}/`)

export const findingsBelow = (findings: readonly Finding[], pointer: string): readonly Finding[] =>
  findings.filter(({ path }) => isBelow(pointer, path))

/** The first error at a place, as a form shows it. */
export const errorText = (findings: readonly Finding[]): string | undefined =>
  findings.find(({ severity }) => severity === 'error')?.message
