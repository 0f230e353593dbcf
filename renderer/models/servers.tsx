import { Button } from '@mantine/core'
import { useOperation } from '../client/use-operation.ts'
import { Badge } from '../ui/badge.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import classes from './models.module.css'

/** Model servers that already run here; an agent is connected in its Voice & models tab. */
export function Servers() {
  const { value, error, reload } = useOperation('model.find_servers', {})
  return (
    <section className={classes.card} aria-label="Local servers">
      <header className={classes.head}>
        <h2 className={classes.heading}>Local servers</h2>
        <span className={`${classes.hint ?? ''} ${classes.grow ?? ''}`}>
          Ollama, LM Studio and llama-server on their usual ports. They need no key.
        </span>
        <Button onClick={reload}>Look again</Button>
      </header>
      <div className={classes.body}>
        {error && <ErrorNote error={error} onRetry={reload} />}
        {!value && !error && <p className={classes.hint}>Looking…</p>}
        {value?.servers.length === 0 && (
          <p className={classes.hint}>
            None found. Start one, for example with “ollama serve”, and look again; an agent can then use its models.
          </p>
        )}
        {value?.servers.map((server) => (
          <div key={server.base_url} className={classes.row}>
            <strong>{server.name}</strong> <code className="mono">{server.base_url}</code>
            <span className={classes.grow}>
              {server.models.length === 0 ? (
                <Badge tone="warn">no model loaded</Badge>
              ) : (
                server.models.map((model) => <Badge key={model}>{model}</Badge>)
              )}
            </span>
          </div>
        ))}
      </div>
    </section>
  )
}
