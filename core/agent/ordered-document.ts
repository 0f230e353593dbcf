import type * as z from 'zod'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../json.ts'
import { Field } from '../output/field.ts'
import { AgentDocument, LlmConfig, PromptConfig, SchemaConfig, SttConfig, TtsConfig, TurnConfig } from './document.ts'
import { AttributeRule, HoursRule, RoutingConfig } from '../routing/routing-config.ts'
import { FieldConstraints } from '../output/field-rule.ts'

type Order = Readonly<{ keys: readonly string[]; inner?: Readonly<Record<string, Order>>; items?: Order }>

const order = (schema: z.ZodObject, inner?: Readonly<Record<string, Order>>): Order => ({
  keys: Object.keys(schema.shape),
  ...(inner && { inner }),
})

const DOCUMENT = order(AgentDocument, {
  prompt_config: order(PromptConfig),
  schema_config: order(SchemaConfig, { fields: { keys: [], items: order(Field, { constraints: order(FieldConstraints) }) } }),
  stt_config: order(SttConfig),
  llm_config: order(LlmConfig),
  tts_config: order(TtsConfig),
  turn_config: order(TurnConfig),
  routing: order(RoutingConfig, {
    attributes: { keys: [], items: order(AttributeRule) },
    hours: { keys: [], items: order(HoursRule) },
  }),
})

/**
 * The same document with its keys in one order: known ones as the schema declares them, then unknown ones by name. Lists keep theirs.
 * Equal documents give equal text, whichever store or editor they come from.
 */
export const orderedDocument = (content: JsonObject): JsonObject => orderedObject(content, DOCUMENT)

function orderedObject(value: JsonObject, { keys, inner }: Order): JsonObject {
  const known = keys.filter((key) => Object.hasOwn(value, key))
  const unknown = Object.keys(value)
    .filter((key) => !keys.includes(key))
    .sort()
  return Object.fromEntries(
    [...known, ...unknown].map((key) => [
      key,
      orderedValue(value[key] ?? null, inner && Object.hasOwn(inner, key) ? inner[key] : undefined),
    ]),
  )
}

function orderedValue(value: Json, known: Order = { keys: [] }): Json {
  if (isJsonArray(value)) return value.map((item) => orderedValue(item, known.items))
  return isJsonObject(value) ? orderedObject(value, known) : value
}
