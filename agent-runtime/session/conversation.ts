import { llm } from '@livekit/agents'
import type { PastLine, PastTool } from '../../core/contract/runtime.ts'
import type { JsonObject } from '../../core/json.ts'
import { itemsInWords, pastItems, roundItems, type ToolRound } from '../tools/tool-round.ts'
import type { ModelChoice } from './choices.ts'
import type { TurnDesk } from './turn-desk.ts'

/** Under this name a committed reply carries the id of its turn. */
export const TURN_ID = 'turn_id'

export const messagesOf = (chatCtx: { readonly items: readonly llm.ChatItem[] }): llm.ChatMessage[] =>
  chatCtx.items.filter((item): item is llm.ChatMessage => item.type === 'message')

export const turnIdOf = (message: llm.ChatMessage): string | undefined => {
  const id = message.extra[TURN_ID]
  return typeof id === 'string' ? id : undefined
}

type Known = Pick<TurnDesk, 'outputOf' | 'toolsOf' | 'toolTurnOf'>
export type ModelView = Readonly<{
  history: readonly llm.ChatMessage[]
  spoken_field: string
  /** Its own replies are told it as JSON. */
  structured: boolean
  /** What it has called in this turn, and got. */
  rounds: readonly ToolRound[]
}>

/**
 * The conversation as the LLM gets it: its own replies in its own format, with only what was heard in the spoken field, and before each
 * of them the tools that were called for it. Those of a reply that was never heard stand behind what it would have answered.
 */
export function forModel(
  { system, tools }: Pick<ModelChoice, 'system' | 'tools'>,
  view: ModelView,
  desk: Known,
): llm.ChatContext {
  const { history, spoken_field, structured, rounds } = view
  const chatCtx = llm.ChatContext.empty()
  chatCtx.addMessage({ role: 'system', content: system })
  const told = new Set(history.flatMap((message) => turnIdOf(message) ?? []))
  const toolsOf = (turn_id: string | undefined) => {
    const past = turn_id === undefined ? [] : desk.toolsOf(turn_id)
    return past.length === 0 ? [] : tools === 'native' ? pastItems(past) : itemsInWords(past)
  }
  for (const message of history) {
    const { role, id, createdAt } = message
    if (role !== 'user' && role !== 'assistant') continue
    const text = message.textContent ?? ''
    const turn_id = turnIdOf(message) ?? ''
    if (role === 'assistant') chatCtx.items.push(...toolsOf(turn_id))
    const heard = role === 'assistant' && structured ? asHeard(desk.outputOf(turn_id), spoken_field, text) : text
    // In order as they are; a new id for each of them at every turn would cost more than all the rest here.
    chatCtx.items.push(llm.ChatMessage.create({ role, id, createdAt, content: heard }))
    const unheard = desk.toolTurnOf(id)
    if (unheard !== undefined && !told.has(unheard)) chatCtx.items.push(...toolsOf(unheard))
  }
  for (const round of rounds) chatCtx.items.push(...(tools === 'native' ? roundItems(round) : itemsInWords(round.results)))
  return chatCtx
}

const asHeard = (output: JsonObject = {}, spoken_field: string, heard: string) =>
  JSON.stringify({ ...output, [spoken_field]: heard })

/** What was said before this attempt began, with the fields and tools remembered at the desk. */
export function fromPast(lines: readonly PastLine[], desk: TurnDesk): llm.ChatContext {
  const chatCtx = llm.ChatContext.empty()
  const began = Date.now() - lines.length
  let last: string | undefined
  lines.forEach((line, index) => {
    const id = `past-${index}`
    if (line.output) desk.remember(id, line.output)
    // A reply that nobody heard: its tools stand behind the line that it would have answered.
    if (line.role === 'assistant' && line.text === '') return desk.rememberTools(id, line.tools ?? [], last)
    if (line.tools) desk.rememberTools(id, line.tools)
    last = id
    chatCtx.addMessage({
      id,
      role: line.role,
      content: line.text,
      interrupted: line.interrupted ?? false,
      createdAt: began + index,
      ...(line.role === 'assistant' ? { extra: { [TURN_ID]: id } } : {}),
    })
  })
  return chatCtx
}

/** Tools whose results a crash took stand behind the last line, with those of the same turn that were done. Returns how to tell more. */
export function behindLastLine(lines: readonly PastLine[], desk: TurnDesk): (tools: readonly PastTool[]) => void {
  const index = lines.findLastIndex(({ role, text }) => role === 'user' || text !== '')
  const last = index < 0 ? undefined : `past-${index}`
  const turn_id = (last === undefined ? undefined : desk.toolTurnOf(last)) ?? 'unfinished'
  const done = desk.toolsOf(turn_id)
  return (tools) => desk.rememberTools(turn_id, [...done, ...tools], last)
}
