import { useMemo } from 'react'
import { useModelJobs } from '../client/model-jobs-context.tsx'
import { navigate } from '../client/route.ts'
import { useSettings } from '../client/settings-context.tsx'
import { useOperation } from '../client/use-operation.ts'
import { toast, toastError } from '../ui/toast.tsx'
import { machineCommands } from './machine-commands.ts'
import type { PaletteCommand } from './palette-commands.ts'

export function useMachineCommands(): readonly PaletteCommand[] {
  const { settings, change } = useSettings()
  const jobs = useModelJobs()
  const { value: models } = useOperation('model.list', {}, ['model.changed'])
  const { value: secrets } = useOperation('secret.list', {}, ['secret.changed'])
  return useMemo(() => {
    const setOffline = (offline: boolean) =>
      void change({ offline })
        .then(() => toast(offline ? 'Offline: nothing leaves this machine' : 'Connections are allowed again'))
        .catch(toastError)
    const deeds = { go: navigate, setOffline, get: (id: string) => void jobs.get(id) }
    return machineCommands({ settings, sets: models?.sets ?? [], protection: secrets?.protection }, deeds)
  }, [settings, change, jobs, models, secrets])
}
