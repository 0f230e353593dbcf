import type { ModelSet, OutputOf, Settings } from '../../core/contract/index.ts'
import type { Route } from '../client/address.ts'
import { formatBytes } from '../ui/format.ts'
import type { PaletteCommand } from './palette-commands.ts'

type Facts = Readonly<{
  settings: Settings
  sets: readonly ModelSet[]
  protection: OutputOf<'secret.list'>['protection'] | undefined
}>
type Deeds = Readonly<{ go: (route: Route) => void; setOffline: (offline: boolean) => void; get: (set_id: string) => void }>

/** What the palette can do about models, keys and offline mode; a command that has nothing to do is not there. */
export function machineCommands(
  { settings, sets, protection }: Facts,
  { go, setOffline, get }: Deeds,
): readonly PaletteCommand[] {
  const { offline } = settings
  const starter = sets.find(({ set_id, installed }) => set_id === 'starter' && !installed)
  return [
    offline
      ? { id: 'online', label: 'Go online: allow connections again', run: () => setOffline(false) }
      : { id: 'offline', label: 'Go offline: nothing leaves this machine', run: () => setOffline(true) },
    ...(starter
      ? [
          {
            id: 'get starter',
            label: `Get the smallest offline set of models · ${formatBytes(starter.download_bytes)}`,
            run: () => {
              get(starter.set_id)
              go({ screen: 'models', tab: 'models' })
            },
          },
        ]
      : []),
    ...(protection === 'locked'
      ? [{ id: 'unlock', label: 'Unlock the keys…', run: () => go({ screen: 'models', tab: 'keys' }) }]
      : [
          {
            id: 'import env',
            label: 'Import keys from a .env file…',
            run: () => go({ screen: 'models', tab: 'keys', open: 'import' }),
          },
        ]),
    {
      id: 'import model',
      label: 'Import a model of your own…',
      run: () => go({ screen: 'models', tab: 'models', open: 'import' }),
    },
    { id: 'livekit', label: 'Go to LiveKit connections', run: () => go({ screen: 'settings', part: 'livekit' }) },
    { id: 'keys', label: 'Go to keys', run: () => go({ screen: 'models', tab: 'keys' }) },
    { id: 'providers', label: 'Go to providers', run: () => go({ screen: 'models', tab: 'providers' }) },
    { id: 'prices', label: 'Go to prices', run: () => go({ screen: 'models', tab: 'prices' }) },
  ]
}
