/** What an LLM is told in the caller's place when its agent takes over a call: every LLM answers somebody. */
export const TAKE_OVER_WORDS = 'You take over this call now. Say your first words to the caller.'
