import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Json } from '../../../core/json.ts'
import type { SessionView, TurnView } from '../../../core/session/session-view.ts'
import { useUiState } from '../../client/settings-context.tsx'
import { formatCount } from '../format.ts'
import { WaterfallView } from '../waterfall/waterfall-view.tsx'
import { EventsList } from './events-list.tsx'
import { UsageView } from './usage-view.tsx'
import classes from './call-dock.module.css'

const TABS = ['waterfall', 'events', 'usage', 'room'] as const
type DockTab = (typeof TABS)[number]
const isTab = (value: Json): value is DockTab => TABS.some((tab) => tab === value)

type Props = Readonly<{
  view: SessionView
  turn: TurnView | undefined
  /** Of a room call that this window takes part in. */
  room?: ReactNode
}>

/** Below the inspector: where the time went, what happened, what it used. */
export function CallDock({ view, turn, room }: Props) {
  const [kept, setTab] = useUiState<DockTab>('call.dock', 'waterfall', isTab)
  const tab = kept === 'room' && !room ? 'waterfall' : kept
  return (
    <Tabs
      value={tab}
      onChange={(value) => value !== null && isTab(value) && setTab(value)}
      keepMounted={false}
      className={classes.dock ?? ''}
      classNames={{ list: classes.list ?? '', tab: classes.tab ?? '', panel: classes.panel ?? '' }}
    >
      <Tabs.List aria-label="About the call">
        <Tabs.Tab value="waterfall">Waterfall</Tabs.Tab>
        <Tabs.Tab value="events">
          Events <span className={classes.count}>{formatCount(view.events.length)}</span>
        </Tabs.Tab>
        <Tabs.Tab value="usage">Usage</Tabs.Tab>
        {room && <Tabs.Tab value="room">Room</Tabs.Tab>}
      </Tabs.List>
      <Tabs.Panel value="waterfall">
        <WaterfallView view={view} turn={turn} />
      </Tabs.Panel>
      <Tabs.Panel value="events">
        <EventsList events={view.events} />
      </Tabs.Panel>
      <Tabs.Panel value="usage" tabIndex={0}>
        <UsageView view={view} />
      </Tabs.Panel>
      {room && <Tabs.Panel value="room">{room}</Tabs.Panel>}
    </Tabs>
  )
}
