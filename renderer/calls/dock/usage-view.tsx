import type { SessionView, TurnView } from '../../../core/session/session-view.ts'
import { costOf } from '../../../core/cost/cost-of.ts'
import { formatNanoUsd } from '../../ui/price.ts'
import { CostTable } from './cost-table.tsx'
import { USAGE_COLUMNS, usageNumber, usageTotal, type UsageColumn } from './usage-total.ts'
import classes from './usage-view.module.css'

const LABELS: Readonly<Record<UsageColumn, Readonly<{ short: string; title: string }>>> = {
  prompt_tokens: { short: 'read, tok', title: 'Tokens that the language model read' },
  cached_tokens: { short: 'cached, tok', title: 'Of those, tokens that the provider had in its cache' },
  completion_tokens: { short: 'written, tok', title: 'Tokens that the language model wrote' },
  tts_characters: { short: 'spoken, chars', title: 'Characters that text-to-speech spoke' },
  tts_audio_ms: { short: 'spoken', title: 'Audio that text-to-speech made' },
  stt_audio_ms: { short: 'heard', title: 'Audio that speech-to-text read' },
}

/** What each turn and the whole call used and cost. */
export function UsageView({ view }: { view: SessionView | undefined }) {
  const turns = view?.turns ?? []
  if (turns.length === 0)
    return <p className={classes.empty}>Tokens, characters, audio and cost of each turn are counted here.</p>
  const total = usageTotal(turns)
  const columns = USAGE_COLUMNS.filter((column) => total[column] !== undefined)
  return (
    <>
      <CostTable turns={turns} />
      <table className={classes.usage} aria-label="Usage by turn">
        <thead>
          <tr>
            <th scope="col">Turn</th>
            {columns.map((column) => (
              <th key={column} scope="col" title={LABELS[column].title}>
                {LABELS[column].short}
              </th>
            ))}
            <th scope="col">cost</th>
          </tr>
        </thead>
        <tbody>
          {turns.map((turn) => (
            <tr key={turn.turn_id}>
              <th scope="row">
                {turn.index} <span className={classes.source}>{turn.source}</span>
              </th>
              {columns.map((column) => (
                <td key={column}>{usageNumber(column, turn.usage[column])}</td>
              ))}
              <td>{turnCost(turn)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Call</th>
            {columns.map((column) => (
              <td key={column}>{usageNumber(column, total[column])}</td>
            ))}
            <td>{costText(turns)}</td>
          </tr>
        </tfoot>
      </table>
    </>
  )
}

const turnCost = (turn: TurnView): string => (turn.cost === undefined ? '–' : costText([turn]))

/** What is known to have been paid; a `+` says that something else has no known price. */
function costText(turns: readonly TurnView[]): string {
  const { nano_usd, incomplete } = costOf({ turns })
  if (nano_usd === undefined) return incomplete ? 'not known' : '–'
  return `${formatNanoUsd(nano_usd)}${incomplete ? ' +' : ''}`
}
