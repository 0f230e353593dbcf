import type { llm } from '@livekit/agents'

export type Line = Readonly<{ role: 'user' | 'assistant'; text: string }>
/** What the protocols of Anthropic, Google and OpenAI's responses have in common: instructions, then lines in turn. */
export type Conversation = Readonly<{ system: string; lines: readonly Line[] }>

/** Neighbouring lines of one side become one: some protocols insist on turns. */
export function conversationOf(chatCtx: Readonly<{ items: readonly llm.ChatItem[] }>): Conversation {
  const system: string[] = []
  const lines: Line[] = []
  for (const item of chatCtx.items) {
    if (item.type !== 'message') continue
    const text = item.textContent ?? ''
    if (text === '') continue
    if (item.role === 'system' || item.role === 'developer') system.push(text)
    else {
      const last = lines.at(-1)
      if (last?.role === item.role) lines[lines.length - 1] = { role: item.role, text: `${last.text}\n${text}` }
      else lines.push({ role: item.role, text })
    }
  }
  return { system: system.join('\n\n'), lines }
}

export const SILENCE: Line = { role: 'user', text: '…' }

/** For protocols in which the caller speaks first and last: a greeting, or a turn that the agent takes by itself, answers silence. */
export function startedByCaller(lines: readonly Line[]): readonly Line[] {
  const first = lines[0]?.role === 'user' ? [] : [SILENCE]
  const last = lines.length > 0 && lines.at(-1)?.role !== 'user' ? [SILENCE] : []
  return [...first, ...lines, ...last]
}
