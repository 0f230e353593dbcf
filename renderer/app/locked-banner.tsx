import { lazy, Suspense } from 'react'
import { useOperation } from '../client/use-operation.ts'
import { useRoute } from '../client/route.ts'
import classes from './app.module.css'

const UnlockForm = lazy(async () => ({ default: (await import('../models/keys/unlock-form.tsx')).UnlockForm }))

/** Keys that want their passphrase: quiet, because nothing is broken before a call needs one. */
export function LockedBanner() {
  const { value } = useOperation('secret.list', {}, ['secret.changed'])
  const route = useRoute()
  const elsewhere = route.screen === 'models' && route.tab === 'keys'
  if (value?.protection !== 'locked' || elsewhere) return null
  return (
    <section className={classes.locked} aria-label="Keys are locked">
      <span>The keys are locked. Agents that need one are refused until they are opened.</span>
      <Suspense>
        <UnlockForm />
      </Suspense>
    </section>
  )
}
