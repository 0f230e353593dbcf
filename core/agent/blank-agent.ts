import type { AgentId } from '../contract/ids.ts'
import { AgentDocument } from './document.ts'

/** What an agent is told that nobody has told anything yet. */
export const starterInstructions = `# Who you are
You are a friendly assistant on a phone call. The caller is {{ user_details.name | default: "a caller" }}.

# How you speak
Say one or two short sentences, then let the caller speak. Ask one question at a time.
Use everyday words. Say numbers and dates the way people say them.
Set voice_instructions to how you sound in this moment.

# What you do
Find out what the caller needs, and help as far as you can. When you do not know something, say so.
`

/** The agent that "New agent" begins with: it can be called at once. */
export const blankAgent = (agent_id: AgentId, name: string): AgentDocument =>
  AgentDocument.parse({
    agent_id,
    name,
    prompt_config: {
      instructions: starterInstructions,
      greeting: 'Hello, how can I help you today?',
      dynamic_vars: { 'user_details.name': { description: "The caller's name, when it is known" } },
    },
    schema_config: {
      fields: [
        {
          field_name: 'voice_instructions',
          field_type: 'str',
          description: 'How the voice sounds in this reply, in a few words: calm, warm, brisk.',
          constraints: { max_length: 80 },
        },
        {
          field_name: 'system_response',
          field_type: 'str',
          description: 'What is said to the caller.',
          constraints: { min_length: 1 },
          metadata: { use_in_tts: true },
        },
      ],
    },
  })
