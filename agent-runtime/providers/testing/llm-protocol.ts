import type { IncomingHttpHeaders } from 'node:http'
import * as z from 'zod'
import type { Json } from '../../../core/json.ts'
import { ChatRequest, type AskedCall } from './prompt-reader.ts'

/** One vendor's published protocol, as far as a streamed reply in words needs it. */
export type LlmProtocol = Readonly<{
  path: RegExp
  /** What the vendor would refuse: a field that it does not have, a missing one, a wrong header. */
  problem: (body: Json | undefined, headers: IncomingHttpHeaders) => string | undefined
  read: (body: Json | undefined) => ChatRequest
  /** Every answer is 9 tokens long and was read from 50, of which 20 came from the cache. */
  events: (text: string) => readonly string[]
  /** The same for an answer that calls tools, their arguments in pieces where they come so. */
  calls: (calls: readonly AskedCall[], request: ChatRequest) => readonly string[]
}>

export const pieces = (text: string): string[] => text.match(/[\s\S]{1,12}/g) ?? []
export const data = (value: unknown) => `data: ${JSON.stringify(value)}`
export const named = (event: Readonly<{ type: string; sequence_number?: number }>) => `event: ${event.type}\n${data(event)}`
export const whyNot = (schema: z.ZodType, body: unknown) => schema.safeParse(body).error?.message

export const schema = z.record(z.string(), z.json())
export const number = z.number().optional()
export const message = (roles: readonly string[]) => z.strictObject({ role: z.enum(roles), content: z.string().min(1) })

export const text = z.string().min(1)
/** What a model signs its thoughts with. */
export const SIGNATURE = 'sig-of-thoughts'

export const chatOf = (
  model: string,
  system: string,
  lines: readonly object[],
  format?: z.infer<typeof schema>,
  tools?: readonly object[],
): ChatRequest =>
  ChatRequest.parse({
    model,
    messages: [{ role: 'system', content: system }, ...lines],
    ...(tools && { tools }),
    ...(format && { response_format: { type: 'json_schema', json_schema: { schema: format } } }),
  })
