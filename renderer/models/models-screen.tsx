import { BuiltinSpeech } from './builtin-speech.tsx'
import { Keys } from './keys.tsx'
import { Servers } from './servers.tsx'
import classes from './models.module.css'

/** What answers on this machine, and the keys for what does not. */
export const ModelsScreen = () => (
  <div className={classes.screen}>
    <div className={classes.column}>
      <h1 className={classes.title}>Models & keys</h1>
      <BuiltinSpeech />
      <Servers />
      <Keys />
    </div>
  </div>
)
