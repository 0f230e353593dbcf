import { isJsonObject, parseJson, type JsonObject } from '../json.ts'
import { validateOutput } from '../output/validate-output.ts'
import type { KnownTool } from './tool.ts'
import { parametersOf } from './tool-spec.ts'

/** `problem` is told to the LLM, so that it can call again. `arguments` then holds what could be read. */
export type ReadArguments = Readonly<{ arguments: JsonObject; problem?: string }>

/**
 * What an LLM filled in, checked against the parameters. Broken JSON is not mended here: what has an effect is not done by guess.
 * Names that the tool does not have are left out.
 */
export function readArguments(tool: KnownTool, text: string): ReadArguments {
  const given = text.trim() === '' ? {} : parseJson(text)
  if (!isJsonObject(given)) return { arguments: {}, problem: `The arguments are no JSON object: ${shortened(text)}` }
  const parameters = parametersOf(tool)
  const names = new Set(parameters.map(({ field_name }) => field_name))
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name)))
  const { output, problems } = validateOutput(parameters, known)
  if (problems.length === 0) return { arguments: output }
  const list = problems.map(({ path, message }) => (path === '' ? message : `${path.slice(1)}: ${message}`))
  return { arguments: output, problem: `The arguments do not fit: ${list.join('; ')}` }
}

const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}…` : text)
