import { Select, Switch, TextInput } from '@mantine/core'
import { valueAt } from '../document-edit.ts'
import { showValue } from '../parse-value.ts'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import frame from '../card.module.css'
import classes from './voice.module.css'

const NUMBERS = [
  {
    key: 'min_endpointing_delay_ms',
    label: 'Shortest wait after speech',
    help: 'When the caller is surely done',
    unit: 'ms',
    fallback: 300,
  },
  {
    key: 'max_endpointing_delay_ms',
    label: 'Longest wait after speech',
    help: 'When the caller may go on',
    unit: 'ms',
    fallback: 2500,
  },
  {
    key: 'min_interruption_duration_ms',
    label: 'Speech that interrupts',
    help: 'Shorter sounds do not stop the agent',
    unit: 'ms',
    fallback: 500,
  },
  { key: 'min_interruption_words', label: 'Words that interrupt', help: '0: any speech', unit: '', fallback: 0 },
  { key: 'vad_activation_threshold', label: 'Voice threshold', help: 'Higher ignores more noise', unit: '', fallback: 0.5 },
  {
    key: 'vad_min_silence_ms',
    label: 'Silence that ends speech',
    help: 'Before the end of a turn is considered',
    unit: 'ms',
    fallback: 250,
  },
] as const

/** Endpointing and interruption; the defaults answer soonest without cutting people off. */
export function TurnCard() {
  const { content, set, read_only, findingsAt } = useWorkspace()
  const detection = valueAt(content, ['turn_config', 'turn_detection'])
  return (
    <section className={frame.card} aria-label="Turn taking">
      <header className={frame.head}>
        <h2 className={frame.title}>Turn taking</h2>
        <span className={classes.hint}>When the caller is done, and what stops the agent.</span>
      </header>
      <div className={classes.body}>
        <div className={classes.form}>
          <Select
            label="End of a turn"
            description="Who decides that the caller is done"
            readOnly={read_only}
            data-pointer="/turn_config/turn_detection"
            data={[
              { value: 'eot', label: 'End-of-turn model' },
              { value: 'vad', label: 'Silence alone' },
              { value: 'manual', label: 'By hand' },
            ]}
            value={typeof detection === 'string' ? detection : 'eot'}
            onChange={(value) => set(['turn_config', 'turn_detection'], value ?? undefined)}
          />
          <Switch
            mt={22}
            label="The caller may interrupt"
            disabled={read_only}
            checked={valueAt(content, ['turn_config', 'allow_interruptions']) !== false}
            onChange={(event) => set(['turn_config', 'allow_interruptions'], event.currentTarget.checked)}
          />
          <TextInput
            label="When nobody can answer"
            description="Said once, when the model or the hearing fails and no other choice is left; a space alone keeps silent"
            placeholder="the studio’s own sentence"
            readOnly={read_only}
            data-pointer="/turn_config/failure_sentence"
            error={errorText(findingsAt('/turn_config/failure_sentence'))}
            value={showValue(valueAt(content, ['turn_config', 'failure_sentence']))}
            onChange={({ currentTarget: { value } }) =>
              set(['turn_config', 'failure_sentence'], value === '' ? undefined : value)
            }
          />
        </div>
        <details className={classes.advanced}>
          <summary>More options</summary>
          <div className={classes.form}>
            {NUMBERS.map(({ key, label, help, unit, fallback }) => {
              const value = valueAt(content, ['turn_config', key])
              return (
                <TextInput
                  key={key}
                  label={label}
                  description={help}
                  inputMode="decimal"
                  placeholder={String(fallback)}
                  readOnly={read_only}
                  data-pointer={`/turn_config/${key}`}
                  rightSection={unit ? <span className={classes.hint}>{unit}</span> : null}
                  error={errorText(findingsAt(`/turn_config/${key}`))}
                  value={showValue(value)}
                  onChange={({ currentTarget: { value: text } }) =>
                    set(['turn_config', key], text === '' ? undefined : Number.isFinite(Number(text)) ? Number(text) : text)
                  }
                />
              )
            })}
          </div>
        </details>
      </div>
    </section>
  )
}
