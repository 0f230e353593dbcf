/** A small agent with every kind of role among its fields; speaks and answers without anything from outside. */
export const interviewAgent = {
  format: 1,
  agent_id: 'ada',
  name: 'Ada',
  agent_type: 'interview',
  prompt_config: {
    instructions: 'Interview {{ user.name }} about their work.',
    greeting: 'Hello {{ user.name }}, shall we begin?',
    dynamic_vars: { user: { default: { name: 'Ana' } } },
  },
  schema_config: {
    fields: [
      { field_name: 'stage', field_type: "Literal['intro', 'deep', 'end']" },
      { field_name: 'voice_instructions', field_type: 'str' },
      { field_name: 'system_response', field_type: 'str' },
      { field_name: 'credibility_score', field_type: 'int', constraints: { ge: 1, le: 5 }, metadata: { hidden: true } },
      { field_name: 'topics', field_type: 'list[str]', constraints: { max_items: 3 } },
    ],
  },
  stt_config: { provider: 'rehearsal' },
  llm_config: { provider: 'rehearsal', model: 'instant' },
  tts_config: { provider: 'espeak-ng' },
  turn_config: { turn_detection: 'vad' },
}
