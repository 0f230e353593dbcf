import { Input } from '@mantine/core'
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { completionAt, withCompletion, type Completion, type TemplateWord } from './template-completion.ts'
import classes from './code-input.module.css'

type Props = Readonly<{
  label: string
  /** The label is for ears only. */
  hideLabel?: boolean
  description?: ReactNode
  placeholder?: string
  value: string
  onChange: (text: string) => void
  /** The same characters, in colour. */
  colour: (text: string) => ReactNode
  /** Names that are offered within braces; absent: nothing is. */
  words?: readonly TemplateWord[]
  /** Lines that are always there; absent: one line, Enter makes no other. */
  lines?: number
  error?: string | undefined
  readOnly: boolean
  pointer?: string
}>

/** A text box with colours and completion: light enough for a form of many, where a whole editor would not be. */
export function CodeInput(props: Props) {
  const { label, hideLabel = false, description, placeholder, value, colour, lines, error, readOnly, pointer } = props
  const id = useId()
  const box = useRef<HTMLTextAreaElement>(null)
  const { completion, chosen, keyDown, look, close, take } = useCompletion(props, box)
  const type = (text: string) => {
    props.onChange(lines === undefined ? text.replaceAll(/\s*\n\s*/g, '') : text)
  }
  return (
    <Input.Wrapper
      size="xs"
      id={id}
      label={hideLabel ? undefined : label}
      description={description}
      error={error}
      inputWrapperOrder={['label', 'description', 'input', 'error']}
    >
      <div className={classes.frame} data-error={error !== undefined || undefined}>
        <pre className={classes.backdrop} aria-hidden>
          {colour(value)}
          {'\n'}
        </pre>
        <textarea
          ref={box}
          id={id}
          className={classes.box}
          aria-label={hideLabel ? label : undefined}
          aria-invalid={error !== undefined || undefined}
          aria-autocomplete={props.words ? 'list' : undefined}
          aria-controls={completion ? `${id}-list` : undefined}
          aria-activedescendant={completion ? `${id}-${chosen}` : undefined}
          rows={lines ?? 1}
          spellCheck={false}
          autoComplete="off"
          placeholder={placeholder}
          readOnly={readOnly}
          data-pointer={pointer}
          value={value}
          onChange={({ currentTarget }) => {
            type(currentTarget.value)
            look(currentTarget.value, currentTarget.selectionStart)
          }}
          onKeyDown={keyDown}
          onBlur={close}
        />
        {completion && (
          <ul className={classes.list} id={`${id}-list`} role="listbox" aria-label="What can stand here">
            {completion.items.map((item, index) => (
              <li
                key={item.label}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === chosen}
                className={classes.item}
                // The text box keeps the focus.
                onMouseDown={(event) => {
                  event.preventDefault()
                  take(completion, index)
                }}
              >
                <span className="mono">{item.label}</span> <span className={classes.detail}>{item.detail}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Input.Wrapper>
  )
}

function useCompletion({ words, value, onChange, lines, readOnly }: Props, box: React.RefObject<HTMLTextAreaElement | null>) {
  const [completion, setCompletion] = useState<Completion>()
  const [chosen, setChosen] = useState(0)
  const caret = useRef<number>(undefined)
  useLayoutEffect(() => {
    if (caret.current === undefined) return
    box.current?.setSelectionRange(caret.current, caret.current)
    caret.current = undefined
  }, [value, box])

  const look = (text: string, at: number) => {
    setCompletion(words && completionAt(text, at, words))
    setChosen(0)
  }
  const close = () => setCompletion(undefined)
  const take = (from: Completion, index: number) => {
    const item = from.items[index]
    if (!item) return
    const next = withCompletion(value, from, item)
    caret.current = next.caret
    onChange(next.text)
    close()
  }
  const keyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const wants = event.key === ' ' && event.ctrlKey
    if (wants && !readOnly) {
      event.preventDefault()
      return look(value, event.currentTarget.selectionStart)
    }
    if (completion) return choose(event, completion)
    if (event.key === 'Enter' && lines === undefined) event.preventDefault()
  }
  const choose = (event: KeyboardEvent, from: Completion) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) setChosen((before) => (before + step + from.items.length) % from.items.length)
    else if (event.key === 'Enter' || event.key === 'Tab') take(from, chosen)
    else if (event.key === 'Escape') close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return { completion, chosen, keyDown, look, close, take }
}
