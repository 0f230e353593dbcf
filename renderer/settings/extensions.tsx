import { useOperation } from '../client/use-operation.ts'
import { Badge } from '../ui/badge.tsx'
import classes from './settings.module.css'

/** Agent types of the extensions folder, and what is wrong with files in it; without a folder there is nothing to tell. */
export function Extensions() {
  const { value } = useOperation('extension.list', {}, ['processes.changed'])
  if (!value || value.state === 'none') return null
  const { state, extensions, problems } = value
  return (
    <section className={classes.card} aria-label="Extensions">
      <h2 className={classes.heading}>Extensions</h2>
      {state === 'loading' && <p className={classes.text}>They are loaded with the first process for calls.</p>}
      {problems.map(({ file, line, message, hint }) => (
        <p key={`${file} ${message}`} className={classes.text} role="alert">
          <Badge tone="bad">{line === undefined ? file : `${file}:${line}`}</Badge> {message}. {hint}
        </p>
      ))}
      {extensions.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th>Agent type</th>
              <th>Name</th>
              <th>Hooks</th>
              <th>Tools</th>
              <th>File</th>
            </tr>
          </thead>
          <tbody>
            {extensions.map(({ agent_type, name, hooks, tools, file }) => (
              <tr key={agent_type}>
                <td className="mono">{agent_type}</td>
                <td>{name}</td>
                <td>{hooks.join(', ')}</td>
                <td>{tools.map((tool) => tool.name).join(', ')}</td>
                <td className="mono">{file}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
