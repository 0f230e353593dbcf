import { lazy } from 'react'
import { navigate } from '../client/route.ts'
import { TabbedScreen } from '../ui/tabbed-screen.tsx'

const SettingsScreen = lazy(async () => ({ default: (await import('../settings/settings-screen.tsx')).SettingsScreen }))
const ConnectionsScreen = lazy(async () => ({
  default: (await import('../connections/connections-screen.tsx')).ConnectionsScreen,
}))

type Part = 'general' | 'livekit'
const PARTS: readonly Readonly<{ id: Part; name: string }>[] = [
  { id: 'general', name: 'General' },
  { id: 'livekit', name: 'LiveKit' },
]

/** Settings of this studio, and the LiveKit servers that its calls can go through. */
export function SettingsParts({ part }: { part: 'livekit' | undefined }) {
  const tab: Part = part ?? 'general'
  return (
    <TabbedScreen
      title="Settings"
      label="Parts of the settings"
      tabs={PARTS}
      tab={tab}
      onTab={(next) => navigate({ screen: 'settings', ...(next === 'livekit' ? { part: next } : {}) })}
      padded={tab === 'livekit'}
    >
      {tab === 'livekit' ? <ConnectionsScreen /> : <SettingsScreen />}
    </TabbedScreen>
  )
}
