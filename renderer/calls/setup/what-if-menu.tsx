import { Button, Popover, Select } from '@mantine/core'
import { IconFlask } from '@tabler/icons-react'
import type { ProviderKind } from '../../../core/providers/index.ts'
import { KIND_WORDS, KINDS, paceOf, pacesOf, type WhatIf } from './what-if.ts'
import classes from './setup.module.css'

type Props = Readonly<{ what_if: WhatIf; voice: boolean; onChange: (kind: ProviderKind, id: string | undefined) => void }>

const AS_IS = 'as-is'

/** What another vendor would do to this call, before it is paid for: a rehearsal keeps its published pace. */
export function WhatIfMenu({ what_if, voice, onChange }: Props) {
  const kinds = KINDS.filter((kind) => (voice || kind === 'llm') && pacesOf(kind).length > 0)
  if (kinds.length === 0) return null
  const count = Object.keys(what_if).length
  return (
    <Popover position="bottom-end" width={340} trapFocus shadow="md">
      <Popover.Target>
        <Button size="compact-xs" leftSection={<IconFlask size={13} />} variant={count > 0 ? 'light' : 'default'}>
          What if…{count > 0 && ` (${count})`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="What if another provider answered">
        <div className={classes.whatIf}>
          <p className={classes.note}>
            A rehearsal answers at the published pace of another vendor. Nothing is asked of it, and nothing is paid.
          </p>
          {kinds.map((kind) => (
            <PaceSelect key={kind} kind={kind} id={what_if[kind]} onChange={onChange} />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

type PaceProps = Readonly<{ kind: ProviderKind; id: string | undefined; onChange: Props['onChange'] }>

function PaceSelect({ kind, id, onChange }: PaceProps) {
  const chosen = id === undefined ? undefined : paceOf(kind, id)
  return (
    <div>
      <Select
        openOnFocus={false}
        searchable
        // What is typed searches, and is not put behind what stands there.
        onFocus={({ currentTarget }) => currentTarget.select()}
        onClick={({ currentTarget }) => currentTarget.select()}
        label={KIND_WORDS[kind]}
        description={chosen?.help}
        data={[
          { value: AS_IS, label: 'As the agent says' },
          ...pacesOf(kind).map((pace) => ({ value: pace.id, label: pace.label })),
        ]}
        value={chosen?.id ?? AS_IS}
        comboboxProps={{ withinPortal: false }}
        renderOption={({ option }) => (
          <span>
            {option.label}
            <span className={classes.pace}>{paceOf(kind, option.value)?.help}</span>
          </span>
        )}
        onChange={(next) => onChange(kind, next === null || next === AS_IS ? undefined : next)}
      />
      {chosen && chosen.source !== '' && (
        <a className={classes.source} href={chosen.source} target="_blank" rel="noreferrer">
          Published at {new URL(chosen.source).host + new URL(chosen.source).pathname}
        </a>
      )}
    </div>
  )
}
