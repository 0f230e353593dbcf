import { fieldsWords } from './measure-words.ts'
import classes from './list.module.css'

const whole = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })

/** How often a small test of ours found every field as it had to be. */
export const FollowsBar = ({ share, cases }: { share: number; cases: number | undefined }) => (
  <span className={classes.follows} title={fieldsWords(share, cases)}>
    <span className={classes.bar} aria-hidden>
      <span className={classes.fill} data-low={share < 0.7} style={{ width: `${share * 100}%` }} />
    </span>
    {whole.format(share)}
  </span>
)
