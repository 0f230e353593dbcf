import { useMediaQuery } from '@mantine/hooks'
import { useSettings } from '../client/settings-context.tsx'

/** The theme of the settings; `system` follows the machine, also while the studio is open. */
export function useColorScheme(): 'dark' | 'light' {
  const { settings } = useSettings()
  const light = useMediaQuery('(prefers-color-scheme: light)', undefined, { getInitialValueInEffect: false })
  if (settings.theme !== 'system') return settings.theme
  return light ? 'light' : 'dark'
}
