import type { LlmProvider } from '../provider.ts'
import { DEFAULT_PRESET, rehearsalPresets } from '../rehearsal-presets.ts'
import { ALL_WAYS } from './llm-options.ts'

export const rehearsal: LlmProvider<'rehearsal'> = {
  id: 'rehearsal',
  kind: 'llm',
  name: 'Rehearsal (no AI)',
  aliases: [],
  description:
    'Not an AI: it understands nothing, fills the fields with values that fit, echoes the caller’s words, and keeps the pace of a known model.',
  is_ai: false,
  network: 'never',
  needs: { kind: 'nothing' },
  documentation: 'https://github.com/kwindla/aiewf-eval',
  models: rehearsalPresets.map(({ id, name, first_token_p50_ms, first_token_p95_ms, illustrative_tokens_per_second }) => ({
    id,
    label: name,
    help: `first token ${first_token_p50_ms} ms (p95 ${first_token_p95_ms}), then ${illustrative_tokens_per_second} tokens/s (illustrative)`,
  })),
  options: [
    {
      key: 'model',
      label: 'Pace of',
      type: 'model',
      default: DEFAULT_PRESET,
      any: false,
      help: 'Whose published time to the first token it keeps.',
    },
    {
      key: 'tokens_per_second',
      label: 'Tokens per second',
      type: 'int',
      min: 1,
      max: 2000,
      step: 1,
      advanced: true,
      help: 'Instead of the preset’s own, which is illustrative.',
    },
  ],
  capabilities: { streaming: true, structured_output: ALL_WAYS },
}
