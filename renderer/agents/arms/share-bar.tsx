import { shareText } from './share-text.ts'
import classes from './arms.module.css'

/** Who gets how much, as one bar. */
export function ShareBar({ shares }: Readonly<{ shares: readonly Readonly<{ key: string; name: string; share: number }>[] }>) {
  const words = shares.map(({ name, share }) => `${name} ${shareText(share)}`).join(', ')
  return (
    <div className={classes.shares} role="img" aria-label={words}>
      {shares.map(({ key, name, share }, index) =>
        share > 0 ? (
          <span
            key={key}
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
