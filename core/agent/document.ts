import * as z from 'zod'
import { AgentId } from '../contract/ids.ts'
import { Field } from '../output/field.ts'
import { RoutingConfig } from '../routing/routing-config.ts'
import { Tools } from '../tools/tool.ts'
import { SecretReference } from './secret-reference.ts'

/** The format that this build writes. Older ones are migrated on reading, newer ones open read-only. */
export const DOCUMENT_FORMAT = 1

/** A variable's default value, or its description with one. */
export const DynamicVar = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.looseObject({ default: z.json().optional(), description: z.string().optional() }),
])

/** What a document may hold at most, in characters and pieces. */
export const LIMITS = { instructions: 200_000, greeting: 10_000, variables: 500, fields: 100 } as const

const noInstructions = {
  error: ({ input }: Readonly<{ input?: unknown }>) =>
    input === undefined ? 'is missing: the agent needs instructions' : undefined,
}

export const PromptConfig = z.looseObject(
  {
    template_id: z.string().optional(),
    instructions: z.string(noInstructions).min(1, 'the agent needs instructions').max(LIMITS.instructions),
    greeting: z.string().max(LIMITS.greeting).optional(),
    dynamic_vars: z
      .record(z.string(), DynamicVar)
      .refine(
        (variables) => Object.keys(variables).length <= LIMITS.variables,
        `there are more than ${LIMITS.variables} variables`,
      )
      .default({}),
  },
  noInstructions,
)

export const SchemaConfig = z
  .looseObject({
    schema_id: z.string().optional(),
    /** The field whose text is spoken while it streams. */
    spoken_field: z.string().default('system_response'),
    /** Counted before each is looked at, for every one of a million rows has its own problems. */
    fields: z.array(z.any()).max(LIMITS.fields).pipe(z.array(Field)).default([]),
  })
  .superRefine(({ fields }, context) => {
    const seen = new Set<string>()
    fields.forEach((field, index) => {
      if (seen.has(field.field_name)) {
        context.addIssue({
          code: 'custom',
          path: ['fields', index, 'field_name'],
          message: `"${field.field_name}" is there twice; names must be unique`,
        })
      }
      seen.add(field.field_name)
    })
  })

const providerBlock = {
  provider: z.string().min(1),
  model: z.string().optional(),
  base_url: z.url({ protocol: /^https?$/ }).optional(),
  api_key: SecretReference.optional(),
  /** The second half of a key that has two. */
  api_secret: SecretReference.optional(),
}
/** Servers that hear while somebody speaks are also named by their WebSocket. */
const sttBlock = { ...providerBlock, base_url: z.url({ protocol: /^(https?|wss?)$/ }).optional() }
const fallbackBlock = z.looseObject(providerBlock)
/** Further choices, in order, and how long the one before is waited for (first token, first audio, transcript), ms. */
const fallback = {
  fallbacks: z.array(fallbackBlock).max(3).optional(),
  fallback_after_ms: z.int().min(100).max(60_000).optional(),
}

export const SttConfig = z.looseObject({
  ...sttBlock,
  ...fallback,
  fallbacks: z.array(z.looseObject(sttBlock)).max(3).optional(),
  provider: providerBlock.provider.default('builtin'),
  language: z.string().default('en'),
})
export const LlmConfig = z.looseObject({
  ...providerBlock,
  ...fallback,
  provider: providerBlock.provider.default('rehearsal'),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.int().min(1).optional(),
  /** How the provider is told the schema; absent: `json_schema` unless `supports_structured_output` is false. */
  structured_output: z.enum(['json_schema', 'json_object', 'prompt']).optional(),
  supports_structured_output: z.boolean().optional(),
})
export const TtsConfig = z.looseObject({
  ...providerBlock,
  ...fallback,
  provider: providerBlock.provider.default('builtin'),
  voice_id: z.string().optional(),
  voice_name: z.string().optional(),
  speed: z.number().min(0.25).max(4).optional(),
  /** The field whose value steers the voice. */
  instruction_field: z.string().default('voice_instructions'),
})

/** Defaults are the ones measured to answer soonest without cutting people off (`calls.md` parts 3 and 4). */
export const TurnConfig = z.looseObject({
  turn_detection: z.enum(['eot', 'vad', 'manual']).default('eot'),
  min_endpointing_delay_ms: z.int().min(0).max(10_000).default(300),
  max_endpointing_delay_ms: z.int().min(0).max(30_000).default(2500),
  allow_interruptions: z.boolean().default(true),
  min_interruption_duration_ms: z.int().min(0).max(10_000).default(500),
  min_interruption_words: z.int().min(0).max(100).default(0),
  vad_activation_threshold: z.number().min(0).max(1).default(0.5),
  vad_min_silence_ms: z.int().min(50).max(5000).default(250),
  /** Said when nobody could answer the caller; absent: a sentence of ours, empty: nothing. */
  failure_sentence: z.string().max(500).optional(),
  /** Said when the agent is back after a crash; absent: a sentence of ours, empty: nothing. */
  recovery_sentence: z.string().max(500).optional(),
})

/** How the agent behaves towards frontends in a room. */
export const RoomConfig = z.looseObject({
  /** Sends each turn's output as RPC `agent.turn` to the caller's frontend as well; the reply never waits for it. */
  turn_rpc: z.boolean().optional(),
})

/** Traces of its calls; where they go is the host's to know unless something is said here. */
export const TracingConfig = z.looseObject({
  enabled: z.boolean().default(false),
  /** Of sessions that are traced; decided once for each. Absent: all. */
  sample_rate: z.number().min(0).max(1).optional(),
  /** `none`: no prompts, transcripts, outputs, arguments or results in them. Absent: all. */
  content: z.enum(['all', 'none']).optional(),
  /** `otlp` or `langfuse`, to a place of the agent's own. */
  provider: z.string().max(64).optional(),
  /** Of `otlp`: the collector's address for traces (…/v1/traces). Of `langfuse`: the server. */
  base_url: z.url({ protocol: /^https?$/ }).optional(),
  /** Of `otlp`. */
  headers: z.record(z.string().max(100), SecretReference).optional(),
  /** Of `langfuse`. */
  public_key: SecretReference.optional(),
  secret_key: SecretReference.optional(),
})

/** The whole agent as a document: editor, database, files and API share this shape. Unknown keys are kept. */
export const AgentDocument = z.looseObject({
  format: z.int().min(1).max(DOCUMENT_FORMAT).default(DOCUMENT_FORMAT),
  agent_id: AgentId,
  name: z.string().trim().min(1, 'the agent needs a name').max(200),
  description: z.string().max(10_000).default(''),
  /** `interview support sales onboarding custom`, or what an extension registers; others run as `custom`. */
  agent_type: z.string().min(1).max(64).default('custom'),
  tags: z.array(z.string().min(1).max(64)).max(50).default([]),
  prompt_config: PromptConfig,
  schema_config: SchemaConfig.prefault({}),
  stt_config: SttConfig.prefault({}),
  llm_config: LlmConfig.prefault({}),
  tts_config: TtsConfig.prefault({}),
  turn_config: TurnConfig.prefault({}),
  tools: Tools.default([]),
  /** False: without the tools of the extension that registers the agent's type. */
  extension_tools: z.boolean().optional(),
  routing: RoutingConfig.default({}),
  room_config: RoomConfig.default({}),
  tracing_config: TracingConfig.prefault({}),
})
export type AgentDocument = Readonly<z.infer<typeof AgentDocument>>
