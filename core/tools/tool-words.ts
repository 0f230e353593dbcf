import type { JsonObject } from '../json.ts'
import type { ToolSpec } from './tool-spec.ts'

/** The key that tells a call from an output. */
export const TOOL_CALL = 'tool_call'

export const toolCallText = (name: string, given: JsonObject): string =>
  JSON.stringify({ [TOOL_CALL]: { name, arguments: given } })

/** A result, for a model that has no place of its own for it. */
export const toolResultText = (name: string, result: string): string => `Result of the tool ${name}: ${result}`

/** How a model without function calling is told of its tools. */
export function toolRules(tools: readonly ToolSpec[]): string {
  const example = `{"${TOOL_CALL}": {"name": "…", "arguments": {…}}}`
  return [
    '# Tools',
    'You can call a tool before you reply. To do so, write only this JSON object instead of your reply:',
    example,
    'You then get its result as the next message, and reply, or call another one. Call a tool only when it is needed, and never say that you have done what no tool did.',
    ...tools.map(
      ({ name, description, parameters }) => `- ${name}: ${description} Arguments (JSON Schema): ${JSON.stringify(parameters)}`,
    ),
  ].join('\n')
}
