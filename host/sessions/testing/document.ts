import type { DocumentJson } from '../../../core/contract/agents.ts'

/** A small agent that is valid and needs nothing. */
export const document = {
  format: 1,
  agent_id: 'ada',
  name: 'Ada',
  prompt_config: { instructions: 'Be kind.' },
  schema_config: {
    spoken_field: 'system_response',
    fields: [{ field_name: 'system_response', field_type: 'str', description: 'What is said', metadata: { use_in_tts: true } }],
  },
  llm_config: { provider: 'rehearsal' },
} satisfies DocumentJson
