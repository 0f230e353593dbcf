import type { llm } from '@livekit/agents'
import { isJsonObject, parseJson, type JsonObject } from '../../../core/json.ts'

/** A call of a tool as a model wrote it. `extra` and `signature`: what it wants to have back with the result. */
export type ModelCall = Readonly<{ name: string; text: string; extra?: JsonObject; signature?: string }>

/** For protocols in which arguments are an object. */
export function argumentsIn({ args }: llm.FunctionCall): JsonObject {
  const value = parseJson(args)
  return isJsonObject(value) ? value : {}
}
