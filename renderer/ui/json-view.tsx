import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { JsonText } from './json-text.tsx'
import classes from './json-view.module.css'

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
        <JsonText text={source} />
      </pre>
    </section>
  )
}
