import { Button, CopyButton, NumberInput, SegmentedControl, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Settings } from '../../core/contract/index.ts'
import { useSettings } from '../client/settings-context.tsx'
import { useOperation } from '../client/use-operation.ts'
import { ErrorNote } from '../ui/error-note.tsx'
import { toast, toastError } from '../ui/toast.tsx'
import { Extensions } from './extensions.tsx'
import { OfflineMode } from './offline-mode.tsx'
import { Processes } from './processes.tsx'
import classes from './settings.module.css'

const THEMES: readonly Settings['theme'][] = ['system', 'dark', 'light']
const NAMES = { system: 'As the system', dark: 'Dark', light: 'Light' } as const

export function SettingsScreen() {
  const { value: info, error, reload } = useOperation('system.info', {}, ['processes.changed'])
  return (
    <div className={classes.screen}>
      <div className={classes.column}>
        <section className={classes.card} aria-label="Look">
          <h2 className={classes.heading}>Look</h2>
          <ThemeChoice />
        </section>
        <OfflineMode />
        <section className={classes.card} aria-label="Calls">
          <h2 className={classes.heading}>Calls</h2>
          <ModelsFolder />
          <SessionsPerProcess />
        </section>
        <section className={classes.card} aria-label="Data">
          <h2 className={classes.heading}>Data</h2>
          {error && <ErrorNote error={error} onRetry={reload} />}
          {info && (
            <>
              <p className={classes.text}>
                Agents, calls and settings are in <code className="mono">{info.data_dir}</code>{' '}
                <CopyButton value={info.data_dir}>
                  {({ copied, copy }) => <Button onClick={copy}>{copied ? 'Copied' : 'Copy the path'}</Button>}
                </CopyButton>
              </p>
              <p className={classes.text}>
                Another folder: start Greenroom with <code className="mono">--data DIR</code>. Greenroom sends nothing home.
              </p>
              <p className={classes.text}>
                Greenroom {info.version} · Node {info.node_version} · SQLite {info.sqlite_version} · {info.platform}
              </p>
            </>
          )}
        </section>
        <Extensions />
        {info && <Processes processes={info.processes} />}
      </div>
    </div>
  )
}

function ThemeChoice() {
  const { settings, change } = useSettings()
  return (
    <SegmentedControl
      aria-label="Theme"
      value={settings.theme}
      data={THEMES.map((value) => ({ value, label: NAMES[value] }))}
      onChange={(value) => {
        const theme = THEMES.find((one) => one === value)
        if (theme) void change({ theme }).catch(toastError)
      }}
    />
  )
}

function ModelsFolder() {
  const { settings, change } = useSettings()
  const [folder, setFolder] = useState(settings.models_dir ?? '')
  const changed = folder.trim() !== (settings.models_dir ?? '')
  const save = async () => {
    await change({ models_dir: folder.trim() })
    toast('The next call looks there for its models')
  }
  return (
    <form
      className={classes.row}
      onSubmit={(event) => {
        event.preventDefault()
        void save().catch(toastError)
      }}
    >
      <TextInput
        className={classes.grow ?? ''}
        label="Models folder"
        description="Where models of this machine lie and are fetched to; empty: “models” in the data folder"
        value={folder}
        onChange={(event) => setFolder(event.currentTarget.value)}
      />
      <Button type="submit" disabled={!changed}>
        Use it
      </Button>
    </form>
  )
}

function SessionsPerProcess() {
  const { settings, change } = useSettings()
  return (
    <NumberInput
      w={260}
      label="Calls per session process"
      description="More share memory; fewer share less of a crash"
      min={1}
      max={50}
      value={settings.sessions_per_process}
      onChange={(value) => {
        if (typeof value === 'number' && value >= 1 && value <= 50) void change({ sessions_per_process: value }).catch(toastError)
      }}
    />
  )
}
