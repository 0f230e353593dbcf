import { Button, Loader } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import type { ProviderCheck } from '../../../core/contract/index.ts'
import type { Provider } from '../../../core/providers/index.ts'
import { CheckSteps } from '../../ui/check-steps.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { formatMoment } from '../../ui/format.ts'
import type { CheckRun } from './use-provider-checks.ts'
import classes from './providers.module.css'

type Props = Readonly<{
  provider: Provider
  last: ProviderCheck | undefined
  run: CheckRun | undefined
  onCheck: () => void
  onCancel: () => void
}>

const NAMES = { stt: 'Speech to text', llm: 'Language model', tts: 'Text to speech' } as const

/** One kind of a provider: what it is, and what it showed when it was asked last. */
export const ProviderDetails = ({ provider, last, run, onCheck, onCancel }: Props) => (
  <section className={classes.kind} aria-label={`${NAMES[provider.kind]} of ${provider.name}`}>
    <div className={classes.kindHead}>
      <strong>{NAMES[provider.kind]}</strong>
      <span className={classes.dim}>{provider.description}</span>
      {run?.running ? (
        <span className={classes.asking} role="status">
          <Loader size={14} aria-hidden /> Asking it for real…
          <Button onClick={onCancel}>Cancel</Button>
        </span>
      ) : (
        provider.network !== 'never' && (
          <Button
            leftSection={<IconPlugConnected size={14} />}
            aria-label={`Check ${NAMES[provider.kind]} of ${provider.name}`}
            title="Asks the provider for real, with its usual model: one small request for each thing that is tried"
            onClick={onCheck}
          >
            Check
          </Button>
        )
      )}
    </div>
    {run?.error && run.error.code !== 'cancelled' && <ErrorNote error={run.error} onRetry={onCheck} />}
    {last && (
      <>
        <CheckSteps steps={last.steps} />
        <p className={classes.faint}>
          {last.model === '' ? 'Checked' : `${last.model}, checked`} {formatMoment(last.at)}
          {!last.ok && last.passed_at !== undefined && `; passed last ${formatMoment(last.passed_at)}`}
        </p>
      </>
    )}
    <p className={classes.faint}>Documentation: {provider.documentation.replace(/^https?:\/\//, '')}</p>
  </section>
)
