import { llm } from '@livekit/agents'
import { isJsonObject, parseJson } from '../../core/json.ts'
import type { PastTool } from '../../core/contract/runtime.ts'
import { toolCallText, toolResultText } from '../../core/tools/tool-words.ts'

/** What an LLM asked for: as it came, with an id of ours. */
export type ToolCall = Readonly<{ call_id: string; name: string; text: string; source: llm.FunctionCall }>
/** Calls that were made at the same time, what they gave, and what the LLM had written before them. */
export type ToolRound = Readonly<{ calls: readonly ToolCall[]; results: readonly PastTool[]; text: string }>

/** The round as an LLM gets it whose protocol has places for it. What the LLM itself attached to its calls goes back with them. */
export function roundItems({ calls, results, text }: ToolRound): llm.ChatItem[] {
  const groupId = `round-${calls[0]?.call_id ?? ''}`
  return [
    ...(text.trim() === '' ? [] : [llm.ChatMessage.create({ role: 'assistant', id: groupId, content: text })]),
    ...calls.map(({ call_id, name, text: args, source: { extra, thoughtSignature } }) =>
      llm.FunctionCall.create({
        callId: call_id,
        name,
        args: asObject(args),
        groupId,
        extra,
        ...(thoughtSignature && { thoughtSignature }),
      }),
    ),
    ...results.map(outputItem),
  ]
}

/** Tools of an earlier turn, in the same places. */
export function pastItems(tools: readonly PastTool[]): llm.ChatItem[] {
  const groupId = `tools-${tools[0]?.call_id ?? ''}`
  return [
    ...tools.map(({ call_id, tool, arguments: given }) =>
      llm.FunctionCall.create({ callId: call_id, name: tool, args: JSON.stringify(given), groupId }),
    ),
    ...tools.map(outputItem),
  ]
}

/** The same for a model that is told of tools in words, one after the other. */
export const itemsInWords = (tools: readonly PastTool[]): llm.ChatItem[] =>
  tools.flatMap(({ tool, arguments: given, result }) => [
    llm.ChatMessage.create({ role: 'assistant', content: toolCallText(tool, given) }),
    llm.ChatMessage.create({ role: 'user', content: toolResultText(tool, textOf(result)) }),
  ])

const outputItem = ({ call_id, tool, result, failed }: PastTool): llm.ChatItem =>
  llm.FunctionCallOutput.create({ callId: call_id, name: tool, output: textOf(result), isError: failed })

const textOf = (result: PastTool['result']): string => (typeof result === 'string' ? result : JSON.stringify(result))

/** Broken JSON would be refused when it goes back. */
function asObject(text: string): string {
  return isJsonObject(parseJson(text)) ? text : '{}'
}
