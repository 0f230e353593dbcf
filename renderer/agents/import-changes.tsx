import { IconKey } from '@tabler/icons-react'
import type { ImportPreview } from '../../core/contract/index.ts'
import { Badge } from '../ui/badge.tsx'
import classes from './bundle-dialog.module.css'

const EFFECTS = {
  create: 'A new agent is made.',
  update: 'This agent is here already: it gets a new revision. Its history stays.',
  same: 'This agent is here already, exactly as in the bundle. Nothing has to change.',
} as const

const show = (value: unknown): string => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value))

/** What an import would do, value by value. */
export const ImportChanges = ({ preview }: { preview: ImportPreview }) => (
  <>
    <p>
      <strong>{preview.name}</strong> <span className="mono">{preview.agent_id}</span>
    </p>
    <p className={classes.text}>{EFFECTS[preview.effect]}</p>
    {preview.warnings.length > 0 && (
      <ul>
        {preview.warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    )}
    {preview.changes.length > 0 && (
      <div className={classes.scroll} tabIndex={0} role="region" aria-label="Changes">
        <table className={classes.table}>
          <thead>
            <tr>
              <th>Where</th>
              <th>Now</th>
              <th>After</th>
            </tr>
          </thead>
          <tbody>
            {preview.changes.map(({ path, before, after }) => (
              <tr key={path}>
                <td className="mono">{path}</td>
                <td className={classes.removed}>{show(before)}</td>
                <td className={classes.added}>{show(after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
    {preview.versions.length > 0 && (
      <section className={classes.section}>
        <h3 className={classes.heading}>Versions</h3>
        {preview.versions.map(({ version, effect }) => (
          <span key={version}>
            {version} <Badge tone={effect === 'conflict' ? 'bad' : effect === 'create' ? 'good' : 'plain'}>{effect}</Badge>{' '}
          </span>
        ))}
      </section>
    )}
    {preview.secret_references.length > 0 && (
      <section className={classes.section}>
        <h3 className={classes.heading}>Keys it refers to</h3>
        <ul className={classes.list}>
          {preview.secret_references.map((reference) => (
            <li key={reference} className="mono">
              <IconKey size={13} aria-hidden /> {reference}
            </li>
          ))}
        </ul>
      </section>
    )}
  </>
)
