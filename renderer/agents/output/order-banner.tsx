import { Button } from '@mantine/core'
import { toastUndo } from '../../ui/toast.tsx'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { orderFields, readFields } from './field-rows.ts'
import { useSpeechCost } from './use-speech-cost.ts'
import classes from './output-tab.module.css'

/** A usual pace of hosted models, to turn tokens into a feeling. */
const TOKENS_PER_SECOND = 80

const seconds = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1, minimumFractionDigits: 1 })

/** What the present order costs before the agent can speak, and the order that costs least. */
export function OrderBanner() {
  const { content, change, read_only } = useWorkspace()
  const cost = useSpeechCost(content)
  const count = cost.fields_before.length
  const speedUp = () => {
    const before = readFields(content).map(({ field_name }) => field_name)
    change((now) => orderFields(now, cost.best_order))
    toastUndo('Fields are in the fast order', () => change((now) => orderFields(now, before)))
  }
  const now = `Speech starts after ${count} ${count === 1 ? 'field' : 'fields'}, ≈ ${cost.tokens_before} tokens.`
  if (cost.tokens_saved === 0)
    return (
      <div className={classes.banner}>
        <span>{now} There is no faster order.</span>
      </div>
    )
  return (
    <div className={classes.banner} data-slow="true">
      <span>
        {now} The fast order saves ≈ {cost.tokens_saved} tokens ({seconds.format(cost.tokens_saved / TOKENS_PER_SECOND)} s of
        silence at {TOKENS_PER_SECOND} tokens/s): short fields, voice style, speech, then the rest.
      </span>
      <Button onClick={speedUp} disabled={read_only}>
        Use the fast order
      </Button>
    </div>
  )
}
