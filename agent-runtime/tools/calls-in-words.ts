import { llm } from '@livekit/agents'
import { jsonrepair } from 'jsonrepair'
import { isJsonObject, parseJson, type JsonObject } from '../../core/json.ts'
import { TOOL_CALL } from '../../core/tools/tool-words.ts'
import type { ModelPiece } from '../session/read-model.ts'

/** `{"tool_call"`, also in a code fence; and every beginning of it. */
const OPENING = new RegExp(String.raw`^\s*(?:\x60{3}(?:json)?\s*)?\{\s*"${TOOL_CALL}"\s*:`)

/**
 * The calls of a model that is told of tools in words: a reply that begins as one is held back and read at its end. Any other passes as
 * it comes, but for its first few letters.
 */
export async function* callsInWords(pieces: AsyncIterable<ModelPiece>): AsyncGenerator<ModelPiece> {
  let held = ''
  let mode: 'open' | 'reply' | 'call' = 'open'
  for await (const piece of pieces) {
    if (!piece.text || mode === 'reply') {
      yield piece
      continue
    }
    held += piece.text
    if (mode === 'call') continue
    if (OPENING.test(held)) mode = 'call'
    else if (!mayBecomeCall(held)) {
      mode = 'reply'
      yield { ...piece, text: held }
    }
  }
  if (mode === 'reply' || held === '') return
  const call = mode === 'call' ? callIn(held) : undefined
  yield call ? { call } : { text: held }
}

/** Without white space, what has come so far is the beginning of an opening. */
function mayBecomeCall(text: string): boolean {
  const bare = text.replaceAll(/\s/g, '')
  return [`{"${TOOL_CALL}":`, `\`\`\`json{"${TOOL_CALL}":`, `\`\`\`{"${TOOL_CALL}":`].some((opening) => opening.startsWith(bare))
}

/** The first object in the text; its syntax is mended, since the model knows no other way to ask. */
function callIn(text: string): llm.FunctionCall | undefined {
  const source = text.slice(text.indexOf('{')).replace(/\s*`{3}\s*$/, '')
  const asked = objectIn(source)?.[TOOL_CALL]
  if (!isJsonObject(asked) || typeof asked['name'] !== 'string') return undefined
  const given = asked['arguments']
  return llm.FunctionCall.create({ callId: '', name: asked['name'], args: JSON.stringify(isJsonObject(given) ? given : {}) })
}

function objectIn(source: string): JsonObject | undefined {
  const exact = parseJson(source)
  if (isJsonObject(exact)) return exact
  try {
    const mended = parseJson(jsonrepair(source))
    return isJsonObject(mended) ? mended : undefined
  } catch {
    return undefined
  }
}
