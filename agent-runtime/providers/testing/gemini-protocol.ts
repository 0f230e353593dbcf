import * as z from 'zod'
import { parseJson } from '../../../core/json.ts'
import { chatOf, data, number, pieces, schema, SIGNATURE, text, whyNot, type LlmProtocol } from './llm-protocol.ts'

const Texts = z.strictObject({ parts: z.array(z.strictObject({ text })).min(1) })
/** ai.google.dev/gemini-api/docs/function-calling and …/thought-signatures */
const Part = z.union([
  z.strictObject({ text }),
  z.strictObject({
    functionCall: z.strictObject({ id: text.optional(), name: text, args: schema }),
    thoughtSignature: z.literal(SIGNATURE).optional(),
  }),
  z.strictObject({
    functionResponse: z.strictObject({
      id: text.optional(),
      name: text,
      response: z.union([z.strictObject({ output: z.json() }), z.strictObject({ error: z.json() })]),
    }),
  }),
])
/** ai.google.dev/api/generate-content */
const GeminiBody = z.strictObject({
  systemInstruction: Texts,
  contents: z.array(z.strictObject({ role: z.enum(['user', 'model']), parts: z.array(Part).min(1) })).min(1),
  tools: z
    .tuple([
      z.strictObject({
        functionDeclarations: z.array(z.strictObject({ name: text, description: text, parametersJsonSchema: schema })).min(1),
      }),
    ])
    .optional(),
  generationConfig: z.strictObject({
    temperature: number,
    maxOutputTokens: number,
    responseMimeType: z.literal('application/json').optional(),
    responseJsonSchema: schema.optional(),
    thinkingConfig: z.strictObject({ thinkingBudget: number, thinkingLevel: z.string().optional() }).optional(),
  }),
})
type Contents = z.infer<typeof GeminiBody>['contents']

/** The first call of the present turn has to come back with its signature, and every call with its response. */
function unanswered(contents: Contents): string | undefined {
  const last = contents.at(-1)?.parts.filter((part) => 'functionResponse' in part) ?? []
  const before = contents.at(-2)?.parts.filter((part) => 'functionCall' in part) ?? []
  if (last.length === 0) return undefined
  if (last.length !== before.length) return 'the number of function response parts is not that of the function call parts'
  return before[0]?.thoughtSignature ? undefined : 'Function call is missing a thought_signature'
}

export const geminiProtocol: LlmProtocol = {
  path: /^\/v1beta\/models\/[^/]+:streamGenerateContent\?alt=sse$/,
  problem: (body) => whyNot(GeminiBody, body) ?? unanswered(GeminiBody.parse(body).contents),
  read: (body) => {
    const { systemInstruction, contents, generationConfig, tools } = GeminiBody.parse(body)
    const lines = contents.flatMap(({ role, parts }) =>
      parts.flatMap((part) => {
        if ('functionResponse' in part)
          return [{ role: 'tool', content: JSON.stringify(Object.values(part.functionResponse.response)[0]) }]
        return 'text' in part ? [{ role: role === 'model' ? 'assistant' : role, content: part.text }] : []
      }),
    )
    const system = systemInstruction.parts.map(({ text }) => text).join('')
    return chatOf('m', system, lines, generationConfig.responseJsonSchema, tools?.[0].functionDeclarations)
  },
  events: (text) =>
    [
      { candidates: [content({ text: 'I should be brief.', thought: true })] },
      ...pieces(text).map((words) => ({ candidates: [content({ text: words })], usageMetadata: { promptTokenCount: 50 } })),
      geminiEnd,
    ].map(data),
  calls: (calls) => {
    const parts = calls.map(({ name, arguments: given }, index) => ({
      functionCall: { id: `fc_${index}`, name, args: ChatArguments.parse(given) },
      ...(index === 0 && { thoughtSignature: SIGNATURE }),
    }))
    return [{ candidates: [content(...parts)], usageMetadata: { promptTokenCount: 50 } }, geminiEnd].map(data)
  },
}

const content = (...parts: readonly object[]) => ({ content: { role: 'model', parts }, index: 0 })
const geminiEnd = {
  candidates: [{ ...content(), finishReason: 'STOP' }],
  usageMetadata: {
    promptTokenCount: 50,
    cachedContentTokenCount: 20,
    candidatesTokenCount: 6,
    thoughtsTokenCount: 3,
    totalTokenCount: 59,
  },
}
const ChatArguments = z.string().transform((given) => parseJson(given) ?? {})
