import type { AgentDocument } from '../../core/agent/document.ts'

const SENTENCE = 'Sorry, I did not get that through. Could you say it again?'

/** What the caller hears when nobody could answer; the document may say it in its own words, or have silence. */
export const failureSentence = ({ turn_config }: AgentDocument): string => turn_config.failure_sentence?.trim() ?? SENTENCE
