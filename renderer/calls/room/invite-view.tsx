import { Anchor, Button, CopyButton, NumberInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Invite, SessionSummary } from '../../../core/contract/index.ts'
import type { StudioError } from '../../../core/contract/studio-error.ts'
import { formatRoute } from '../../client/address.ts'
import { useConnections } from '../../client/use-local-server.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { formatClock } from '../format.ts'
import classes from './room.module.css'

type Props = Readonly<{
  session: SessionSummary
  invite: Invite | undefined
  onInvite: (invite: Invite | undefined) => void
  running: boolean
}>

/** A way in for a telephone or another computer: a page that can only join, open only for a while. */
export function InviteView({ session, invite, onInvite, running }: Props) {
  const studio = useStudio()
  const { session_id, modality, room } = session
  const { value: places } = useConnections()
  const [minutes, setMinutes] = useState(10)
  const [error, setError] = useState<StudioError>()
  const [busy, setBusy] = useState(false)
  const tell = (work: Promise<unknown>) =>
    work.catch((cause: unknown) => setError(toStudioError(cause))).finally(() => setBusy(false))
  const open = () => {
    setBusy(true)
    setError(undefined)
    void tell(studio.call('room.invite', { session_id, minutes }).then(onInvite))
  }
  const close = () => {
    setBusy(true)
    void tell(studio.call('room.close_invite', { session_id }).then(() => onInvite(undefined)))
  }
  if (invite && running) return <Open invite={invite} busy={busy} onClose={close} onOver={() => onInvite(undefined)} />
  if (modality === 'text')
    return (
      <p className={classes.note}>
        This is a call by text: the agent neither hears nor speaks, so a guest would have nothing to join. Start a call by voice
        to invite somebody.
      </p>
    )
  return (
    <div className={classes.stack}>
      {running && isLocal(room) && places && !places.local_server.lan && <AloneHere />}
      <p className={classes.note}>
        Somebody joins from another device by a link or a QR code: speaks with the agent, or listens. The page can do nothing
        else, and is there only while it is open here.
      </p>
      <div className={classes.row}>
        <NumberInput
          w={130}
          label="Open for, minutes"
          min={1}
          max={60}
          value={minutes}
          onChange={(value) => typeof value === 'number' && setMinutes(Math.min(60, Math.max(1, Math.round(value))))}
        />
        <Button variant="filled" className={classes.low ?? ''} disabled={!running} loading={busy} onClick={open}>
          Open an invitation
        </Button>
      </div>
      {error && <ErrorNote error={error} />}
    </div>
  )
}

/** Known before anybody is invited: to change it ends the call, which is better done first. */
const AloneHere = () => (
  <p className={classes.warning} role="alert">
    The local server takes sound on this machine alone: another device would join, and hear nothing. To invite one, end this call,
    turn on “Let devices of my network take part” in{' '}
    <Anchor href={formatRoute({ screen: 'settings', part: 'livekit' })}>LiveKit connections</Anchor>, and call again; turned on
    now, it ends this call.
  </p>
)

type OpenProps = Readonly<{ invite: Invite; busy: boolean; onClose: () => void; onOver: () => void }>

function Open({ invite: { url, qr_svg, expires_at, fingerprint, warning }, busy, onClose, onOver }: OpenProps) {
  return (
    <div className={classes.invite}>
      <img className={classes.qr} alt="QR code of the link" src={`data:image/svg+xml;utf8,${encodeURIComponent(qr_svg)}`} />
      <div className={classes.stack}>
        {warning !== undefined && (
          <p className={classes.warning} role="alert">
            {warning} <Anchor href={formatRoute({ screen: 'settings', part: 'livekit' })}>LiveKit connections</Anchor>
          </p>
        )}
        <a className={classes.link} href={url} target="_blank" rel="noreferrer">
          {url}
        </a>
        <div className={classes.row}>
          <CopyButton value={url}>
            {({ copied, copy }) => <Button onClick={copy}>{copied ? 'Copied' : 'Copy the link'}</Button>}
          </CopyButton>
          <Button color="red" variant="light" loading={busy} onClick={onClose}>
            Close the invitation
          </Button>
          <Countdown to={expires_at} onOver={onOver} />
        </div>
        <p className={classes.note}>
          The other device warns of a certificate that nobody signed. It is the right one when its SHA-256 fingerprint is
        </p>
        <code className={`mono ${classes.fingerprint ?? ''}`}>{fingerprint}</code>
      </div>
    </div>
  )
}

function Countdown({ to, onOver }: { to: number; onOver: () => void }) {
  const [now, setNow] = useState(Date.now)
  const over = now >= to
  useEffect(() => {
    if (over) return onOver()
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [over, onOver])
  return (
    <span className={classes.dim} role="timer">
      closes in {formatClock(Math.max(0, to - now))}
    </span>
  )
}

const isLocal = (room: SessionSummary['room']): boolean => room?.connection_id === 'local'
