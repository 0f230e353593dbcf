import { AgentDocument } from '../../../core/agent/document.ts'
import { isJsonObject, parseJson } from '../../../core/json.ts'
import { validateOutput } from '../../../core/output/validate-output.ts'
import { builtinForm } from '../../providers/llm/builtin-request.ts'
import type { Engine, GenerateRequest, MeasureModel } from '../engine.ts'
import { createLlmEngine } from '../llm-engine.ts'
import { fieldCases, type FieldCase } from './field-cases.ts'

type Message = GenerateRequest['messages'][number]
type Generate = NonNullable<Engine['generate']>
type Run = Readonly<{ holds: boolean; first_token_ms: number; tokens_per_second: number | undefined }>

/** Loads a model as a call does, and lets it answer the field test: what it is worth, and how fast it is here. */
export const measureLlm: MeasureModel = async (models_dir, model) => {
  const before = process.memoryUsage.rss()
  const began = performance.now()
  const { generate } = await createLlmEngine(models_dir)
  if (!generate) throw new Error('The built-in LLM does not write')
  for await (const _ of generate(warmUp(model), never)) void _
  const load_ms = performance.now() - began
  const runs: Run[] = []
  for (const one of fieldCases) runs.push(await runCase(generate, model, one))
  const speeds = runs.flatMap(({ tokens_per_second }) => tokens_per_second ?? [])
  return {
    load_ms: Math.round(load_ms),
    memory_mb: Math.round((process.memoryUsage.rss() - before) / 1e6),
    first_token_ms: Math.round(median(runs.map(({ first_token_ms }) => first_token_ms))),
    ...(speeds.length > 0 && { tokens_per_second: Math.round(median(speeds) * 10) / 10 }),
    follows_fields: Math.round((100 * runs.filter(({ holds }) => holds).length) / runs.length) / 100,
    cases: runs.length,
  }
}

/** One for all: the memory of a call is that of one conversation. */
const CONVERSATION = 'field test'

const never = new AbortController().signal
const warmUp = (model: string): GenerateRequest => ({
  model,
  conversation: CONVERSATION,
  messages: [{ role: 'system', content: 'You are kind.' }],
  temperature: 0,
  max_tokens: 0,
})

/** Greedily, so that the same model gets the same mark again. The system message is read beforehand, as it is in a call. */
async function runCase(generate: Generate, model: string, one: FieldCase): Promise<Run> {
  const document = AgentDocument.parse({
    agent_id: 'field-test',
    name: one.name,
    prompt_config: { instructions: one.instructions },
    schema_config: { fields: one.fields },
    llm_config: { provider: 'builtin', model, temperature: 0 },
  })
  const form = builtinForm(document)
  const system: Message = { role: 'system', content: one.instructions }
  for await (const _ of generate({ ...form.request(CONVERSATION, [system]), max_tokens: 0 }, never)) void _
  const said = [...(one.before ?? []), one.said].map((content, index): Message => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content,
  }))
  const reader = form.reader()
  const began = performance.now()
  let [text, first, tokens] = ['', 0, 0]
  for await (const item of generate(form.request(CONVERSATION, [system, ...said]), never)) {
    if ('text' in item) {
      first ||= performance.now()
      text += reader.push(item.text)
    } else tokens = item.usage.completion_tokens ?? 0
  }
  const took = performance.now() - first
  return {
    holds: isRight(document, text + reader.end(), one),
    first_token_ms: first - began,
    tokens_per_second: tokens > 1 && took > 0 ? ((tokens - 1) * 1000) / took : undefined,
  }
}

function isRight({ schema_config: { fields } }: AgentDocument, text: string, { holds }: FieldCase): boolean {
  const output = parseJson(text)
  return isJsonObject(output) && validateOutput(fields, output).problems.length === 0 && holds(output)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
