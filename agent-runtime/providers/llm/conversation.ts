import type { llm } from '@livekit/agents'

/** What the agent called in this line, and, as the other side's line, what that gave. */
export type Line = Readonly<{
  role: 'user' | 'assistant'
  text: string
  calls?: readonly llm.FunctionCall[]
  results?: readonly llm.FunctionCallOutput[]
}>
/** What the protocols of Anthropic, Google and OpenAI's responses have in common: instructions, then lines in turn. */
export type Conversation = Readonly<{ system: string; lines: readonly Line[] }>

/** Neighbouring lines of one side become one: some protocols insist on turns. */
export function conversationOf(chatCtx: Readonly<{ items: readonly llm.ChatItem[] }>): Conversation {
  const system: string[] = []
  const lines: Line[] = []
  for (const item of chatCtx.items) {
    if (item.type === 'message' && (item.role === 'system' || item.role === 'developer')) {
      if (item.textContent) system.push(item.textContent)
      continue
    }
    const line = lineOf(item)
    const last = lines.at(-1)
    if (!line) continue
    if (last?.role === line.role) lines[lines.length - 1] = joined(last, line)
    else lines.push(line)
  }
  return { system: system.join('\n\n'), lines }
}

function lineOf(item: llm.ChatItem): Line | undefined {
  if (item.type === 'function_call') return { role: 'assistant', text: '', calls: [item] }
  if (item.type === 'function_call_output') return { role: 'user', text: '', results: [item] }
  if (item.type !== 'message' || (item.role !== 'user' && item.role !== 'assistant')) return undefined
  return item.textContent ? { role: item.role, text: item.textContent } : undefined
}

function joined(one: Line, other: Line): Line {
  const [calls, results] = [
    [...(one.calls ?? []), ...(other.calls ?? [])],
    [...(one.results ?? []), ...(other.results ?? [])],
  ]
  return {
    role: one.role,
    text: [one.text, other.text].filter(Boolean).join('\n'),
    ...(calls.length > 0 && { calls }),
    ...(results.length > 0 && { results }),
  }
}

export const SILENCE: Line = { role: 'user', text: '…' }

/** For protocols in which the caller speaks first and last: a greeting, or a turn that the agent takes by itself, answers silence. */
export function startedByCaller(lines: readonly Line[]): readonly Line[] {
  const first = lines[0]?.role === 'user' ? [] : [SILENCE]
  const last = lines.length > 0 && lines.at(-1)?.role !== 'user' ? [SILENCE] : []
  return [...first, ...lines, ...last]
}
