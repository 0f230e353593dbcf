/** As livekit-client gives a participant, as far as it is shown. */
export type Person = Readonly<{
  identity: string
  name?: string | undefined
  isLocal: boolean
  isAgent: boolean
  isSpeaking: boolean
  attributes: Readonly<Record<string, string>>
}>

const STATES: Readonly<Record<string, string>> = {
  initializing: 'is starting',
  listening: 'is listening',
  thinking: 'is thinking',
  speaking: 'is speaking',
}

/** Who is there and what they do, one line each: this guest first, then agents, then the others. */
export const peopleWords = (people: readonly Person[]): string[] =>
  [...people].sort((a, b) => rank(a) - rank(b)).map((person) => [nameOf(person), doing(person)].filter(Boolean).join(' '))

const rank = ({ isLocal, isAgent }: Person): number => (isLocal ? 0 : isAgent ? 1 : 2)

function nameOf({ name, isLocal, isAgent }: Person): string {
  if (isLocal) return name ? `${name} (you)` : 'You'
  return name || (isAgent ? 'The agent' : 'Somebody')
}

function doing({ isAgent, isSpeaking, attributes }: Person): string {
  const state = isAgent ? STATES[attributes['lk.agent.state'] ?? ''] : undefined
  return state ?? (isSpeaking ? 'is speaking' : '')
}
