import { connectionOptions, needsKey } from '../connection-options.ts'
import type { LlmProvider } from '../provider.ts'
import { ALL_WAYS, llmOptions } from './llm-options.ts'
import { priced } from './priced.ts'

const BASE_URL = 'https://generativelanguage.googleapis.com/v1beta'
const KEY = 'env:GEMINI_API_KEY'
const PRICES = 'https://ai.google.dev/gemini-api/docs/pricing'
const july = priced('2026-07', PRICES)
const thinking = (thinkingLevel: string) => ({ thinkingConfig: { thinkingLevel } })

export const google: LlmProvider<'google'> = {
  id: 'google',
  kind: 'llm',
  name: 'Google Gemini',
  aliases: ['google.com', 'gemini', 'google-gemini'],
  description: 'Gemini models, through Google’s own protocol. Enforces the table.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  models_endpoint: { path: '/models?pageSize=1000', auth: 'x-goog-api-key', list: 'models', id: 'name', strip: 'models/' },
  documentation: 'https://ai.google.dev/gemini-api/docs/structured-output',
  models: [
    {
      id: 'gemini-2.5-flash',
      label: 'Gemini 2.5 Flash',
      help: 'Quick; told not to think first',
      context_tokens: 1_048_576,
      price: july(0.3, 0.03, 2.5),
      at_once: { thinkingConfig: { thinkingBudget: 0 } },
    },
    {
      id: 'gemini-3.8-flash',
      label: 'Gemini 3.8 Flash',
      help: 'The newest; thinks a little first (half price until the end of 2026)',
      context_tokens: 1_048_576,
      price: priced('2026-10', PRICES)(0.75, 0.075, 3.75),
      at_once: thinking('low'),
    },
    {
      id: 'gemini-3.5-flash-lite',
      label: 'Gemini 3.5 Flash-Lite',
      help: 'Quick and cheap; hardly thinks',
      context_tokens: 1_048_576,
      price: july(0.3, 0.03, 2.5),
      at_once: thinking('minimal'),
    },
    {
      id: 'gemini-3.5-flash',
      label: 'Gemini 3.5 Flash',
      help: 'More exact; hardly thinks',
      context_tokens: 1_048_576,
      price: july(1.5, 0.15, 9),
      at_once: thinking('minimal'),
    },
    {
      id: 'gemini-2.5-flash-lite',
      label: 'Gemini 2.5 Flash-Lite',
      help: 'The cheapest; begins at once',
      context_tokens: 1_048_576,
      price: july(0.1, 0.01, 0.4),
    },
  ],
  options: [...llmOptions({ model: 'gemini-2.5-flash', thinks: true }), ...connectionOptions(BASE_URL, KEY)],
  capabilities: { streaming: true, structured_output: ALL_WAYS },
}
