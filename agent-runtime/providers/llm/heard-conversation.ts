import type { llm } from '@livekit/agents'
import type { CallerAudio } from '../caller-audio.ts'
import { conversationOf, type Conversation } from './conversation.ts'

/** A conversation whose last words may be sound: then `sounds` has them, in order, and `lines` only what came before. */
export type HeardConversation = Conversation & Readonly<{ sounds: readonly Int16Array[] }>

/** Only what is answered now is sound: what was answered before was heard then, and what was typed is text. */
export function heardConversation({ items }: llm.ChatContext, callerAudio: CallerAudio | undefined): HeardConversation {
  const sounds: Int16Array[] = []
  let end = items.length
  for (let item = items[end - 1]; item?.type === 'message' && item.role === 'user'; item = items[end - 1]) {
    const sound = callerAudio?.of(item.id)
    if (!sound) break
    sounds.unshift(sound)
    end--
  }
  return { ...conversationOf({ items: items.slice(0, end) }), sounds }
}
