import { Button, Menu } from '@mantine/core'
import { useState } from 'react'
import type { AgentVersion, RevisionSummary } from '../../../core/contract/index.ts'
import type { Release } from '../../../core/contract/releases.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { formatMoment } from '../../ui/format.ts'
import { toast, toastError } from '../../ui/toast.tsx'
import { shareText } from '../arms/share-text.ts'
import type { History as HistoryData } from './use-history.ts'
import classes from './versions.module.css'

type Releasing = Readonly<{
  rolling: Release | undefined
  /** Absent while another release rolls. */
  onRelease: ((version: string) => void) | undefined
}>

type Props = Releasing &
  Readonly<{
    history: HistoryData
    unsaved: boolean
    head: number
    /** Which revision is compared, if one is. */
    current: number | undefined
    onOpen: (revision: number) => void
  }>

export function History({ history, unsaved, head, current, onOpen, ...releasing }: Props) {
  return (
    <div className={classes.history}>
      {history.error && <ErrorNote error={history.error} />}
      <ol className={classes.list} aria-label="Revisions, newest first">
        {unsaved && (
          <li className={classes.entry} data-current={current === 0}>
            <button type="button" className={classes.open} onClick={() => onOpen(0)}>
              Working copy
            </button>
            <span className={classes.meta}>not saved yet, kept as you type</span>
          </li>
        )}
        {history.revisions.map((revision) => (
          <Entry
            key={revision.revision}
            revision={revision}
            history={history}
            head={head}
            current={revision.revision === current}
            onOpen={onOpen}
            {...releasing}
          />
        ))}
        {history.older && (
          <li className={classes.more}>
            <Button onClick={history.older}>Show older ones ({history.count - history.revisions.length})</Button>
          </li>
        )}
      </ol>
    </div>
  )
}

type EntryProps = Releasing &
  Readonly<{
    revision: RevisionSummary
    history: HistoryData
    head: number
    current: boolean
    onOpen: (revision: number) => void
  }>

function Entry({ revision, history, head, current, onOpen, ...releasing }: EntryProps) {
  const versions = history.versions.filter((version) => version.revision === revision.revision)
  return (
    <li className={classes.entry} data-current={current}>
      <span className={classes.badges}>
        {revision.revision === head && <Badge tone="info">head</Badge>}
        {versions.map((version) => (
          <VersionBadge key={version.version} version={version} labels={history.labels} {...releasing} />
        ))}
      </span>
      <button
        type="button"
        className={classes.open}
        aria-current={current ? 'true' : undefined}
        onClick={() => onOpen(revision.revision)}
      >
        Revision {revision.revision}
      </button>
      <span className={classes.meta}>
        {formatMoment(revision.created_at)}
        {revision.note && ` · ${revision.note}`}
      </span>
      {versions.map(({ version, name, note }) => (
        <span key={version} className={classes.meta}>
          {[name, note].filter(Boolean).join(' · ')}
        </span>
      ))}
    </li>
  )
}

type BadgeProps = Releasing & Readonly<{ version: AgentVersion; labels: Readonly<Record<string, string>> }>

/** A version with the labels that point at it and its share of callers; both change by its menu. */
function VersionBadge({ version, labels, rolling, onRelease }: BadgeProps) {
  const studio = useStudio()
  const [opened, setOpened] = useState(false)
  const mine = Object.keys(labels).filter((label) => labels[label] === version.version)
  const names = [...new Set(['production', 'staging', ...Object.keys(labels)])]
  const point = (label: string, to: string | null) =>
    void studio
      .call('agent.label', { agent_id: version.agent_id, label, version: to })
      .then(() => toast(to ? `${label} points at ${to}` : `${label} is removed`), toastError)
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end">
      <Menu.Target>
        <Button size="compact-xs" title="Labels and release of this version">
          {version.version}
          {mine.map((label) => ` · ${label}`)}
          {rolling?.version === version.version && ` · ${shareText(rolling.share)}`}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Labels point at one version each</Menu.Label>
        {names.map((label) => (
          <Menu.Item key={label} onClick={() => point(label, mine.includes(label) ? null : version.version)}>
            {mine.includes(label) ? `Remove ${label}` : `Point ${label} here`}
          </Menu.Item>
        ))}
        {onRelease && labels['production'] !== undefined && !mine.includes('production') && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => onRelease(version.version)}>Release to a share of callers…</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
