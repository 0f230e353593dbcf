import type { Json, JsonObject } from '../../json.ts'
import { defaultModel, structuredOutputsOf, type LlmProvider } from '../../providers/index.ts'
import type { LintFinding } from './finding.ts'

/** What only language models need: a model, and a way of structured output that this model follows. */
export function llmRules(provider: LlmProvider, config: JsonObject, path: string): LintFinding[] {
  return [...modelMissing(provider, config['model'], path), ...structuredOutput(provider, config, path)]
}

function modelMissing(provider: LlmProvider, model: Json | undefined, path: string): LintFinding[] {
  if (provider.network === 'never' || defaultModel(provider) !== undefined || (typeof model === 'string' && model !== ''))
    return []
  return [
    {
      rule: 'model-missing',
      severity: 'error',
      path: `${path}/model`,
      message: `${provider.name} needs the name of a model`,
      hint: 'Choose one: only the server knows which it has.',
    },
  ]
}

function structuredOutput(provider: LlmProvider, config: JsonObject, path: string): LintFinding[] {
  const { model, structured_output: asked } = config
  const ways: readonly string[] = structuredOutputsOf(provider.id, typeof model === 'string' ? model : undefined) ?? []
  if (typeof asked !== 'string' || ways.length === 0 || ways.includes(asked)) return []
  const name = typeof model === 'string' && model !== '' ? model : (defaultModel(provider) ?? provider.name)
  return [
    {
      rule: 'structured-output-unsupported',
      severity: 'warning',
      path: `${path}/structured_output`,
      message: `${name} of ${provider.name} does not follow "${asked}"`,
      hint: `It follows ${ways.join(', ')}; without a choice, the first of them is used.`,
    },
  ]
}
