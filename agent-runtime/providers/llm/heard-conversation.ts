import type { llm } from '@livekit/agents'
import type { CallerAudio } from '../caller-audio.ts'
import { conversationOf, type Conversation, type Line } from './conversation.ts'

/**
 * A conversation whose last words may be sound: then `sounds` has them, in order, `lines` only what came before, and `called` the tools
 * that were called for the answer.
 */
export type HeardConversation = Conversation & Readonly<{ sounds: readonly Int16Array[]; called: readonly Line[] }>

/** Only what is answered now is sound: what was answered before was heard then, and what was typed is text. */
export function heardConversation({ items }: llm.ChatContext, callerAudio: CallerAudio | undefined): HeardConversation {
  const sounds: Int16Array[] = []
  const since = items.findLastIndex((item) => item.type === 'message' && item.role === 'user') + 1
  const calls = items.slice(since).some(({ type }) => type === 'function_call')
  let end = calls ? since : items.length
  for (let item = items[end - 1]; item?.type === 'message' && item.role === 'user'; item = items[end - 1]) {
    const sound = callerAudio?.of(item.id)
    if (!sound) break
    sounds.unshift(sound)
    end--
  }
  if (sounds.length === 0) return { ...conversationOf({ items }), sounds, called: [] }
  const called = calls ? conversationOf({ items: items.slice(since) }).lines : []
  return { ...conversationOf({ items: items.slice(0, end) }), sounds, called }
}
