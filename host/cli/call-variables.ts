import * as z from 'zod'
import type { DocumentJson } from '../../core/contract/agents.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { isJsonObject, parseJson } from '../../core/json.ts'

type Value = DocumentJson[string]

/** `user.name=Ana` is {"user": {"name": "Ana"}}; a value that is JSON is taken as JSON, anything else as words. */
export function variablesOf(assignments: readonly string[]): DocumentJson {
  let variables: DocumentJson = {}
  for (const assignment of assignments) {
    const [, path, text] = /^([A-Za-z_][\w.]*)=([^]*)$/.exec(assignment) ?? []
    if (path === undefined || text === undefined || path.includes('__proto__'))
      throw new StudioError('malformed', `"${assignment}" is not a variable`, 'Write --var name=value, or --var user.name=value.')
    variables = withValue(variables, path.split('.'), valueOf(text))
  }
  return variables
}

function withValue(into: DocumentJson, [name = '', ...rest]: readonly string[], value: Value): DocumentJson {
  if (rest.length === 0) return { ...into, [name]: value }
  const there = Object.hasOwn(into, name) ? into[name] : undefined
  return { ...into, [name]: withValue(isJsonObject(there) ? there : {}, rest, value) }
}

function valueOf(text: string): Value {
  const json = z.json().safeParse(parseJson(text))
  return json.success ? json.data : text
}
