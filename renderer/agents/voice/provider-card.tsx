import type { ProviderKind } from '../../../core/providers/index.ts'
import { CheckButton } from './check-button.tsx'
import { CheckResult } from './check-result.tsx'
import { ChoiceForm } from './choice-form.tsx'
import { Fallbacks } from './fallbacks.tsx'
import { ProviderPicker } from './provider-picker.tsx'
import { slotName, type Slot } from './slot.ts'
import { useCheck } from './use-check.ts'
import frame from '../card.module.css'
import classes from './voice.module.css'

type Props = Readonly<{ kind: ProviderKind; title: string; hint: string }>

/** Who does one of the three jobs, whether that works, and who takes over when it does not. */
export function ProviderCard({ kind, title, hint }: Props) {
  const slot: Slot = { kind, index: 0 }
  const check = useCheck(slot)
  return (
    <section className={frame.card} aria-label={title}>
      <header className={frame.head}>
        <h2 className={frame.title}>{title}</h2>
        <span className={classes.hint}>{hint}</span>
        <ProviderPicker slot={slot} />
        <CheckButton slot={slot} check={check} />
      </header>
      <div className={classes.body}>
        <CheckResult running={check} name={slotName(slot)} autoPlay={kind === 'tts'} />
        <ChoiceForm slot={slot} />
        <Fallbacks kind={kind} />
      </div>
    </section>
  )
}
