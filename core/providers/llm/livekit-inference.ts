import { LIVEKIT_URL, liveKitNeeds, liveKitOptions } from '../livekit-connection.ts'
import type { LlmProvider, ProviderModel } from '../provider.ts'
import { ALL_WAYS, llmOptions } from './llm-options.ts'

const model = (id: string, label: string, help: string): ProviderModel => ({ id, label, help })

/** For users of LiveKit Cloud; a LiveKit server of one's own has no such gateway. */
export const livekitInference: LlmProvider<'livekit-inference'> = {
  id: 'livekit-inference',
  kind: 'llm',
  name: 'LiveKit Inference',
  aliases: ['livekit', 'livekit.io', 'livekit.cloud'],
  description: 'Models of many vendors through LiveKit Cloud, paid with its credits; needs a project there.',
  is_ai: true,
  network: 'to its address',
  base_url: LIVEKIT_URL,
  needs: liveKitNeeds,
  documentation: 'https://docs.livekit.io/agents/models/llm/inference/',
  models: [
    model('openai/gpt-4.1-mini', 'GPT-4.1 mini', 'Quick and cheap; follows a schema well'),
    model('openai/gpt-4.1', 'GPT-4.1', 'Follows long prompts more exactly'),
    model('google/gemini-2.5-flash', 'Gemini 2.5 Flash', 'Quick, with a long memory'),
    model('openai/gpt-oss-120b', 'gpt-oss-120b', 'Open; thinks a little first'),
    model('xai/grok-4-1-fast-non-reasoning', 'Grok 4.1 Fast', 'Begins at once'),
  ],
  options: [...llmOptions({ model: 'openai/gpt-4.1-mini' }), ...liveKitOptions],
  capabilities: { streaming: true, structured_output: ALL_WAYS },
}
