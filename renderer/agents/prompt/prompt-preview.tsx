import { TextInput } from '@mantine/core'
import { useDeferredValue, useMemo, useState } from 'react'
import Markdown from 'react-markdown'
import { renderPrompt } from '../../../core/agent/prompt.ts'
import { textAt } from '../document-edit.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { parseValue } from '../parse-value.ts'
import { declaredVariables } from './prompt-variables.ts'
import { useVariableRows } from './use-variable-rows.ts'
import classes from './prompt-tab.module.css'

/** The page has one heading of its own; those of the prompt come below it. */
const HEADINGS = { h1: 'h2', h2: 'h3', h3: 'h4' } as const

/** What the model will read, with the defaults or with values tried here; they are not kept in the agent. */
export function PromptPreview() {
  const { content } = useWorkspace()
  const shown = useDeferredValue(content)
  const [tried, setTried] = useState<Readonly<Record<string, string>>>({})
  const rows = useVariableRows(shown).filter(({ used }) => used)
  const { prompt, greeting } = useMemo(() => {
    const values = Object.entries(tried).flatMap(([name, text]) => {
      const value = parseValue(text)
      return value === undefined ? [] : [[name, value] as const]
    })
    const variables = Object.fromEntries(values)
    const document = { prompt_config: { dynamic_vars: toDefaults(declaredVariables(shown)) } }
    return {
      prompt: renderPrompt(textAt(shown, ['prompt_config', 'instructions']), variables, document),
      greeting: renderPrompt(textAt(shown, ['prompt_config', 'greeting']), variables, document),
    }
  }, [shown, tried])

  return (
    <section className={classes.preview} aria-label="Preview" tabIndex={0}>
      {rows.length > 0 && (
        <div className={classes.samples}>
          {rows.map(({ name, default: fallback }) => (
            <TextInput
              key={name}
              label={name}
              placeholder={fallback || 'a value to try'}
              value={tried[name] ?? ''}
              onChange={({ currentTarget: { value } }) => setTried((before) => ({ ...before, [name]: value }))}
            />
          ))}
        </div>
      )}
      {[...new Set([...prompt.problems, ...greeting.problems].map(({ message }) => message))].map((message) => (
        <p key={message} className={classes.problem}>
          {message}
        </p>
      ))}
      {greeting.text && <p className={classes.greeting}>{greeting.text}</p>}
      <Markdown components={HEADINGS}>{prompt.text}</Markdown>
    </section>
  )
}

/** In the document a variable may stand in a form that is not valid yet; then it has no default. */
const toDefaults = (declared: ReturnType<typeof declaredVariables>) =>
  Object.fromEntries(
    Object.entries(declared).flatMap(([name, value]) => (value === null || Array.isArray(value) ? [] : [[name, value] as const])),
  )
