import { Tooltip } from '@mantine/core'
import { IconKey, IconPhone, IconRobotFace, IconSettings } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { formatRoute, type Route } from '../client/address.ts'
import { useWindowWidth } from '../ui/window-width.ts'
import { useLibraryDrawer } from './library-drawer.ts'
import classes from './app.module.css'

const ITEMS: readonly Readonly<{
  screen: Route['screen']
  name: string
  Icon: ComponentType<{ size: number; stroke: number }>
}>[] = [
  { screen: 'agents', name: 'Agents', Icon: IconRobotFace },
  { screen: 'calls', name: 'Calls', Icon: IconPhone },
  { screen: 'models', name: 'Models & keys', Icon: IconKey },
  { screen: 'settings', name: 'Settings', Icon: IconSettings },
]
const FOLD_LIBRARY = 1280

export function Rail({ route }: { route: Route }) {
  const width = useWindowWidth()
  const drawer = useLibraryDrawer()
  return (
    <nav className={classes.rail} aria-label="Screens">
      {ITEMS.map(({ screen, name, Icon }) => {
        const here = route.screen === screen
        const target = screen === 'agents' ? (here ? formatRoute(route) : '#/agents') : formatRoute({ screen })
        // Where the library is folded away, the first item pulls it out.
        const pulls = screen === 'agents' && here && width < FOLD_LIBRARY
        return (
          <Tooltip key={screen} label={pulls ? 'Show the agents' : name} position="right">
            <a
              href={target}
              className={`${classes.railItem ?? ''} ${screen === 'settings' ? (classes.railEnd ?? '') : ''}`}
              aria-label={name}
              aria-current={here ? 'page' : undefined}
              onClick={(event) => {
                if (!pulls) return
                event.preventDefault()
                drawer.open()
              }}
            >
              <Icon size={19} stroke={1.6} />
            </a>
          </Tooltip>
        )
      })}
    </nav>
  )
}
