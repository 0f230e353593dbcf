import { Switch, TextInput } from '@mantine/core'
import { JsonInput } from './json-input.tsx'
import { useTool } from './tool-context.ts'
import classes from './tools-tab.module.css'

const number = (text: string) => (text === '' ? undefined : Number.isFinite(Number(text)) ? Number(text) : text)

/** How long it may take, what is heard meanwhile, what happens after a crash, and what answers in tests. */
export function RunningForm() {
  const { read_only, pointerOf, at, textAt, set, errorAt } = useTool()
  const idempotent = at('idempotent') === true
  return (
    <section className={classes.section} aria-label="While it runs">
      <h2 className={classes.heading}>While it runs</h2>
      <div className={classes.grid}>
        <NumberField
          name="timeout_ms"
          label="Timeout, ms"
          help="After this it counts as failed, and the LLM is told so"
          usual="10000"
        />
        <NumberField name="filler_after_ms" label="Filler after, ms" help="A quicker answer is not talked over" usual="1200" />
        <TextInput
          className={classes.wide ?? ''}
          label="Filler sentence"
          description="Said while the caller would hear nothing; empty: silence"
          placeholder="One moment, I am looking that up."
          readOnly={read_only}
          data-pointer={pointerOf('filler')}
          error={errorAt('filler')}
          value={textAt('filler')}
          onChange={({ currentTarget: { value } }) => set(['filler'], value || undefined)}
        />
        <Switch
          className={classes.wide ?? ''}
          label="May be repeated (idempotent)"
          description={
            idempotent
              ? 'If this machine crashes while it runs, it is run again with the same Idempotency-Key, and the conversation goes on.'
              : 'If this machine crashes while it runs, nobody knows whether it had its effect: it is not repeated, and the LLM is told “outcome unknown”, so that it can ask the caller.'
          }
          disabled={read_only}
          data-pointer={pointerOf('idempotent')}
          checked={idempotent}
          onChange={({ currentTarget: { checked } }) => set(['idempotent'], checked)}
        />
        <div className={classes.wide}>
          <JsonInput
            label="Mock answer"
            description="Answered instead of running it, in calls and tests that say so"
            placeholder={'{"status": "shipped"}'}
            value={at('mock')}
            onChange={(value) => set(['mock'], value)}
            readOnly={read_only}
            pointer={pointerOf('mock')}
            error={errorAt('mock')}
          />
        </div>
      </div>
    </section>
  )
}

function NumberField({ name, label, help, usual }: { name: string; label: string; help: string; usual: string }) {
  const { read_only, pointerOf, textAt, set, errorAt } = useTool()
  return (
    <TextInput
      label={label}
      description={help}
      inputMode="numeric"
      placeholder={usual}
      readOnly={read_only}
      data-pointer={pointerOf(name)}
      error={errorAt(name)}
      value={textAt(name)}
      onChange={({ currentTarget: { value } }) => set([name], number(value))}
    />
  )
}
