import { v7 } from 'uuid'
import type { ErrorBody, Problem } from '../../core/contract/errors.ts'
import { TurnId } from '../../core/contract/ids.ts'
import type { PastTool } from '../../core/contract/runtime.ts'
import type { JournalBody, LiveKitMetrics, TurnTimes, Usage } from '../../core/contract/session-events.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { addUsage } from '../../core/cost/add-usage.ts'
import { gathered, priced, type Metered } from '../../core/cost/cost-part.ts'
import type { Fallback } from '../providers/fallback/chain.ts'
import type { TurnGiven } from './choices.ts'
import type { TurnConfig } from './config-cell.ts'
import { mutable } from './mutable.ts'
import type { Report } from './report.ts'
import { placeMoment, type Mark } from './turn-times.ts'

export type TurnSource = Extract<JournalBody, { type: 'turn.started' }>['source']
export type ErrorSource = Extract<JournalBody, { type: 'session.error' }>['source']
type OutputDone = Readonly<{
  output: JsonObject
  raw: string
  parse: Extract<JournalBody, { type: 'output.done' }>['parse']
  problems: readonly Problem[]
}>

/** One exchange, from what the caller said to what the caller heard; pinned to one configuration from its start. */
export class Turn {
  readonly turn_id = TurnId.parse(v7())
  readonly config: TurnConfig
  readonly source: TurnSource
  /** What is said without asking an LLM, such as the greeting. */
  readonly words: string | undefined
  /** The turn is over: what was heard is known. */
  readonly done: Promise<void>
  /** Aborted when the reply is cut short. */
  readonly cut: AbortSignal
  output: JsonObject = {}
  /** What was written when the speech of the reply began: this steers its voice. */
  steering: JsonObject = {}
  /** What this agent's replies before had written last. */
  before: JsonObject = {}
  /** What it has called, in order. */
  tools: readonly PastTool[] = []
  /** What the extension gives for this turn. */
  given: TurnGiven | undefined
  /** What the caller said. */
  heardText = ''
  /** The LLM that was asked last. */
  answering = ''
  #report: Report
  #times: TurnTimes = {}
  #metrics: LiveKitMetrics = {}
  #heard_ms: number | undefined
  #metered: Metered[] = []
  #spoken = ''
  #interrupted = false
  #committed = false
  #finish = () => {}
  readonly #cut = new AbortController()

  constructor(report: Report, config: TurnConfig, source: TurnSource, index: number, words?: string) {
    this.#report = report
    this.config = config
    this.source = source
    this.words = words
    this.cut = this.#cut.signal
    this.done = new Promise((resolve) => (this.#finish = resolve))
    report.journal({ type: 'turn.started', turn_id: this.turn_id, index, source, revision: config.revision })
  }

  /** Some of the reply is on its way to the caller. */
  get answered(): boolean {
    return this.#times.t4 !== undefined
  }

  /** What the caller heard of the reply. */
  get spoken(): string {
    return this.#spoken
  }

  get interrupted(): boolean {
    return this.#interrupted
  }

  get committed(): boolean {
    return this.#committed
  }

  heard(text: string): void {
    this.heardText = this.heardText === '' ? text : `${this.heardText}\n${text}`
    this.#report.journal({ type: 'transcript.final', turn_id: this.turn_id, text })
  }

  /** Keeps the first moment only: what happened again later was not what the caller waited for. */
  mark(name: Mark, at?: number, uncertainty_ms?: number): void {
    if (this.#times[name] !== undefined || this.#committed) return
    const times = placeMoment(this.#times, name, at ?? this.#report.clock(), uncertainty_ms)
    this.#times = { ...this.#times, ...times }
    this.#report.delta({ type: 'turn.times', turn_id: this.turn_id, times })
  }

  rawDelta(text: string): void {
    this.#report.delta({ type: 'raw.delta', turn_id: this.turn_id, text })
  }

  fieldStarted(field: string): void {
    this.#report.delta({ type: 'field.started', turn_id: this.turn_id, field })
  }

  fieldDelta(field: string, text: string): void {
    this.#report.delta({ type: 'field.delta', turn_id: this.turn_id, field, text })
  }

  fieldDone(field: string, value: Json, problems: readonly Problem[]): void {
    this.output = { ...this.output, [field]: value }
    this.#report.journal({ type: 'field.done', turn_id: this.turn_id, field, value: mutable(value), problems: [...problems] })
  }

  outputDone({ output, raw, parse, problems }: OutputDone): void {
    this.output = output
    const values = Object.fromEntries(Object.entries(output).map(([name, value]) => [name, mutable(value)]))
    this.#report.journal({ type: 'output.done', turn_id: this.turn_id, output: values, raw, parse, problems: [...problems] })
  }

  speechDelta(text: string): void {
    this.#report.delta({ type: 'speech.delta', turn_id: this.turn_id, text })
  }

  error(source: ErrorSource, error: ErrorBody, recoverable = true): void {
    this.#report.journal({ type: 'session.error', source, error, recoverable, turn_id: this.turn_id })
  }

  measured(metrics: LiveKitMetrics): void {
    this.#metrics = { ...this.#metrics, ...metrics }
  }

  /** How long the caller's words were, whoever heard them. */
  heardFor(audio_ms: number): void {
    this.#heard_ms = audio_ms
  }

  /** What a provider did, also one that failed and still counts it. */
  meter(part: Metered): void {
    if (!this.#committed) this.#metered = gathered([...this.#metered, part])
  }

  /** Somebody else was asked. */
  fellBack(fallback: Fallback): void {
    if (!this.#committed) this.#report.journal({ type: 'provider.fallback', ...fallback, turn_id: this.turn_id })
  }

  /** What the conversation keeps of this reply: what was heard, not what was generated. */
  spoke(text: string, interrupted: boolean): void {
    this.#spoken = text
    this.#interrupted = interrupted
  }

  cutShort(): void {
    this.#cut.abort()
  }

  commit(interrupted: boolean): void {
    if (this.#committed) return
    this.#committed = true
    this.#interrupted ||= interrupted
    const cost = inOrder(this.#metered).map((part) => priced(part, this.config.prices))
    this.#report.journal({
      type: 'turn.committed',
      turn_id: this.turn_id,
      spoken: this.#spoken,
      interrupted: this.#interrupted,
      times: this.#times,
      metrics: this.#metrics,
      usage: this.#usage(),
      ...(cost.length > 0 && { cost }),
    })
    this.#finish()
  }

  /** Of the caller's words as they were spoken: several may have been given them to hear. */
  #usage(): Usage {
    const { stt_audio_ms: _, ...usage } = this.#metered.map((part) => part.usage).reduce(addUsage, {})
    return { ...usage, ...(this.#heard_ms === undefined ? {} : { stt_audio_ms: this.#heard_ms }) }
  }
}

/** As a turn goes through them, whoever was done first. */
const ORDER = ['stt', 'llm', 'tts'] as const
const inOrder = (parts: readonly Metered[]) => [...parts].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
