/** A body of the first family of clients of the agents API (`production-api.md`, part B), word for word. */
export const FIRST_FAMILY = {
  name: 'groq agent',
  instructions: 'You are a helpful voice assistant.',
  enabled: true,
  stt: { provider: 'openai', model: 'whisper-1' },
  llm: { provider: 'groq', model: 'llama-3.1-8b-instant' },
  tts: { provider: 'openai', voiceId: 'nova', voiceName: 'Nova' },
  voiceOptions: { stability: 0.4 },
}
