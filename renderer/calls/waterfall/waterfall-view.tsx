import { Tooltip } from '@mantine/core'
import { useMemo } from 'react'
import type { LiveKitMetrics } from '../../../core/contract/index.ts'
import type { SessionView, TurnView } from '../../../core/session/session-view.ts'
import { formatCount, formatMs } from '../format.ts'
import { fallbackWords } from '../transcript/fallback-words.ts'
import { turnName } from '../inspector/turn-name.ts'
import { PART_MEANING, slowestPart } from './slowest-part.ts'
import { toolBars, type ToolBar } from './tool-bars.ts'
import { partMedians, totalLabel, turnWaterfall, type PartId, type Waterfall, type WaterfallPart } from './turn-waterfall.ts'
import classes from './waterfall.module.css'

/** A median of fewer turns says nothing. */
const ENOUGH_TO_COMPARE = 3
const NO_MEDIANS: ReadonlyMap<PartId, number> = new Map()

/** Where the milliseconds of a turn went. */
export function WaterfallView({ view, turn }: { view: SessionView; turn: TurnView | undefined }) {
  const waterfall = useMemo(() => turn && turnWaterfall(turn.times, turn.source), [turn])
  const voiced = useMemo(
    () =>
      view.turns.flatMap(({ times, source }) =>
        source === 'voice' && times.t6 !== undefined ? (turnWaterfall(times, source) ?? []) : [],
      ),
    [view.turns],
  )
  if (!turn) return <p className={classes.empty}>The parts of the silence before each answer appear here.</p>
  if (!waterfall) return <p className={classes.empty}>{nothingYet(turn)}</p>
  const compared = turn.source === 'voice' && voiced.length >= ENOUGH_TO_COMPARE ? partMedians(voiced) : NO_MEDIANS
  const bars = toolBars(turn, waterfall)
  return (
    <section className={classes.waterfall} aria-label={`Waterfall, ${turnName(turn)}`}>
      <Heading turn={turn} waterfall={waterfall} />
      <ol className={classes.bars}>
        {waterfall.parts.map((part) => (
          <Bar key={part.ids.join()} part={part} total={waterfall.total_ms} median={medianOf(part, compared)} />
        ))}
      </ol>
      <ToolBars bars={bars} total={waterfall.total_ms} />
      {(turn.state !== 'open' || waterfall.to === 't6' || waterfall.unheard) && (
        <SlowLine waterfall={waterfall} medians={compared} tools={bars} />
      )}
      {turn.fallbacks?.map((fallback, index) => (
        <p key={index} className={classes.slow}>
          {fallbackWords(fallback)}
        </p>
      ))}
      <LiveKitValues metrics={turn.metrics} />
    </section>
  )
}

const nothingYet = ({ source, state }: TurnView): string => {
  if (source === 'greeting') return 'The agent opened the call: nobody waited for an answer.'
  return state === 'open'
    ? 'Waiting for the first moments of this turn.'
    : 'The moments of this turn are not known: it ended before the agent answered.'
}

function Heading({ turn, waterfall }: { turn: TurnView; waterfall: Waterfall }) {
  const { uncertainty_ms, unheard } = waterfall
  return (
    <h2 className={classes.heading}>
      <span>
        {turnName(turn)} · {totalLabel(waterfall, turn.source, turn.state === 'open')} <b>{formatMs(waterfall.total_ms)}</b>
        {unheard && (
          <Tooltip
            label="The caller's frontend does not say when it hears the agent. Its network and its buffer come on top, about 80 to 200 ms."
            multiline
            w={260}
          >
            <span className={classes.uncertainty} tabIndex={0}>
              when it was heard is not known
            </span>
          </Tooltip>
        )}
        {uncertainty_ms !== undefined && (
          <Tooltip
            label="The page's clock is compared with the session's by pings; this is half the smallest round trip."
            multiline
            w={260}
          >
            <span className={classes.uncertainty} tabIndex={0}>
              ± {uncertainty_ms < 1 ? '<1' : Math.round(uncertainty_ms)} ms
            </span>
          </Tooltip>
        )}
      </span>
    </h2>
  )
}

const medianOf = ({ ids }: WaterfallPart, medians: ReadonlyMap<PartId, number>): number | undefined =>
  ids.length === 1 && ids[0] ? medians.get(ids[0]) : undefined

function Bar({ part, total, median }: { part: WaterfallPart; total: number; median: number | undefined }) {
  const percent = (ms: number) => `${total === 0 ? 0 : (ms / total) * 100}%`
  const [id] = part.ids
  const explanation = [
    ...part.ids.map((each) => PART_MEANING[each].what),
    ...(part.ids.length > 1 ? ['The moments between are not known, so these cannot be told apart.'] : []),
    ...(part.before_ms === undefined
      ? []
      : [`Reported ${formatMs(part.before_ms)} before the step in front of it, so it cost nothing.`]),
    ...(median === undefined ? [] : [`Usual in this call: ${formatMs(median)} (the thin mark).`]),
  ].join(' ')
  return (
    <Tooltip label={explanation} multiline w={300} position="top-start">
      <li className={classes.bar} tabIndex={0} aria-label={`${part.label}: ${formatMs(part.ms)}. ${explanation}`}>
        <span className={classes.label}>{part.label}</span>
        <span className={classes.track} aria-hidden>
          <span
            className={classes.fill}
            data-part={part.ids.length === 1 ? id : 'several'}
            style={{ left: percent(part.from_ms), width: percent(part.ms) }}
          />
          {median !== undefined && (
            <span className={classes.median} style={{ left: percent(Math.min(total, part.from_ms + median)) }} />
          )}
        </span>
        <span className={classes.ms}>{formatCount(part.ms)}</span>
      </li>
    </Tooltip>
  )
}

/** Beneath the parts: what the agent did meanwhile. Their time is in the parts already. */
function ToolBars({ bars, total }: { bars: readonly ToolBar[]; total: number }) {
  if (bars.length === 0) return null
  const percent = (ms: number) => `${total === 0 ? 0 : (ms / total) * 100}%`
  return (
    <>
      <h3 className={classes.subheading} title="The LLM is asked before and after a tool, so its time is in the parts above">
        Tools meanwhile, not added
      </h3>
      <ol className={classes.bars} aria-label="Tools meanwhile; their time is in the parts above">
        {bars.map(({ call_id, tool, from_ms, shown_ms, ms }) => (
          <li
            key={call_id}
            className={classes.bar}
            tabIndex={0}
            aria-label={`${tool}: ${ms === undefined ? 'no answer' : formatMs(ms)}, from ${formatMs(from_ms)}`}
          >
            <span className={`${classes.label ?? ''} mono`}>{tool}</span>
            <span className={classes.track} aria-hidden>
              <span className={classes.fill} data-part="tool" style={{ left: percent(from_ms), width: percent(shown_ms) }} />
            </span>
            <span className={classes.ms}>{ms === undefined ? '' : formatCount(ms)}</span>
          </li>
        ))}
      </ol>
    </>
  )
}

type SlowProps = Readonly<{ waterfall: Waterfall; medians: ReadonlyMap<PartId, number>; tools: readonly ToolBar[] }>

function SlowLine({ waterfall, medians, tools }: SlowProps) {
  const slowest = slowestPart(waterfall, medians, tools)
  if (!slowest) return null
  return (
    <p className={classes.slow}>
      <b>{slowest.label}</b> took {Math.round(slowest.share * 100)} % of it
      {slowest.more_than_usual_ms !== undefined && (
        <> ({formatMs(slowest.more_than_usual_ms)} more than usual in this call)</>
      )}. {slowest.advice}
    </p>
  )
}

const METRIC_LABELS: Readonly<Record<keyof LiveKitMetrics, string>> = {
  transcription_delay_ms: 'transcription_delay',
  end_of_turn_delay_ms: 'end_of_turn_delay',
  llm_node_ttft_ms: 'llm_node_ttft',
  tts_node_ttfb_ms: 'tts_node_ttfb',
  playback_latency_ms: 'playback_latency',
  e2e_latency_ms: 'e2e_latency',
}
const METRICS: readonly (keyof LiveKitMetrics)[] = [
  'transcription_delay_ms',
  'end_of_turn_delay_ms',
  'llm_node_ttft_ms',
  'tts_node_ttfb_ms',
  'playback_latency_ms',
  'e2e_latency_ms',
]

/** LiveKit's own values: they overlap, so they stand beside the waterfall and are never added into it. */
function LiveKitValues({ metrics }: { metrics: LiveKitMetrics }) {
  const known = METRICS.flatMap((name) => {
    const value = metrics[name]
    return value === undefined ? [] : [{ name, value }]
  })
  if (known.length === 0) return null
  return (
    <div className={classes.metrics}>
      <span
        className={classes.metricsTitle}
        title="These overlap (two start at the end of speech), so they are not added into the bars"
      >
        LiveKit
      </span>
      <dl className={classes.metricList} aria-label="LiveKit's own values; they overlap and do not add up">
        {known.map(({ name, value }) => (
          <div key={name} className={classes.metric}>
            <dt>{METRIC_LABELS[name]}</dt>
            <dd>{formatMs(value)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
