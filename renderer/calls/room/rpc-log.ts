import { isJsonObject, parseJson } from '../../../core/json.ts'

/** `agent.turn`, told to this window when the agent asks for it. */
export type AgentTurn = Readonly<{ at: number; turn_id: string; spoken: string; interrupted: boolean; output: unknown }>

/** An RPC from the console. */
export type RpcCall = Readonly<{
  id: number
  to: string
  method: string
  payload: string
  at: number
  state: 'waiting' | 'answered' | 'failed'
  took_ms?: number
  /** The answer, or why there is none. */
  text?: string
  code?: number
}>

/** A client tool: the agent waits for an answer of this app. */
export type ToolQuestion = Readonly<{
  id: string
  method: string
  tool: string
  payload: string
  asked_at: number
  deadline: number
  /** As JSON, to begin with. */
  suggested: string
  state: 'open' | 'answered' | 'refused' | 'late'
  answer?: string
}>

const KEPT = 200
const SHOWN_QUESTIONS = 20

export const withNewest = <Item>(list: readonly Item[], item: Item): readonly Item[] => [...list.slice(1 - KEPT), item]

export const rpcDone = (
  sent: readonly RpcCall[],
  id: number,
  result: Readonly<Pick<RpcCall, 'state' | 'text' | 'took_ms'> & { code?: number }>,
): readonly RpcCall[] => sent.map((call) => (call.id === id ? { ...call, ...result } : call))

/** Answered ones stay for a while to be read; open ones are never dropped. */
export function withQuestion(questions: readonly ToolQuestion[], question: ToolQuestion): readonly ToolQuestion[] {
  const settled = questions.filter(({ state }) => state !== 'open').slice(-SHOWN_QUESTIONS)
  return [...questions.filter((one) => one.state === 'open' || settled.includes(one)), question]
}

export const questionDone = (
  questions: readonly ToolQuestion[],
  id: string,
  state: Exclude<ToolQuestion['state'], 'open'>,
  answer?: string,
): readonly ToolQuestion[] =>
  questions.map((one) =>
    one.id === id && one.state === 'open' ? { ...one, state, ...(answer === undefined ? {} : { answer }) } : one,
  )

/** What `agent.turn` brings; undefined when it is something else. */
export function readAgentTurn(payload: string, at: number): AgentTurn | undefined {
  const value = parseJson(payload)
  if (!isJsonObject(value)) return undefined
  const { turn_id, spoken, interrupted, output } = value
  return {
    at,
    turn_id: typeof turn_id === 'string' ? turn_id : '',
    spoken: typeof spoken === 'string' ? spoken : '',
    interrupted: interrupted === true,
    output: output ?? null,
  }
}
