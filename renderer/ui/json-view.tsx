import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import classes from './json-view.module.css'

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/g

type Part = Readonly<{ text: string; kind?: 'key' | 'str' | 'num' }>

/** JSON text in parts that are coloured alike; puts nothing in and leaves nothing out. */
export function jsonParts(source: string): readonly Part[] {
  const parts: Part[] = []
  let from = 0
  for (const match of source.matchAll(TOKEN)) {
    if (match.index > from) parts.push({ text: source.slice(from, match.index) })
    const [whole, text, colon] = match
    if (text === undefined) parts.push({ text: whole, kind: 'num' })
    else parts.push({ text, kind: colon === undefined ? 'str' : 'key' }, ...(colon === undefined ? [] : [{ text: colon }]))
    from = match.index + whole.length
  }
  return from < source.length ? [...parts, { text: source.slice(from) }] : parts
}

/** Read-only JSON with a title and a copy button. */
export function JsonView({ title, value }: { title: string; value: unknown }) {
  const source = JSON.stringify(value, null, 2)
  return (
    <section className={classes.view} aria-label={title}>
      <header className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        <CopyButton value={source}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy'}>
              <ActionIcon size="sm" aria-label={`Copy ${title}`} onClick={copy}>
                {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </header>
      <pre className={classes.source} tabIndex={0}>
        {jsonParts(source).map(({ text, kind }, index) =>
          kind ? (
            <span key={index} className={classes[kind]}>
              {text}
            </span>
          ) : (
            text
          ),
        )}
      </pre>
    </section>
  )
}
