/**
 * What a caller's application may change for one session: nothing that reaches another address, key, tool or schema. A path that is not
 * listed here is refused, whatever it holds.
 */
import * as z from 'zod'
import { DynamicVar, LIMITS, LlmConfig, SttConfig, TtsConfig, TurnConfig } from '../agent/document.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'

export type Refusal = Readonly<{ path: string; message: string }>
export type CheckedOverrides = Readonly<{ overrides: JsonObject; refused: readonly Refusal[] }>

const name = z.string().trim().min(1).max(200)

const ALLOWED: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = {
  llm_config: { model: name, temperature: LlmConfig.shape.temperature.unwrap() },
  tts_config: { voice_id: name, speed: TtsConfig.shape.speed.unwrap() },
  stt_config: { language: SttConfig.shape.language.unwrap().trim().min(1).max(35) },
  tracing_config: { enabled: z.boolean() },
  prompt_config: {
    dynamic_vars: z
      .record(z.string().min(1).max(200), DynamicVar)
      .refine(
        (variables) => Object.keys(variables).length <= LIMITS.variables,
        `there are more than ${LIMITS.variables} variables`,
      ),
  },
  turn_config: TurnConfig.shape,
}

const MOST_REFUSALS = 50

/** Sorts what is allowed and well-typed from what is not; `at` is the pointer of `overrides` itself. Keys may be nested or dotted. */
export function checkOverrides(overrides: Json, at: string): CheckedOverrides {
  if (!isJsonObject(overrides)) return { overrides: {}, refused: [{ path: at, message: 'must be an object' }] }
  const refused: Refusal[] = []
  const checked = new Map<string, Map<string, Json>>()
  for (const { part, key, value, path } of entriesOf(overrides, at)) {
    const message = problemOf(part, key, value)
    if (message !== undefined) refused.push({ path, message })
    else checked.set(part, (checked.get(part) ?? new Map<string, Json>()).set(key, value))
  }
  const more = refused.length - MOST_REFUSALS
  return {
    overrides: Object.fromEntries([...checked].map(([part, values]) => [part, Object.fromEntries(values)])),
    refused: more > 0 ? [...refused.slice(0, MOST_REFUSALS), { path: at, message: `${more} more are not allowed` }] : refused,
  }
}

type Entry = Readonly<{ part: string; key: string; value: Json; path: string }>

function entriesOf(overrides: JsonObject, at: string): readonly Entry[] {
  return Object.entries(overrides).flatMap(([part, value]): Entry[] => {
    const path = `${at}/${escaped(part)}`
    const dot = part.indexOf('.')
    if (dot > 0) return [{ part: part.slice(0, dot), key: part.slice(dot + 1), value, path }]
    if (!isJsonObject(value) || !Object.hasOwn(ALLOWED, part)) return [{ part, key: '', value, path }]
    return Object.entries(value).map(([key, inner]) => ({ part, key, value: inner, path: `${path}/${escaped(key)}` }))
  })
}

function problemOf(part: string, key: string, value: Json): string | undefined {
  const keys = Object.hasOwn(ALLOWED, part) ? ALLOWED[part] : undefined
  if (keys && key === '') return 'must be an object'
  const schema = keys && Object.hasOwn(keys, key) ? keys[key] : undefined
  if (!schema) return 'may not be changed for one session'
  const parsed = schema.safeParse(value)
  return parsed.success ? undefined : (parsed.error.issues[0]?.message ?? 'is not right')
}

const escaped = (key: string): string => key.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')
