import { shareText, type ArmShare } from './weight-rows.ts'
import classes from './routing.module.css'

/** Who gets how much, as one bar. */
export function WeightBar({ shares }: Readonly<{ shares: readonly (ArmShare & Readonly<{ name: string }>)[] }>) {
  const words = shares.map(({ name, share }) => `${name} ${shareText(share)}`).join(', ')
  return (
    <div className={classes.bar} role="img" aria-label={words}>
      {shares.map(({ agent_id, name, share }, index) =>
        share > 0 ? (
          <span
            key={agent_id}
            className={classes.part}
            data-arm={index % 6}
            style={{ flexGrow: share }}
            title={`${name}: ${shareText(share)}`}
          />
        ) : null,
      )}
    </div>
  )
}
