import type { DocumentJson } from '../contract/agents.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { copyObject } from './json-copy.ts'
import { checkOverrides, type Refusal } from './override-rules.ts'

/** The document as one session has it; what is not on the whitelist, or of the wrong type, is left out and told. */
export function applyOverrides(
  content: DocumentJson,
  overrides: Json,
): Readonly<{ content: DocumentJson; refused: readonly Refusal[] }> {
  const checked = checkOverrides(overrides, '')
  return { content: Object.entries(checked.overrides).reduce(withPart, content), refused: checked.refused }
}

function withPart(content: DocumentJson, [part, values]: [string, Json]): DocumentJson {
  if (!isJsonObject(values)) return content
  const before = content[part]
  const base: DocumentJson = isJsonObject(before) ? copyObject(before) : {}
  const { dynamic_vars, ...others } = values
  const variables = isJsonObject(dynamic_vars) ? { dynamic_vars: withDefaults(base['dynamic_vars'], dynamic_vars) } : {}
  return { ...content, [part]: { ...base, ...copyObject(others), ...variables } }
}

/** A value given for this session takes the place of the default; a description stays. */
function withDefaults(declared: DocumentJson[string] | undefined, values: JsonObject): DocumentJson {
  const before: DocumentJson = isJsonObject(declared) ? copyObject(declared) : {}
  const replaced = Object.entries(copyObject(values)).map(([name, value]): [string, DocumentJson[string]] => {
    const old = Object.hasOwn(before, name) ? before[name] : undefined
    return [name, isJsonObject(old) && !isJsonObject(value) ? { ...copyObject(old), default: value } : value]
  })
  return { ...before, ...Object.fromEntries(replaced) }
}
