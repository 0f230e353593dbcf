import { Button, CopyButton, Switch } from '@mantine/core'
import { IconPlayerStop } from '@tabler/icons-react'
import { useState } from 'react'
import type { LocalLiveKit } from '../../core/contract/index.ts'
import { useLocalServer } from '../client/use-local-server.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import { LocalServerStart } from '../ui/local-server-start.tsx'
import { Log } from './log.tsx'
import classes from './connections.module.css'

const STATES: Readonly<Record<LocalLiveKit['state'], Readonly<{ tone: Tone; word: string }>>> = {
  missing: { tone: 'plain', word: 'not on this machine' },
  stopped: { tone: 'plain', word: 'stopped' },
  starting: { tone: 'info', word: 'starting' },
  ready: { tone: 'good', word: 'runs' },
  failed: { tone: 'bad', word: 'failed' },
}
const FOUND = {
  variable: 'named by GREENROOM_LIVEKIT_SERVER',
  path: 'found on the PATH',
  cache: 'fetched by Greenroom',
} as const

/** A LiveKit server of this machine, so that nobody needs an account or a key for a first room call. */
export function LocalServerCard({ server }: { server: LocalLiveKit }) {
  const deeds = useLocalServer()
  const [wantsLan, setWantsLan] = useState(server.lan)
  const { tone, word } = STATES[server.state]
  const running = server.state === 'ready'
  return (
    <section className={classes.card} aria-label="Local server">
      <header className={classes.head}>
        <h2 className={classes.heading}>Local server</h2>
        <Badge tone={tone}>{word}</Badge>
        {server.found && (
          <span className={classes.faint}>
            livekit-server {server.found.version ?? ''} {FOUND[server.found.by]}
          </span>
        )}
        <span className={classes.spacer} />
        {running && (
          <Button leftSection={<IconPlayerStop size={14} />} onClick={() => void deeds.stop()}>
            Stop
          </Button>
        )}
      </header>
      <div className={classes.body}>
        {!running && (
          <p className={classes.text}>
            A LiveKit server for this machine, with keys and ports of its own. Room calls that choose it start it by themselves.
          </p>
        )}
        <LocalServerStart server={server} deeds={deeds} lan={wantsLan} />
        {running && server.url !== undefined && (
          <p className={classes.text}>
            <code className="mono">{server.url}</code>{' '}
            <CopyButton value={server.url}>
              {({ copied, copy }) => (
                <Button size="compact-xs" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
            {server.pid !== undefined && <span className={classes.faint}> process {server.pid}</span>}
          </p>
        )}
        {server.state !== 'missing' && (
          <Switch
            label="Let devices of my network take part"
            description={
              running
                ? 'Its sound listens to the local network as well, so that a telephone can join by an invitation. Changing it starts the server anew, and calls through it end.'
                : 'Its sound listens to the local network as well, so that a telephone can join by an invitation.'
            }
            checked={running ? server.lan : wantsLan}
            disabled={deeds.busy}
            onChange={({ currentTarget: { checked } }) => {
              setWantsLan(checked)
              if (running) void deeds.start({ download: false, lan: checked })
            }}
          />
        )}
        {running && deeds.error && <ErrorNote error={deeds.error} />}
        <Log label="Log of the local server" lines={server.log} />
      </div>
    </section>
  )
}
