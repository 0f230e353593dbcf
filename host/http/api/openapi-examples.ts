import type { JsonObject } from '../../../core/json.ts'

/** Bodies of parts A and B as their clients send them: shown in the documentation, and sent by tests. */
export const REQUEST_EXAMPLES: Readonly<Record<string, Readonly<Record<string, JsonObject>>>> = {
  'config.create': {
    smallest: { agent_id: 'front-desk', prompt_config: { instructions: 'You answer the phone of a small hotel.' } },
    whole: {
      agent_id: 'pte-interview-agent-v1',
      name: 'PTE interview',
      agent_type: 'interview',
      version: '1.0.0',
      enabled: true,
      prompt_config: {
        template_id: 'pte_interview_v1',
        instructions: 'You are an interview officer. Talk to {{ user_details.name }}.',
        greeting: 'Good morning.',
        dynamic_vars: { 'user_details.name': 'the applicant' },
      },
      schema_config: {
        schema_id: 'pte_v1',
        fields: [
          { field_name: 'voice_instructions', field_type: 'str', description: 'How the voice sounds.', required: true },
          {
            field_name: 'system_response',
            field_type: 'str',
            description: 'What is said.',
            required: true,
            metadata: { use_in_tts: true },
          },
          {
            field_name: 'credibility_score',
            field_type: 'int',
            required: true,
            constraints: { ge: 1, le: 10 },
            metadata: { hidden: true },
          },
          { field_name: 'interview_stage', field_type: "Literal['document_check', 'background_inquiry']", required: true },
        ],
      },
      stt_config: { provider: 'whisper.local', language: 'en' },
      llm_config: { provider: 'groq.com', model: 'llama-3.3-70b-versatile', temperature: 0.7, supports_structured_output: false },
      tts_config: { provider: 'openai', model: 'gpt-4o-mini-tts', voice_id: 'ash', instruction_field: 'voice_instructions' },
      tracing_config: { enabled: true, provider: 'langfuse', sample_rate: 0.5 },
    },
  },
  'config.update': {
    'one key': { llm_config: { temperature: 0.9 } },
    'a new version': { description: 'Now in Spanish, too.', version: '1.1.0' },
    'a tier': { schema_config: { fields: ['system_response', 'voice_instructions'] } },
  },
  'config.add_field': {
    score: {
      field_name: 'qualification_score',
      field_type: 'int',
      description: 'How well the lead fits.',
      required: true,
      default: 50,
      constraints: { ge: 0, le: 100 },
      metadata: { use_in_tts: false, hidden: true },
    },
  },
  'config.publish': { named: { version: '1.2.0', name: 'Autumn', note: 'Shorter questions' } },
  'config.rollback': { 'to a version': { version: '1.0.0' } },
  'short.create': {
    'first family': {
      name: 'groq agent',
      instructions: 'You are a helpful voice assistant.',
      enabled: true,
      stt: { provider: 'openai', model: 'whisper-1' },
      llm: { provider: 'groq', model: 'llama-3.1-8b-instant' },
      tts: { provider: 'openai', voiceId: 'nova', voiceName: 'Nova' },
      voiceOptions: { stability: 0.4 },
    },
    'second family': {
      name: 'Receptionist',
      description: 'Answers the phone',
      is_active: true,
      is_default: true,
      llm_provider_config: {
        provider: 'groq.com',
        api_key: 'YOUR-KEY',
        model: 'llama-3.3-70b-versatile',
        api_url: 'https://api.groq.com',
        completions_path: '/openai/v1/chat/completions',
      },
      tts_provider_config: {
        provider: 'async.ai',
        api_key: 'YOUR-KEY',
        voice_id: 'e0f39dc4',
        model_id: 'async_flash_v1.0',
        sample_rate: 24000,
      },
      stt_provider_config: { provider: 'whisper.local', url: 'http://127.0.0.1:8000', path: '/inference' },
    },
  },
  'short.update': { model: { llm: { model: 'llama-3.3-70b-versatile' } }, off: { is_active: false } },
  'user.create': { user: { name: 'Ada', email: 'ada@example.com', role: 'developer' } },
  'token.mint': { call: { roomName: 'support-42', userName: 'Ana', metadata: { purpose: 'support', user_id: '42' } } },
}
