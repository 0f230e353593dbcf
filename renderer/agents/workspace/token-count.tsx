import { useEffect, useState } from 'react'
import { textAt } from '../document-edit.ts'
import { useWorkspace } from './workspace-context.ts'

const COUNT_AFTER_MS = 400
const INSTRUCTIONS = ['prompt_config', 'instructions'] as const

/** Tokens of the instructions; the counter's table loads when the page is idle. */
export function TokenCount() {
  const { content } = useWorkspace()
  const text = textAt(content, INSTRUCTIONS)
  const [tokens, setTokens] = useState<number>()
  useEffect(() => {
    let current = true
    const timer = setTimeout(() => {
      void import('../../../core/agent/tokens.ts')
        .then(({ countTokens }) => countTokens(text))
        .then((count) => current && setTokens(count))
    }, COUNT_AFTER_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])
  if (tokens === undefined) return null
  return (
    <span title="Length of the instructions, as OpenAI's current models count">
      {new Intl.NumberFormat().format(tokens)} tokens
    </span>
  )
}
