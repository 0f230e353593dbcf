import { Button, Switch } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import { useSettings } from '../../client/settings-context.tsx'
import { ModelFetch } from '../../ui/model-fetch.tsx'
import { formatBytes } from '../../ui/format.ts'
import { toast, toastError, toastUndo } from '../../ui/toast.tsx'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { isOfflineStack, missingKinds, withOfflineStack } from './offline-stack.ts'
import { KIND_NAMES } from './slot.ts'
import { useVoiceFacts } from './voice-facts.ts'
import classes from './voice.module.css'

/** Puts the agent on the models of this machine; where they are missing, offers to fetch them first. */
export function GoOffline() {
  const { content, change, read_only } = useWorkspace()
  const { models, sets, reloadModels } = useVoiceFacts()
  const offline = isOfflineStack(content)
  const missing = missingKinds(models)
  const set = sets.find(({ set_id, installed }) => set_id === 'starter' && !installed)
  if (read_only) return null

  const go = () => {
    const before = content
    change((now) => withOfflineStack(now, models))
    toastUndo('The agent hears, thinks and speaks on this machine now', () => change(() => before))
  }
  return (
    <section className={classes.offline} aria-label="Offline">
      <IconCloudOff size={18} aria-hidden />
      <div className={classes.offlineWords}>
        <strong>{offline ? 'This agent runs on this machine' : 'Run this agent on this machine'}</strong>
        <span className={classes.hint}>
          {offline
            ? 'Speech, language model and voice are here: it needs no network, no account and no key.'
            : missing.length === 0
              ? 'One edit puts hearing, thinking and speaking on the models that are here. It can be undone.'
              : `Not here yet: ${missing.map((kind) => KIND_NAMES[kind]).join(', ')}.`}
        </span>
        {!offline && missing.length > 0 && set && (
          <ModelFetch id={set.set_id} name="the smallest offline set" download_bytes={set.download_bytes} onDone={reloadModels} />
        )}
        {!offline && missing.length > 0 && set && (
          <span className={classes.small}>
            The language model in it is a demo; better ones are under Models &amp; keys. {formatBytes(set.disk_bytes)} on disk,
            checked by SHA-256; nothing else is fetched. {set.licence}
          </span>
        )}
        {offline && <OfflineMode />}
      </div>
      {!offline && (
        <Button variant="filled" disabled={missing.length > 0} onClick={go}>
          Go offline
        </Button>
      )}
    </section>
  )
}

/** The proof: the host itself then opens no connection beyond this machine, whatever an agent says. */
function OfflineMode() {
  const { settings, change } = useSettings()
  const turn = async (offline: boolean) => {
    await change({ offline })
    toast(offline ? 'Offline: nothing leaves this machine' : 'Connections are allowed again')
  }
  return (
    <Switch
      label="Offline mode: nothing leaves this machine, for all agents"
      checked={settings.offline}
      onChange={(event) => void turn(event.currentTarget.checked).catch(toastError)}
    />
  )
}
