import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Release } from '../../../core/contract/releases.ts'
import type { Change } from './use-release-change.ts'
import classes from './releases.module.css'

/** Everybody gets the version before, from the next call on; the reason is kept for those who look later. */
export function StopRelease({ release, busy, change }: Readonly<{ release: Release; busy: boolean; change: Change }>) {
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const words = reason.trim()
  if (!open)
    return (
      <div className={classes.row}>
        <Button color="red" variant="light" disabled={busy} onClick={() => setOpen(true)}>
          Stop…
        </Button>
      </div>
    )
  return (
    <form
      className={classes.row}
      onSubmit={(event) => {
        event.preventDefault()
        void change({ state: 'stopped', ...(words && { reason: words }) }, `Stopped: everybody gets ${release.previous} again`)
      }}
    >
      <TextInput
        className={classes.grow ?? ''}
        label="Why it stops (optional)"
        placeholder="It asks for the invoice twice"
        maxLength={500}
        autoFocus
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      <Button onClick={() => setOpen(false)}>Cancel</Button>
      <Button type="submit" color="red" variant="light" loading={busy}>
        Stop the release
      </Button>
    </form>
  )
}
