import type { StoreApi } from 'zustand/vanilla'
import type { RoomJoin } from '../../../core/contract/room-join.ts'
import type { Invite, SessionStreamMessage } from '../../../core/contract/index.ts'
import type { CallAudio } from '../media/call-audio.ts'
import type { MicrophoneProblem } from '../media/microphone-problem.ts'
import type { DtmfKey } from './dtmf.ts'
import type { OfferedTool } from './offered-tools.ts'
import type { RoomState } from './room-state.ts'

/** A call through a room, as this window takes part in it. */
export type RoomCall = Readonly<{
  store: StoreApi<RoomState>
  /** Sound, as in a direct call; absent in a call by text. */
  audio: CallAudio | undefined
  /** False while the room or its agent is away: a line would reach nobody. */
  canChat: () => boolean
  /** A typed line, by `lk.chat`. */
  chat: (text: string) => Promise<void>
  /** The console: the answer, or why there is none, comes into the store. */
  rpc: (to: string, method: string, payload: string) => void
  press: (key: DtmfKey) => Promise<void>
  /** Client tools of the agent that answers. */
  offer: (tools: readonly OfferedTool[]) => void
  answer: (question_id: string, json: string) => void
  refuse: (question_id: string) => void
  /** Answers this method by itself from now on; undefined: asks again. */
  answerAlways: (method: string, json: string | undefined) => void
  /** Kept here, because the dock that shows it comes and goes. */
  setInvite: (invite: Invite | undefined) => void
  /** Asks the agent for what is missing of `studio.turn`. */
  resume: () => void
  /** After another window was the caller: this one again. */
  comeBack: () => void
  close: () => void
}>

export type RoomCallOptions = Readonly<{
  as: 'caller' | 'observer'
  /** Of the page, for the signalling. */
  origin: string
  join: RoomJoin
  /** A fresh token to come back with; throws when the call is over. */
  rejoin: () => Promise<RoomJoin>
  /** Whether there is sound. */
  voice: boolean
  /** The agent's, when it is known. */
  agent_identity?: string | undefined
  /** It was running before: what was told so far is asked for again. */
  late: boolean
  onProblem: (problem: MicrophoneProblem) => void
  /** What the room told of the session, in order. */
  onTold?: (messages: readonly SessionStreamMessage[]) => void
}>
