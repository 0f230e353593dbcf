import { Modal } from '@mantine/core'
import { useContext } from 'react'
import { Keys } from '../ui/keys.tsx'
import { ShortcutContext, type Shortcut } from '../ui/shortcuts.ts'
import classes from './app.module.css'

/** Those that are known whatever is on the screen; what is mounted adds its own. */
const ALWAYS: readonly Omit<Shortcut, 'handler'>[] = [
  { keys: 'mod+s', description: 'Save the agent' },
  { keys: 'mod+Enter', description: 'Start or stop the call' },
  { keys: 'mod+k', description: 'Find agents, calls and commands' },
  { keys: 'mod+.', description: 'Switch between text and voice' },
  { keys: 'F2', description: 'Rename the agent' },
  { keys: 'alt+ArrowUp', description: 'Move the field up' },
  { keys: 'alt+ArrowDown', description: 'Move the field down' },
  { keys: 'm', description: 'Mute the microphone' },
  { keys: '?', description: 'Show the shortcuts' },
  { keys: 'Escape', description: 'Close what is open' },
]

export function ShortcutsHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const registry = useContext(ShortcutContext)
  const known = new Set(ALWAYS.map(({ keys }) => keys.toLowerCase()))
  const others = opened ? (registry?.list() ?? []).filter(({ keys }) => !known.has(keys.toLowerCase())) : []
  return (
    <Modal opened={opened} onClose={onClose} title="Shortcuts" closeButtonProps={{ 'aria-label': 'Close' }}>
      <table className={classes.helpTable}>
        <tbody>
          {[...ALWAYS, ...others].map(({ keys, description }) => (
            <tr key={keys}>
              <td>{description}</td>
              <td>
                <Keys keys={keys} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  )
}
