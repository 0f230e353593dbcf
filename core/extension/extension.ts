/**
 * What an extension module is written against: `import { defineExtension } from 'greenroom/extension'`. A module of the extensions folder
 * exports one by default; it adds an agent type, with hooks around its turns and tools of its own.
 */

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }
export type Values = { readonly [name: string]: Value }

/** The call that a hook or a tool is asked for. */
export type ExtensionCall = Readonly<{
  session_id: string
  /** Whose call it is; "local" in the studio. */
  tenant_id: string
  agent_id: string
  agent_name: string
  agent_type: string
  modality: 'voice' | 'text'
  /** Values of the prompt's variables, those that hooks added included. */
  variables: Values
  /** Of this call and this extension: what is put here is there the next time, for as long as the process lives. */
  state: Record<string, unknown>
}>

/** What a hook may give back. `variables` fill the prompt's templates; `context` is told to the LLM beside its instructions, as it stands. */
export type Given = Readonly<{ variables?: Values; context?: string }>

export type TurnBefore = Readonly<{
  turn_id: string
  source: 'voice' | 'text' | 'greeting' | 'resume' | 'handoff'
  /** What the caller said; empty when the agent speaks unasked. */
  heard: string
}>
export type TurnAfter = TurnBefore &
  Readonly<{
    /** The parsed fields. */
    output: Values
    /** What the caller heard of it. */
    spoken: string
    interrupted: boolean
  }>
/** What the caller's app sent: over REST, or through the room of the call. */
export type CustomEvent = Readonly<{ name: string; data: Value }>

type Maybe<Result> = Result | undefined | void | Promise<Result | undefined | void>

export type ExtensionHooks = Readonly<{
  /** The agent enters a call: at its beginning, after a crash, or by a handoff. What is given holds for the rest of the call. */
  onEnter?: (call: ExtensionCall) => Maybe<Given>
  /** Before the LLM is asked; the caller waits. What is given holds for this turn; `instructions` take the place of the agent's own. */
  beforeTurn?: (call: ExtensionCall, turn: TurnBefore) => Maybe<Given & Readonly<{ instructions?: string }>>
  /** When what the caller heard is known; nobody waits. */
  afterTurn?: (call: ExtensionCall, turn: TurnAfter) => Maybe<undefined>
  /** What is given holds for the rest of the call, from the next turn. */
  onEvent?: (call: ExtensionCall, event: CustomEvent) => Maybe<Given>
}>

export type ExtensionTool = Readonly<{
  /** Small letters, digits and "_". */
  name: string
  description: string
  /** A zod object, or JSON Schema of one: strings, numbers, booleans, choices, and lists of strings or whole numbers. */
  parameters?: unknown
  /** After this the tool counts as failed, ms; default 10 s. */
  timeout_ms?: number
  /** May be repeated after a crash. */
  idempotent?: boolean
  /** Said when the tool is slow. */
  filler?: string
  /** What the LLM is told. An error that is thrown is told as well, in its words. */
  run: (given: Record<string, Value>, call: ExtensionCall) => unknown
}>

export type Extension = Readonly<{
  /** What documents name: `"agent_type": "concierge"`. */
  agent_type: string
  /** For people. */
  name: string
  hooks?: ExtensionHooks
  tools?: readonly ExtensionTool[]
}>

export const HOOKS = ['onEnter', 'beforeTurn', 'afterTurn', 'onEvent'] as const
export type HookName = (typeof HOOKS)[number]

/** Gives back what it is given; there for its types. */
export const defineExtension = <Defined extends Extension>(extension: Defined): Defined => extension
