import type { Tool } from './tool.ts'
import { knownTools } from './tool-spec.ts'

/** Every secret that the document's tools name, as references, each once. */
export const toolSecrets = (tools: readonly Tool[]): readonly string[] => [
  ...new Set(knownTools(tools).flatMap((tool) => (tool.type === 'http' ? Object.values(tool.secrets ?? {}) : []))),
]
