import type { JsonObject } from '../../json.ts'

/** The two fields that an agent has that names none: what is said, and before it how. */
export const usualFields = (spoken_field = 'system_response'): readonly JsonObject[] => [
  {
    field_name: 'voice_instructions',
    field_type: 'str',
    description: 'How the voice sounds in this reply, in a few words: calm, warm, brisk.',
    required: true,
    constraints: { max_length: 80 },
  },
  {
    field_name: spoken_field,
    field_type: 'str',
    description: 'What is said to the caller.',
    required: true,
    constraints: { min_length: 1 },
    metadata: { use_in_tts: true },
  },
]
