import type { CostPart } from '../../../core/contract/index.ts'
import { costOf } from '../../../core/cost/cost-of.ts'
import { findProvider } from '../../../core/providers/index.ts'
import type { TurnView } from '../../../core/session/session-view.ts'
import { formatNanoUsd, priceText } from '../../ui/price.ts'
import { usageWords } from './usage-total.ts'
import classes from './usage-view.module.css'

/** What each provider did in the call and what that cost, with the price, its date and its source. */
export function CostTable({ turns }: { turns: readonly TurnView[] }) {
  const { parts, nano_usd, incomplete } = costOf({ turns })
  if (parts.length === 0) return null
  return (
    <section aria-label="Cost by provider">
      <p className={classes.sum}>
        <strong>
          {nano_usd === undefined || (incomplete && nano_usd === 0)
            ? 'Cost not known'
            : `${incomplete ? 'At least ' : ''}${formatNanoUsd(nano_usd)}`}
        </strong>{' '}
        {incomplete && 'A price is not known here: type it in under Models & keys.'}
      </p>
      <table className={classes.cost}>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Provider</th>
            <th scope="col">Used</th>
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          {inOrder(parts).map((part) => (
            <Row key={`${part.kind} ${part.provider} ${part.model}`} part={part} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Hears, thinks, speaks: as everywhere. */
const ORDER: readonly CostPart['kind'][] = ['stt', 'llm', 'tts']
const inOrder = (parts: readonly CostPart[]) => [...parts].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))

const Row = ({ part }: { part: CostPart }) => (
  <tr>
    <th scope="row">
      {findProvider(part.kind, part.provider)?.name ?? part.provider}
      <div className={classes.source}>{part.model}</div>
    </th>
    <td>
      {usageWords(part.usage)}
      {part.estimated && <span title="A reply was cut before the provider said how many tokens it had"> (counted here)</span>}
      <div className={classes.source}>
        <PriceOf part={part} />
      </div>
    </td>
    <td className={classes.money}>{part.nano_usd === undefined ? '' : formatNanoUsd(part.nano_usd)}</td>
  </tr>
)

function PriceOf({ part: { price, nano_usd } }: { part: CostPart }) {
  if (!price) return nano_usd === 0 ? 'on this machine' : 'no price known'
  return (
    <>
      {priceText(price)}, as of {price.as_of},{' '}
      {/^https?:/.test(price.source) ? (
        <a className={classes.link} href={price.source} target="_blank" rel="noreferrer">
          source
        </a>
      ) : (
        price.source
      )}
    </>
  )
}
