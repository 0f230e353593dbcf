import { Switch } from '@mantine/core'
import { formatRoute } from '../client/address.ts'
import { useSettings } from '../client/settings-context.tsx'
import { useOperation } from '../client/use-operation.ts'
import { OfflineBadge } from '../ui/offline-badge.tsx'
import { toast, toastError } from '../ui/toast.tsx'
import { missingParts } from './missing-parts.ts'
import classes from './settings.module.css'

/** The one switch, and what it means for calls. */
export function OfflineMode() {
  const { settings, change } = useSettings()
  const { value } = useOperation('model.list', {}, ['model.changed'])
  const missing = missingParts(value?.models ?? [])
  const turn = async (offline: boolean) => {
    await change({ offline })
    toast(offline ? 'Offline: nothing leaves this machine' : 'Connections are allowed again')
  }
  return (
    <section className={classes.card} aria-label="Offline">
      <h2 className={classes.heading}>
        Offline <OfflineBadge short />
      </h2>
      <Switch
        label="Offline mode"
        description="Nothing that Greenroom runs opens a connection beyond this machine"
        checked={settings.offline}
        onChange={({ currentTarget: { checked } }) => void turn(checked).catch(toastError)}
      />
      <p className={classes.text}>
        Calls then hear, think and speak with the models of this machine. Where an agent names a provider elsewhere, a built-in
        one takes its place, and the call says so; the agent itself is not changed. Servers of this machine, such as Ollama, still
        answer, and models are fetched only from folders and addresses of this machine.
      </p>
      {value && missing.length > 0 && (
        <p className={classes.text}>
          Not here yet: {missing.join(', ')}. Offline calls do without: they are rehearsed there.{' '}
          <a className={classes.link} href={formatRoute({ screen: 'models', tab: 'models' })}>
            Get models
          </a>
        </p>
      )}
    </section>
  )
}
