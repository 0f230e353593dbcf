import * as z from 'zod'
import { Millis, TenantId } from './ids.ts'
import { ErrorBody } from './errors.ts'
import { operation } from './operation.ts'

export const ProviderKind = z.enum(['stt', 'llm', 'tts'])

/** A kind's block of an agent document (`llm_config` and the like), as far as it is filled in. */
const Block = z.record(z.string(), z.json())

/** Far beyond any price list; what is more would be no sum any more. */
const Usd = z.number().min(0).max(1_000_000)

/** A price as it was when something was used; see core/providers/price.ts. */
export const PriceSnapshot = z.intersection(
  z.discriminatedUnion('per', [
    z.object({
      per: z.literal('million_tokens'),
      input_usd: Usd,
      cached_input_usd: Usd.optional(),
      output_usd: Usd,
      /** Of tokens that are sound; absent: as all others. */
      audio_input_usd: Usd.optional(),
      audio_output_usd: Usd.optional(),
    }),
    z.object({ per: z.literal('minute'), usd: Usd }),
    z.object({ per: z.literal('million_characters'), usd: Usd }),
  ]),
  z.object({ as_of: z.string().max(40), source: z.string().max(500) }),
)
export type PriceSnapshot = Readonly<z.infer<typeof PriceSnapshot>>

/** The price of one model. `own`: typed in by a person, which comes before the catalogue's. */
export const PriceEntry = z.object({
  kind: ProviderKind,
  provider: z.string().min(1).max(100),
  model: z.string().max(200),
  price: PriceSnapshot,
  own: z.boolean(),
})
export type PriceEntry = Readonly<z.infer<typeof PriceEntry>>

/** One thing that a check tried, in order; what follows a failure is not tried. */
export const CheckStep = z.object({
  step: z.enum(['key', 'model', 'answer', 'structured_output', 'voice']),
  ok: z.boolean(),
  /** What was seen, for people. */
  detail: z.string(),
  ms: z.number().optional(),
  error: ErrorBody.optional(),
})
export type CheckStep = Readonly<z.infer<typeof CheckStep>>

/** What a provider showed when it was really asked. */
export const ProviderCheck = z.object({
  kind: ProviderKind,
  provider: z.string(),
  model: z.string(),
  base_url: z.string().optional(),
  ok: z.boolean(),
  at: Millis,
  steps: z.array(CheckStep),
  /** When it last passed; absent: never, so it is not verified live. */
  passed_at: Millis.optional(),
  first_token_ms: z.number().optional(),
  first_audio_ms: z.number().optional(),
  /** STT: from the end of the sample to its transcript. */
  transcription_delay_ms: z.number().optional(),
})
export type ProviderCheck = Readonly<z.infer<typeof ProviderCheck>>

const which = { kind: ProviderKind, block: Block }

export const providerOperations = {
  'provider.check': operation({
    kind: 'job',
    role: 'developer',
    audit: 'provider',
    summary: 'Ask a provider for real: key, model, structured output, first token or first audio, and a sentence to hear',
    /** `fields`: the agent’s field table, which the answer has to follow; absent: a small one of ours. */
    input: z.object({ ...which, fields: z.array(z.json()).max(100).optional() }),
    /** `sample_wav`: what a TTS said, or what an STT was given, as base64. */
    output: z.object({ check: ProviderCheck, sample_wav: z.string().optional() }),
  }),
  'provider.checks': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'The last check of each provider and model; one that never passed is not verified live',
    input: z.object({}),
    output: z.object({ checks: z.array(ProviderCheck) }),
  }),
  'provider.models': operation({
    kind: 'query',
    role: 'developer',
    summary: 'The models that a provider itself lists',
    input: z.object(which),
    output: z.object({ models: z.array(z.string()), source: z.string() }),
  }),
  'price.list': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Prices: the catalogue’s, and the ones typed in here',
    input: z.object({}),
    output: z.object({ prices: z.array(PriceEntry) }),
  }),
  'price.set': operation({
    kind: 'command',
    role: 'admin',
    audit: 'price',
    idempotent: true,
    summary: 'Set the price of a model; without a price, go back to the catalogue’s',
    input: PriceEntry.omit({ own: true, price: true }).extend({ price: PriceSnapshot.optional() }),
    output: z.object({ prices: z.array(PriceEntry) }),
  }),
} as const

/** What every window hears about providers. */
export const ProviderEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('provider.checked'), check: ProviderCheck }),
  z.object({ type: z.literal('price.changed') }),
  z.object({ type: z.literal('secret.changed'), tenant_id: TenantId.optional() }),
  z.object({ type: z.literal('model.changed') }),
])
export type ProviderEvent = Readonly<z.infer<typeof ProviderEvent>>
