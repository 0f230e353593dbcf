import { isJsonObject, type JsonObject } from '../../json.ts'

/** Keys of clients beside ours, in the provider blocks. Both are kept: theirs so that they read what they wrote, ours because it counts. */
const SPELLINGS = {
  stt_config: { url: 'base_url' },
  llm_config: { api_url: 'base_url' },
  tts_config: { voiceId: 'voice_id', voiceName: 'voice_name', voiceOptions: 'voice_options', model_id: 'model' },
} as const

/** The patch with the other spelling of each key that it changes; of two that differ, the one counts that is not what it was. */
export function withBothSpellings(before: JsonObject, patch: JsonObject): JsonObject {
  const blocks = Object.entries(SPELLINGS).flatMap(([key, pairs]) => {
    const block = patch[key]
    return isJsonObject(block) ? [[key, bothOf(objectOf(before, key), block, pairs)] as const] : []
  })
  return { ...patch, ...Object.fromEntries(blocks) }
}

function bothOf(before: JsonObject, block: JsonObject, pairs: Readonly<Record<string, string>>): JsonObject {
  const added = Object.entries(pairs).flatMap(([theirs, ours]) => {
    const [written, own] = [block[theirs], block[ours]]
    const isNew = written !== undefined && JSON.stringify(written) !== JSON.stringify(before[theirs])
    if (written !== undefined && (isNew || own === undefined)) return [[ours, written] as const]
    return own !== undefined && before[theirs] !== undefined ? [[theirs, own] as const] : []
  })
  return { ...block, ...Object.fromEntries(added) }
}

const objectOf = (document: JsonObject, key: string): JsonObject => {
  const value = document[key]
  return isJsonObject(value) ? value : {}
}
