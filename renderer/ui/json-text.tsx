import { useMemo } from 'react'
import { jsonTokens } from './json-tokens.ts'
import classes from './json-text.module.css'

/** JSON in colour, exactly as it is written. */
export function JsonText({ text, caret = false }: { text: string; caret?: boolean }) {
  const tokens = useMemo(() => jsonTokens(text), [text])
  return (
    <code className={classes.json}>
      {tokens.map(({ kind, text: part }, index) =>
        kind === 'plain' ? (
          part
        ) : (
          <span key={index} className={classes[kind]}>
            {part}
          </span>
        ),
      )}
      {caret && <span className={classes.caret} aria-hidden />}
    </code>
  )
}
