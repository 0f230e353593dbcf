import { llm } from '@livekit/agents'
import type { PastLine } from '../../core/contract/runtime.ts'
import type { JsonObject } from '../../core/json.ts'
import type { TurnDesk } from './turn-desk.ts'

/** Under this name a committed reply carries the id of its turn. */
export const TURN_ID = 'turn_id'

export const messagesOf = (chatCtx: { readonly items: readonly llm.ChatItem[] }): llm.ChatMessage[] =>
  chatCtx.items.filter((item): item is llm.ChatMessage => item.type === 'message')

export const turnIdOf = (message: llm.ChatMessage): string | undefined => {
  const id = message.extra[TURN_ID]
  return typeof id === 'string' ? id : undefined
}

/** The conversation as the LLM gets it: its own replies in its own format, with only what was heard in the spoken field. */
export function forModel(
  history: readonly llm.ChatMessage[],
  system: string,
  spoken_field: string,
  outputOf: TurnDesk['outputOf'],
  structured: boolean,
): llm.ChatContext {
  const chatCtx = llm.ChatContext.empty()
  chatCtx.addMessage({ role: 'system', content: system })
  for (const message of history) {
    const { role, id, createdAt } = message
    if (role !== 'user' && role !== 'assistant') continue
    const text = message.textContent ?? ''
    const heard = role === 'assistant' && structured ? asHeard(outputOf(turnIdOf(message) ?? ''), spoken_field, text) : text
    // In order as they are; a new id for each of them at every turn would cost more than all the rest here.
    chatCtx.items.push(llm.ChatMessage.create({ role, id, createdAt, content: heard }))
  }
  return chatCtx
}

const asHeard = (output: JsonObject = {}, spoken_field: string, heard: string) =>
  JSON.stringify({ ...output, [spoken_field]: heard })

/** What was said before this attempt began, with the fields remembered at the desk. */
export function fromPast(lines: readonly PastLine[], desk: TurnDesk): llm.ChatContext {
  const chatCtx = llm.ChatContext.empty()
  const began = Date.now() - lines.length
  lines.forEach((line, index) => {
    const id = `past-${index}`
    if (line.output) desk.remember(id, line.output)
    chatCtx.addMessage({
      role: line.role,
      content: line.text,
      interrupted: line.interrupted ?? false,
      createdAt: began + index,
      ...(line.role === 'assistant' ? { extra: { [TURN_ID]: id } } : {}),
    })
  })
  return chatCtx
}
