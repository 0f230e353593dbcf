import type { Choice, ProviderOption, StructuredOutput } from '../provider.ts'

/** Best first, as everywhere. */
export const ALL_WAYS: readonly StructuredOutput[] = ['json_schema', 'json_object', 'prompt']

const ways: Readonly<Record<StructuredOutput, Choice>> = {
  json_schema: { value: 'json_schema', label: 'JSON Schema', help: 'The provider enforces the table: the safest' },
  json_object: { value: 'json_object', label: 'JSON object', help: 'The provider promises JSON; the table stands in the prompt' },
  prompt: { value: 'prompt', label: 'Prompt only', help: 'For servers that know neither; replies are checked and mended' },
}

type LlmForm = Readonly<{
  /** The model that is used when the document names none. */
  model?: string
  max_temperature?: number
  structured_output?: readonly StructuredOutput[]
  /** Some of its models think before they speak unless they are told not to. */
  thinks?: boolean
}>

const thinkFirst: ProviderOption = {
  key: 'think_first',
  label: 'Think first',
  type: 'bool',
  default: false,
  advanced: true,
  help: 'Lets a model that can think do so before each reply: more exact, and silent meanwhile. No temperature is sent then.',
}

/** Left alone: 10 s, and 30 s for a server on this machine, which may have to load its model first. */
const patience: ProviderOption = {
  key: 'timeout_ms',
  label: 'Patience',
  type: 'int',
  min: 500,
  max: 120_000,
  step: 500,
  unit: 'ms',
  advanced: true,
  help: 'How long the model may be silent before the next choice is asked, or the caller is asked to say it again.',
}

/** What every LLM lets one choose. Without a choice of structured output, the best that the model follows is used. */
export const llmOptions = ({
  model,
  max_temperature = 2,
  structured_output = ALL_WAYS,
  thinks = false,
}: LlmForm): readonly ProviderOption[] => [
  {
    key: 'model',
    label: 'Model',
    type: 'model',
    ...(model === undefined ? {} : { default: model }),
    any: true,
    help: 'Any name that the server knows.',
  },
  {
    key: 'temperature',
    label: 'Temperature',
    type: 'float',
    min: 0,
    max: max_temperature,
    step: 0.1,
    default: 0.7,
    help: max_temperature > 1 ? '0 says the same again; above 1 it wanders.' : '0 says the same again.',
  },
  {
    key: 'max_tokens',
    label: 'Longest reply',
    type: 'int',
    min: 1,
    max: 32_768,
    step: 1,
    unit: 'tokens',
    advanced: true,
    help: 'A reply that reaches it is cut off and mended; leave empty for the provider’s own limit.',
  },
  {
    key: 'structured_output',
    label: 'Structured output',
    type: 'choice',
    ...(structured_output[0] === undefined ? {} : { default: structured_output[0] }),
    choices: structured_output.map((way) => ways[way]),
    help: 'How the model is told what to write; left alone, the best way that it follows.',
  },
  patience,
  ...(thinks ? [thinkFirst] : []),
]
