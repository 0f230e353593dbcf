import { useCallback, useEffect, useState } from 'react'
import type { InputOf, OperationName, OutputOf, StudioEvent } from '../../core/contract/index.ts'
import { StudioError } from '../../core/contract/studio-error.ts'
import { useStudio } from './studio-context.tsx'
import { fromWire } from './wire.ts'

export type Answer<Value> = Readonly<{ value: Value | undefined; error: StudioError | undefined; reload: () => void }>

export const toStudioError = (cause: unknown): StudioError =>
  cause instanceof StudioError
    ? cause
    : new StudioError(
        'internal',
        cause instanceof Error ? cause.message : String(cause),
        'Reload the page; what you typed is kept.',
      )

/**
 * Asks a query and keeps its answer; asks again when the input changes, after a reconnect, and on the named events.
 * `undefined` as input asks nothing.
 */
export function useOperation<Name extends OperationName>(
  name: Name,
  input: InputOf<Name> | undefined,
  on: readonly StudioEvent['type'][] = [],
): Answer<OutputOf<Name>> {
  const studio = useStudio()
  const [answer, setAnswer] = useState<{ key: string; value?: OutputOf<Name>; error?: StudioError }>({ key: '' })
  const [round, setRound] = useState(0)
  const reload = useCallback(() => setRound((before) => before + 1), [])
  const key = input === undefined ? '' : JSON.stringify(input)
  const events = on.join(' ')

  useEffect(
    () => studio.onEvent(({ type }) => (type === 'hello' || events.split(' ').includes(type)) && reload()),
    [studio, events, reload],
  )
  useEffect(() => {
    if (key === '') return
    let current = true
    studio.call(name, fromWire<InputOf<Name>>(JSON.parse(key))).then(
      (value) => current && setAnswer({ key, value }),
      (cause: unknown) => current && setAnswer((before) => ({ ...before, key, error: toStudioError(cause) })),
    )
    return () => {
      current = false
    }
  }, [studio, name, key, round])

  const fresh = answer.key === key
  return { value: fresh ? answer.value : undefined, error: fresh ? answer.error : undefined, reload }
}
