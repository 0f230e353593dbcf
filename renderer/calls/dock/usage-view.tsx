import type { SessionView } from '../../../core/session/session-view.ts'
import { formatCount, formatSeconds } from '../format.ts'
import { USAGE_COLUMNS, usageTotal, type UsageColumn } from './usage-total.ts'
import classes from './usage-view.module.css'

const LABELS: Readonly<Record<UsageColumn, Readonly<{ short: string; title: string }>>> = {
  prompt_tokens: { short: 'read, tok', title: 'Tokens that the language model read' },
  cached_tokens: { short: 'cached, tok', title: 'Of those, tokens that the provider had in its cache' },
  completion_tokens: { short: 'written, tok', title: 'Tokens that the language model wrote' },
  tts_characters: { short: 'spoken, chars', title: 'Characters that text-to-speech spoke' },
  stt_audio_ms: { short: 'heard', title: 'Audio that speech-to-text read' },
}

const show = (column: UsageColumn, value: number | undefined): string => {
  if (value === undefined) return '–'
  return column === 'stt_audio_ms' ? formatSeconds(value) : formatCount(value)
}

/** What each turn and the whole call used. */
export function UsageView({ view }: { view: SessionView | undefined }) {
  const turns = view?.turns ?? []
  if (turns.length === 0) return <p className={classes.empty}>Tokens, characters and audio of each turn are counted here.</p>
  const total = usageTotal(turns)
  return (
    <table className={classes.usage}>
      <thead>
        <tr>
          <th scope="col">Turn</th>
          {USAGE_COLUMNS.map((column) => (
            <th key={column} scope="col" title={LABELS[column].title}>
              {LABELS[column].short}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {turns.map(({ turn_id, index, source, usage }) => (
          <tr key={turn_id}>
            <th scope="row">
              {index} <span className={classes.source}>{source}</span>
            </th>
            {USAGE_COLUMNS.map((column) => (
              <td key={column}>{show(column, usage[column])}</td>
            ))}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Call</th>
          {USAGE_COLUMNS.map((column) => (
            <td key={column}>{show(column, total[column])}</td>
          ))}
        </tr>
      </tfoot>
    </table>
  )
}
