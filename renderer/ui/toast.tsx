import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { StudioError } from '../../core/contract/studio-error.ts'
import classes from './toast.module.css'

/** Long enough to read and to reach the button, also by keyboard. */
const UNDO_MS = 10_000

export const toast = (message: string): void => void notifications.show({ message, autoClose: 4000 })

/** For what happened away from any place on the screen; an error with a place is shown there. */
export function toastError(cause: unknown): void {
  const known = cause instanceof StudioError
  notifications.show({
    title: known || cause instanceof Error ? cause.message : String(cause),
    message: known ? cause.hint : 'Reload the page; what you typed is kept.',
    color: 'red',
    autoClose: 12_000,
    role: 'alert',
  })
}

export function toastUndo(message: string, undo: () => void): void {
  const carryOut = () => {
    notifications.hide(id)
    undo()
  }
  const id = notifications.show({
    autoClose: UNDO_MS,
    message: (
      <span className={classes.row}>
        {message}
        <Button onClick={carryOut}>Undo</Button>
      </span>
    ),
  })
}
