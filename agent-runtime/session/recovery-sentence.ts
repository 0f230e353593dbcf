import type { AgentDocument } from '../../core/agent/document.ts'

const ENGLISH = 'Sorry, I was gone for a moment. I am back.'
const SENTENCES = new Map([
  ['en', ENGLISH],
  ['de', 'Entschuldigung, ich war kurz weg. Jetzt bin ich wieder da.'],
  ['fr', "Excusez-moi, j'ai été coupé un instant. Je suis de retour."],
  ['es', 'Perdone, me he cortado un momento. Ya estoy aquí.'],
  ['it', 'Mi scusi, la linea è caduta un attimo. Eccomi di nuovo.'],
  ['pt', 'Desculpe, caí por um instante. Já estou de volta.'],
  ['nl', 'Sorry, ik was even weg. Ik ben er weer.'],
  ['pl', 'Przepraszam, na chwilę mnie rozłączyło. Już jestem.'],
])

/** What the caller hears when the agent is back after a crash; the document may say it in its own words, or have silence. */
export const recoverySentence = ({ turn_config, stt_config }: AgentDocument): string =>
  turn_config.recovery_sentence?.trim() ?? SENTENCES.get(stt_config.language.slice(0, 2).toLowerCase()) ?? ENGLISH
