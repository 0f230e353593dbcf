import { measuredOf, type Arm, type ArmBounds, type Figure } from './arm-figures.ts'
import { shareText } from './share-text.ts'
import classes from './arms.module.css'

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const COLUMNS: readonly Readonly<{ figure: Figure; name: string; title: string; text: (value: number) => string }>[] = [
  { figure: 'error_rate', name: 'Errors', title: 'Share of calls with an error', text: shareText },
  {
    figure: 'silence_p50_ms',
    name: 'Silence p50',
    title: 'Half of the answers came sooner',
    text: (value) => `${whole.format(value)} ms`,
  },
  {
    figure: 'silence_p95_ms',
    name: 'p95',
    title: '95 of 100 answers came sooner',
    text: (value) => `${whole.format(value)} ms`,
  },
]

type Props = Readonly<{ label: string; arms: readonly Arm[]; bounds?: ArmBounds; first?: string }>

/** How both sides do, one below the other, with bars on one scale; a mark on a bar is the bound. */
export function ArmTable({ label, arms, bounds, first = 'Version' }: Props) {
  const measured = measuredOf(arms, bounds)
  return (
    <table className={classes.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{first}</th>
          <th scope="col" className={classes.number}>
            Calls
          </th>
          <th scope="col" className={classes.number}>
            Turns
          </th>
          {COLUMNS.map(({ figure, name, title }) => (
            <th key={figure} scope="col" title={title}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {arms.map((arm, index) => (
          <tr key={arm.key}>
            <th scope="row" title={arm.name}>
              <span className={classes.swatch} data-arm={index % 6} aria-hidden /> {arm.name}
            </th>
            <td className={classes.number}>{whole.format(arm.stats?.sessions ?? 0)}</td>
            <td className={classes.number}>{whole.format(arm.stats?.turns ?? 0)}</td>
            {COLUMNS.map(({ figure, text }) => {
              const one = measured(arm, figure)
              return (
                <td key={figure} data-past={one?.past}>
                  {one ? (
                    <>
                      <span className={classes.value}>
                        {text(one.value)}
                        {one.past && <span className="visually-hidden"> past the bound</span>}
                      </span>
                      <span className={classes.track} aria-hidden>
                        <span className={classes.bar} data-arm={index % 6} style={{ width: `${one.at * 100}%` }} />
                        {one.bound !== undefined && <span className={classes.bound} style={{ left: `${one.bound * 100}%` }} />}
                      </span>
                    </>
                  ) : (
                    <span className={classes.none}>
                      <span aria-hidden>–</span>
                      <span className="visually-hidden">nothing yet</span>
                    </span>
                  )}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
