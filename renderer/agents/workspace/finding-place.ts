import type { WorkspaceTab } from '../../client/address.ts'
import { pointerParts } from '../document-edit.ts'
import type { Finding } from './check-document.ts'

/** The tab on which a problem can be mended. */
export function tabOf(pointer: string): WorkspaceTab {
  const [part] = pointerParts(pointer)
  if (part === 'schema_config') return 'output'
  if (part === 'tools') return 'tools'
  if (part === 'routing') return 'routing'
  if (part === 'stt_config' || part === 'llm_config' || part === 'tts_config' || part === 'turn_config') return 'voice'
  return 'prompt'
}

const NAMES: Readonly<Record<string, string>> = {
  prompt_config: 'prompt',
  schema_config: 'output',
  stt_config: 'speech to text',
  llm_config: 'language model',
  tts_config: 'text to speech',
  turn_config: 'turns',
  purposes: 'purpose',
  attributes: 'attribute',
  fields: 'field',
  tools: 'tool',
  parameters: 'parameter',
  dynamic_vars: 'variable',
}

/** Where a pointer leads, as a person says it: `prompt › instructions`, `output › field 3 › constraints`. */
export const placeName = (pointer: string): string =>
  pointerParts(pointer)
    .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : (NAMES[part] ?? part)))
    .join(' › ')
    .replaceAll(/(field|tool|parameter) › (\d+)/g, '$1 $2')

const isBelow = (pointer: string, path: string) => path === pointer || path.startsWith(`${pointer}/`)

export const findingsBelow = (findings: readonly Finding[], pointer: string): readonly Finding[] =>
  findings.filter(({ path }) => isBelow(pointer, path))

/** The first error at a place, as a form shows it. */
export const errorText = (findings: readonly Finding[]): string | undefined =>
  findings.find(({ severity }) => severity === 'error')?.message
