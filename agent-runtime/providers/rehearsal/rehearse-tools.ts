import type { Json, JsonObject } from '../../../core/json.ts'
import { parametersOf } from '../../../core/tools/tool-spec.ts'
import type { KnownTool } from '../../../core/tools/tool.ts'
import { fillField, type Moment } from './fill-field.ts'

export type RehearsedCall = Readonly<{ name: string; arguments: JsonObject }>

/** Words that a description has anyway. */
const COMMON = new Set(
  'about after agent answer asked asks before being caller caller’s calls current customer every first given gives going needs other reply their there these thing tools using wants where which while whole would'.split(
    ' ',
  ),
)
const ENDING = /\b(bye|goodbye|hang up|end the call)\b/i

/**
 * Which tools rehearsal calls, so that they can be tried without a model: all that the caller names, else the first with a longer word
 * of its description among the caller's words. Nothing is understood.
 */
export function rehearseTools(tools: readonly KnownTool[], moment: Moment): readonly RehearsedCall[] {
  const said = ` ${wordsOf(moment.said).join(' ')} `
  if (said.trim() === '') return []
  const named = tools.filter(({ name }) => said.includes(` ${wordsOf(name).join(' ')} `))
  const ended = ENDING.test(moment.said) ? tools.filter(({ type }) => type === 'end_call').slice(0, 1) : []
  const meant = tools.filter((tool) => tool.type !== 'end_call' && saysSomethingOf(tool, said)).slice(0, 1)
  const chosen = named.length > 0 ? named : ended.length > 0 ? ended : meant
  return chosen.map((tool) => ({ name: tool.name, arguments: argumentsOf(tool, moment) }))
}

const saysSomethingOf = ({ description }: KnownTool, said: string): boolean =>
  wordsOf(description).some((word) => word.length >= 5 && !COMMON.has(word) && said.includes(` ${word} `))

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}’']+/gu) ?? []

function argumentsOf(tool: KnownTool, moment: Moment): JsonObject {
  const entries = parametersOf(tool).map((field): [string, Json] => {
    const given = field.field_type.trim() === 'str' ? idIn(moment.said) : undefined
    const fits = given !== undefined && /(id|number|code|key|ref)$/.test(field.field_name)
    return [field.field_name, fits ? given : fillField(field, moment)]
  })
  return Object.fromEntries(entries)
}

/** What looks like the number of an order: a word with a digit in it. */
const idIn = (said: string): string | undefined =>
  (/(?<![\p{L}\d])(?=[\p{L}\d-]*\p{L})(?=[\p{L}\d-]*\d)[\p{L}\d-]+/u.exec(said) ?? /\d+/.exec(said))?.[0]

const MOST_SAID = 120

/** What is said of the results, in words that show where they come from. */
export function toldOf(results: readonly Readonly<{ name: string; output: string; failed: boolean }>[]): string {
  return results
    .map(({ name, output, failed }) => {
      const plain = output
        .replaceAll(/["{}[\]\\]/g, ' ')
        .replaceAll(/\s*([,:])\s*/g, '$1 ')
        .replaceAll(/\s+/g, ' ')
        .trim()
      const short = plain.length > MOST_SAID ? `${plain.slice(0, MOST_SAID)} and so on` : plain
      return `${name.replaceAll('_', ' ')} ${failed ? 'did not work' : 'answered'}: ${short}.`
    })
    .join(' ')
}
