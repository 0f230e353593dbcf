import { AS_JSON, fieldRules, RULES, typedFields, type GrammarShape } from '../output/grammar.ts'
import { choice, quoted } from '../output/grammar-text.ts'
import type { KnownTool } from './tool.ts'
import { parametersOf } from './tool-spec.ts'
import { TOOL_CALL } from './tool-words.ts'

/** The grammar of a reply, or of a call of one of the tools in its place. Without a grammar, a reply is anything that begins with no brace. */
export function withToolCalls(grammar: string | undefined, tools: readonly KnownTool[], longest_text: number): string {
  const shape: GrammarShape = { spoken_field: '', spoken: 'free', style_field: '', styles: [], longest_text }
  const calls = tools.map((tool, index) => callRules(tool, `t${index}`, shape))
  const reply = grammar?.replace(/^root ::=/m, 'reply ::=') ?? [String.raw`reply ::= [^{\x00-\x20] [^\x00]*`, ...RULES].join('\n')
  const call = `call ::= ${quoted(`{"${TOOL_CALL}":{"name":`)} ${choice(tools.map((_, index) => `t${index}`))} ${quoted('}}')}`
  return ['root ::= reply | call', reply, call, ...calls.flat()].join('\n')
}

function callRules(tool: KnownTool, name: string, shape: GrammarShape): string[] {
  const typed = typedFields(parametersOf(tool))
  const keys = typed.map(
    ({ field }, index) => `${quoted(`${index === 0 ? '' : ','}${JSON.stringify(field.field_name)}:`)} ${name}f${index}`,
  )
  const start = quoted(`${JSON.stringify(tool.name)},"arguments":{`)
  return [`${name} ::= ${[start, ...keys, quoted('}')].join(' ')}`, ...fieldRules(typed, shape, AS_JSON, `${name}f`)]
}
