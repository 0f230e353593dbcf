/** How a local LLM is asked, so that what it says is sane. Data: what a model needs was found by trying it. */
export type LlmProfile = Readonly<{
  /** Too small to understand much: it shows that a call works offline, and no more. */
  demo: boolean
  /** `speech`: it writes as people write speech down, and the JSON is made of that; a tiny model is lost inside JSON. */
  form: 'json' | 'speech'
  /** Its own replies as it said them, or as the whole output. Tiny models copy the JSON that they see. */
  history: 'spoken' | 'output'
  /** Whether the fields are explained in the prompt. A tiny model reads such a list aloud. */
  explains_fields: boolean
  /** Characters of the prompt that it is shown, whole sentences from the beginning: a tiny model is lost in more. */
  longest_prompt: number
  /** Turns that come before the conversation, to show what a reply looks like. */
  examples: readonly Readonly<{ user: string; assistant: string }>[]
  spoken: 'free' | 'short_question'
  /** What `voice_instructions` is chosen from; empty: written freely. */
  styles: readonly string[]
  longest_text: number
  temperature: number
  repeat_penalty: number
  max_tokens: number
  /** Tokens that it may have in view at most: memory grows with them. */
  longest_context: number
}>

const STYLES = [
  'Warm and friendly.',
  'Calm and clear.',
  'Cheerful and lively.',
  'Gentle and caring.',
  'Serious and to the point.',
]

const TINY: LlmProfile = {
  demo: true,
  form: 'speech',
  history: 'spoken',
  explains_fields: false,
  longest_prompt: 500,
  examples: [
    { user: 'Hello, good morning.', assistant: 'Good morning, thank you for calling. What can I do for you?' },
    { user: 'Yes, that is right.', assistant: 'I see, that is good to know. Could you tell me a little more about it?' },
  ],
  spoken: 'short_question',
  styles: STYLES,
  longest_text: 120,
  temperature: 0.5,
  repeat_penalty: 1.1,
  max_tokens: 300,
  longest_context: 4096,
}

const SMALL: LlmProfile = {
  demo: false,
  form: 'json',
  history: 'output',
  explains_fields: true,
  longest_prompt: Infinity,
  examples: [],
  spoken: 'free',
  styles: STYLES,
  longest_text: 300,
  temperature: 0.6,
  repeat_penalty: 1.1,
  max_tokens: 500,
  longest_context: 8192,
}

const LARGE: LlmProfile = {
  ...SMALL,
  styles: [],
  longest_text: 600,
  repeat_penalty: 1.05,
  max_tokens: 800,
  longest_context: 16_384,
}

/** By the size that model ids carry (`smollm2-135m-instruct`, `Qwen3-1.7B-Q4_K_M`), in parameters. */
const BY_SIZE: readonly Readonly<{ below: number; profile: LlmProfile }>[] = [
  { below: 0.45e9, profile: TINY },
  { below: 2.5e9, profile: SMALL },
  { below: Infinity, profile: LARGE },
]

/** The profile of a model by its id. One that does not say its size is taken for a small one. */
export function llmProfile(model_id: string): LlmProfile {
  const size = parametersOf(model_id)
  return (size === undefined ? undefined : BY_SIZE.find(({ below }) => size < below)?.profile) ?? SMALL
}

function parametersOf(model_id: string): number | undefined {
  const found = /(?:^|[^a-z0-9.])(\d+(?:\.\d+)?)(m|b)(?:[^a-z0-9]|$)/i.exec(model_id)
  if (!found) return undefined
  return Number(found[1]) * (found[2]?.toLowerCase() === 'm' ? 1e6 : 1e9)
}
