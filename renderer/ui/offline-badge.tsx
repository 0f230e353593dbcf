import { useSettings } from '../client/settings-context.tsx'
import { Badge } from './badge.tsx'

/** Stands wherever somebody may ask themselves whether something is sent: only while offline mode is on. */
export function OfflineBadge({ short = false }: { short?: boolean }) {
  const { settings } = useSettings()
  if (!settings.offline) return null
  return (
    <Badge tone="good" title="Offline mode is on: Greenroom opens no connection beyond this machine. Turn it off in Settings.">
      {short ? 'offline' : 'offline: nothing leaves this machine'}
    </Badge>
  )
}
