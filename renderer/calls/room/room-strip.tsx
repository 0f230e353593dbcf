import { Popover } from '@mantine/core'
import type { ReactNode } from 'react'
import { IconBroadcast } from '@tabler/icons-react'
import { useStore } from 'zustand'
import { formatMs } from '../format.ts'
import { pathDetails, pathWord } from './ice-path.ts'
import type { Quality, RoomState } from './room-state.ts'
import type { RoomCall } from './room-call.ts'
import classes from './room.module.css'

const QUALITY: Readonly<Record<Quality, Readonly<{ bars: number; words: string }>>> = {
  excellent: { bars: 3, words: 'Excellent connection' },
  good: { bars: 2, words: 'Good connection' },
  poor: { bars: 1, words: 'Poor connection' },
  lost: { bars: 0, words: 'No connection' },
  unknown: { bars: 0, words: 'Connection not measured yet' },
}
const LINK: Readonly<Record<RoomState['link'], string>> = {
  joining: 'joining',
  connected: '',
  signal: 'reconnecting',
  reconnecting: 'reconnecting',
  rejoining: 'joining again',
  replaced: 'elsewhere',
  left: 'left',
}

type Props = Readonly<{ room: RoomCall; connection: string; /** At the end of the line. */ children?: ReactNode }>

/** One quiet line of a room call: where, how good the connection is, and by which way it goes. */
export function RoomStrip({ room, connection, children }: Props) {
  const state = useStore(room.store)
  const { quality, path, link } = state
  const { bars, words } = QUALITY[quality]
  return (
    <div className={classes.strip} role="group" aria-label="Room">
      <IconBroadcast size={14} aria-hidden className={classes.stripIcon} />
      <span>
        {connection}
        <span role="status">{link === 'connected' ? '' : ` · ${LINK[link]}`}</span>
      </span>
      <span className={classes.quality} role="img" aria-label={words} title={words} data-quality={quality}>
        {[1, 2, 3].map((bar) => (
          <span key={bar} className={classes.bar} data-on={bar <= bars || undefined} />
        ))}
      </span>
      {path && (
        <Popover width={300} position="bottom-start" shadow="md" trapFocus returnFocus>
          <Popover.Target>
            <button type="button" className={classes.path} title="By which way the call goes">
              {pathWord(path)} {path.local} → {path.remote}
              {path.round_trip_ms !== undefined && ` · ${formatMs(path.round_trip_ms)}`}
            </button>
          </Popover.Target>
          <Popover.Dropdown aria-label="By which way the call goes" tabIndex={-1}>
            <p className={classes.note}>{pathDetails(path)}</p>
            <p className={classes.note}>
              Room <code className="mono">{state.room_name}</code>, as <code className="mono">{state.identity}</code>.
            </p>
          </Popover.Dropdown>
        </Popover>
      )}
      <span className={classes.spacer} />
      {children}
    </div>
  )
}
