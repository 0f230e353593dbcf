import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { ProviderKind } from '../../../core/providers/index.ts'
import { toastUndo } from '../../ui/toast.tsx'
import { valueAt } from '../document-edit.ts'
import { showValue } from '../parse-value.ts'
import { errorText } from '../workspace/finding-place.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { CheckButton } from './check-button.tsx'
import { CheckResult } from './check-result.tsx'
import { ChoiceForm } from './choice-form.tsx'
import { addFallback, fallbacksOf, MOST_FALLBACKS, raiseFallback, removeFallback, USUAL_FALLBACK_MS } from './fallback-edit.ts'
import { ProviderPicker } from './provider-picker.tsx'
import { BLOCKS, KIND_NAMES, modelAt, ordinal, providerAt, providerName, slotName, type Slot } from './slot.ts'
import { useCheck } from './use-check.ts'
import frame from '../card.module.css'
import classes from './fallbacks.module.css'

/** Who takes over when the first choice fails or stays silent, in order. */
export function Fallbacks({ kind }: { kind: ProviderKind }) {
  const { content, change, read_only } = useWorkspace()
  const list = fallbacksOf(content, kind)
  const add = () => change((now) => addFallback(now, kind))
  if (list.length === 0)
    return read_only ? null : (
      <div className={classes.none}>
        <Button variant="subtle" leftSection={<IconPlus size={14} />} onClick={add}>
          Add a second choice
        </Button>
        <span className={classes.hint}>It answers when the first one fails or stays silent.</span>
      </div>
    )
  return (
    <div role="group" className={classes.fallbacks} aria-label={`Fallbacks of the ${KIND_NAMES[kind]}`}>
      <div className={frame.head}>
        <h3 className={frame.title}>If it fails or stays silent</h3>
        <AfterMs kind={kind} />
      </div>
      <ol className={classes.list}>
        {list.map((_, at) => (
          <Row key={at} slot={{ kind, index: at + 1 }} />
        ))}
      </ol>
      {!read_only && list.length < MOST_FALLBACKS && (
        <div>
          <Button variant="subtle" leftSection={<IconPlus size={14} />} onClick={add}>
            Add a {ordinal(list.length + 2)} choice
          </Button>
        </div>
      )}
    </div>
  )
}

/** Silence before the first token, audio or transcript; an error does not wait. */
function AfterMs({ kind }: { kind: ProviderKind }) {
  const { content, set, read_only, findingsAt } = useWorkspace()
  const path = [BLOCKS[kind], 'fallback_after_ms']
  return (
    <label className={classes.after}>
      at once on an error, or after
      <TextInput
        w={84}
        aria-label={`Silence of the ${KIND_NAMES[kind]} before the next choice is asked, ms`}
        inputMode="numeric"
        placeholder={String(USUAL_FALLBACK_MS)}
        readOnly={read_only}
        data-pointer={`/${path.join('/')}`}
        error={errorText(findingsAt(`/${path.join('/')}`))}
        value={showValue(valueAt(content, path))}
        onChange={({ currentTarget: { value } }) =>
          set(path, value === '' ? undefined : Number.isFinite(Number(value)) ? Number(value) : value)
        }
      />
      ms of silence
    </label>
  )
}

function Row({ slot }: { slot: Slot }) {
  const { content, change, read_only } = useWorkspace()
  const [open, setOpen] = useState(false)
  const check = useCheck(slot)
  const { kind, index } = slot
  const name = slotName(slot)
  const label = providerAt(content, slot)?.name ?? providerName(content, slot)
  const remove = () => {
    const before = content
    change((now) => removeFallback(now, kind, index - 1))
    toastUndo(`Removed the ${name}`, () => change(() => before))
  }
  return (
    <li className={classes.row}>
      <div className={classes.line}>
        <span className={classes.ordinal}>{index + 1}.</span>
        <ProviderPicker slot={slot} />
        <span className={classes.model}>{modelAt(content, slot)}</span>
        <CheckButton slot={slot} check={check} />
        <Button
          aria-expanded={open}
          aria-label={`${open ? 'Close' : 'Options'}: ${name}, ${label}`}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Close' : 'Options'}
        </Button>
        {!read_only && (
          <>
            <ActionIcon
              aria-label={`Move the ${name} up`}
              disabled={index === 1}
              onClick={() => change((now) => raiseFallback(now, kind, index - 1))}
            >
              <IconArrowUp size={15} />
            </ActionIcon>
            <ActionIcon aria-label={`Remove the ${name}`} onClick={remove}>
              <IconTrash size={15} />
            </ActionIcon>
          </>
        )}
      </div>
      <CheckResult running={check} name={name} autoPlay={kind === 'tts'} />
      {open && (
        <div className={classes.body}>
          <ChoiceForm slot={slot} />
        </div>
      )}
    </li>
  )
}
