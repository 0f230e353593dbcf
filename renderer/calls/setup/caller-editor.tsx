import { ActionIcon, Button, Textarea, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { CallerDraft, CallerProblems } from './caller-details.ts'
import classes from './caller-editor.module.css'

type Props = Readonly<{ draft: CallerDraft; problems: CallerProblems; onChange: (draft: CallerDraft) => void }>

/** Who calls: name, id, what the prompt knows of them, and what goes along as metadata and attributes. */
export function CallerEditor({ draft, problems, onChange }: Props) {
  const set = (part: Partial<CallerDraft>) => onChange({ ...draft, ...part })
  return (
    <div className={classes.editor}>
      <div className={classes.pair}>
        <TextInput
          label="Name"
          placeholder="Ana"
          maxLength={200}
          autoComplete="off"
          value={draft.user_name}
          onChange={(event) => set({ user_name: event.currentTarget.value })}
        />
        <TextInput
          label="User id"
          placeholder="user-42"
          maxLength={200}
          autoComplete="off"
          value={draft.user_id}
          onChange={(event) => set({ user_id: event.currentTarget.value })}
        />
      </div>
      <JsonField
        label="User details"
        description="JSON; fills {{ user_details.… }} of the prompt"
        placeholder={'{ "level": "B2" }'}
        value={draft.user_details}
        error={problems.user_details}
        onChange={(user_details) => set({ user_details })}
      />
      <JsonField
        label="More metadata"
        description="JSON; what a routing rule may look at, such as a purpose"
        placeholder={'{ "purpose": "support" }'}
        value={draft.metadata}
        error={problems.metadata}
        onChange={(metadata) => set({ metadata })}
      />
      <Attributes draft={draft} problem={problems.attributes} onChange={(attributes) => set({ attributes })} />
    </div>
  )
}

type FieldProps = Readonly<{
  label: string
  description: string
  placeholder: string
  value: string
  error: string | undefined
  onChange: (text: string) => void
}>

const JsonField = ({ onChange, error, ...field }: FieldProps) => (
  <Textarea
    {...field}
    autosize
    minRows={2}
    maxRows={8}
    spellCheck={false}
    error={error}
    classNames={{ input: 'mono' }}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
)

type AttributesProps = Readonly<{
  draft: CallerDraft
  problem: string | undefined
  onChange: (attributes: CallerDraft['attributes']) => void
}>

function Attributes({ draft: { attributes }, problem, onChange }: AttributesProps) {
  const change = (at: number, part: Partial<CallerDraft['attributes'][number]>) =>
    onChange(attributes.map((row, index) => (index === at ? { ...row, ...part } : row)))
  return (
    <fieldset className={classes.attributes}>
      <legend className={classes.legend}>Attributes</legend>
      {attributes.map(({ key, value }, index) => (
        <div key={index} className={classes.attribute}>
          <TextInput
            aria-label={`Name of attribute ${index + 1}`}
            placeholder="name"
            maxLength={128}
            value={key}
            onChange={(event) => change(index, { key: event.currentTarget.value })}
          />
          <TextInput
            aria-label={`Value of attribute ${index + 1}`}
            placeholder="value"
            value={value}
            onChange={(event) => change(index, { value: event.currentTarget.value })}
          />
          <ActionIcon
            aria-label={`Remove attribute ${key || index + 1}`}
            onClick={() => onChange(attributes.filter((_, at) => at !== index))}
          >
            <IconTrash size={15} />
          </ActionIcon>
        </div>
      ))}
      {problem !== undefined && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      <Button
        size="compact-xs"
        leftSection={<IconPlus size={13} />}
        onClick={() => onChange([...attributes, { key: '', value: '' }])}
      >
        Add an attribute
      </Button>
    </fieldset>
  )
}
