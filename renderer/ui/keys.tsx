import { displayKeys } from './shortcuts.ts'
import classes from './keys.module.css'

export const Keys = ({ keys }: { keys: string }) => (
  <span className={classes.keys}>
    {displayKeys(keys).map((part) => (
      <kbd key={part} className={classes.key}>
        {part}
      </kbd>
    ))}
  </span>
)
