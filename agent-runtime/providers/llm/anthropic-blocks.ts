import type { ContentBlockParam } from '@anthropic-ai/sdk/resources/messages'
import * as z from 'zod'
import { isJsonArray, isJsonObject, type JsonObject } from '../../../core/json.ts'
import { argumentsIn, type ModelCall } from './called.ts'
import type { Line } from './conversation.ts'

/** Under this name a call carries what the model thought before it. */
const THOUGHTS = 'anthropic_thinking'

/** A line as platform.claude.com/docs/en/agents-and-tools/tool-use has it: results first in the user's message, thoughts before a call. */
export function contentOf({ text, calls = [], results = [] }: Line): string | ContentBlockParam[] {
  if (calls.length === 0 && results.length === 0) return text
  return [
    ...calls.flatMap(({ extra }) => thoughtsIn(extra[THOUGHTS])),
    ...results.map(
      ({ callId, output, isError }) =>
        ({ type: 'tool_result', tool_use_id: callId, content: output, ...(isError && { is_error: true }) }) as const,
    ),
    ...(text === '' ? [] : [{ type: 'text', text } as const]),
    ...calls.map((call) => ({ type: 'tool_use', id: call.callId, name: call.name, input: argumentsIn(call) }) as const),
  ]
}

export const ContentBlockStart = z.looseObject({
  type: z.literal('content_block_start'),
  index: z.number(),
  content_block: z.looseObject({ type: z.string(), name: z.string().optional(), data: z.string().optional() }),
})
export const ContentBlockDelta = z.looseObject({
  type: z.literal('content_block_delta'),
  index: z.number(),
  delta: z.looseObject({
    text: z.string().optional(),
    partial_json: z.string().optional(),
    thinking: z.string().optional(),
    signature: z.string().optional(),
  }),
})
type BlockEvent =
  z.infer<typeof ContentBlockStart> | z.infer<typeof ContentBlockDelta> | Readonly<{ type: 'content_block_stop'; index: number }>

type Block = { type: string; name: string; text: string; signature: string }

/** Puts calls together from their pieces; with the first one goes what was thought before, which the model wants back. */
export function createBlockReader(): Readonly<{
  read: (event: Readonly<{ type: string }> | BlockEvent) => ModelCall | undefined
}> {
  const open = new Map<number, Block>()
  let thoughts: JsonObject[] = []

  const close = ({ type, name, text, signature }: Block): ModelCall | undefined => {
    if (type === 'thinking') thoughts.push({ type, thinking: text, signature })
    if (type === 'redacted_thinking') thoughts.push({ type, data: text })
    if (type !== 'tool_use') return undefined
    const extra = thoughts.length > 0 ? { extra: { [THOUGHTS]: thoughts } } : {}
    thoughts = []
    return { name, text, ...extra }
  }
  return {
    read(event) {
      if (isStart(event)) {
        const { type, name = '', data = '' } = event.content_block
        open.set(event.index, { type, name, text: data, signature: '' })
      } else if (isDelta(event)) {
        const block = open.get(event.index)
        if (!block) return undefined
        block.text += event.delta.partial_json ?? event.delta.thinking ?? ''
        block.signature += event.delta.signature ?? ''
      } else if (event.type === 'content_block_stop' && 'index' in event) {
        const block = open.get(event.index)
        open.delete(event.index)
        return block && close(block)
      }
      return undefined
    },
  }
}

type AnyEvent = Readonly<{ type: string }> | BlockEvent
const isStart = (event: AnyEvent): event is z.infer<typeof ContentBlockStart> => event.type === 'content_block_start'
const isDelta = (event: AnyEvent): event is z.infer<typeof ContentBlockDelta> => event.type === 'content_block_delta'

/** Only as they came: they are signed. */
function thoughtsIn(value: unknown): ContentBlockParam[] {
  if (!isJsonArray(value)) return []
  return value.flatMap((block): ContentBlockParam[] => {
    if (!isJsonObject(block)) return []
    const { type, thinking, signature, data } = block
    if (type === 'thinking' && typeof thinking === 'string' && typeof signature === 'string')
      return [{ type, thinking, signature }]
    return type === 'redacted_thinking' && typeof data === 'string' ? [{ type, data }] : []
  })
}
