import { askEarly, type EarlyQuestion } from '../client/early-answers.ts'
import { parseRoute } from '../client/address.ts'

/** The first questions go out before the rest of the code is here: both take about as long, and neither waits for the other. */
const route = parseRoute(window.location.hash)
const questions: EarlyQuestion[] = [['setting.get', {}]]
if (route.screen === 'agents' && route.agent_id) questions.push(['agent.get', { agent_id: route.agent_id }])
const early = askEarly(questions)

void import('./main.tsx').then(({ openStudio }) => openStudio(early))
