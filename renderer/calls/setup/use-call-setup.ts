import { useEffect, useRef, useState } from 'react'
import { isJsonObject } from '../../../core/json.ts'
import type { DocumentJson } from '../../../core/contract/index.ts'
import { useUiState } from '../../client/settings-context.tsx'

/** What a call of this agent starts with, kept from call to call. */
export type CallSetup = Readonly<{
  variables: Readonly<Record<string, string>>
  setVariable: (name: string, text: string) => void
  /** Lines for the rehearsal STT, as typed. */
  script: string
  setScript: (text: string) => void
}>

type Kept = Readonly<{ variables: Readonly<Record<string, string>>; script: string }>

type KeptJson = DocumentJson[string]
const isKeptObject = (value: KeptJson): value is { [key: string]: KeptJson } => isJsonObject(value)
const NOTHING: { [key: string]: KeptJson } = {}
/** Typing is not a setting until it pauses. */
const KEEP_AFTER_MS = 500

/** Mount it anew for another agent. */
export function useCallSetup(agent_id: string): CallSetup {
  const [kept, keep] = useUiState<{ [key: string]: KeptJson }>(`call.setup.${agent_id}`, NOTHING, isKeptObject)
  const [setup, setSetup] = useState(() => readSetup(kept))
  const first = useRef(true)
  useEffect(() => {
    if (first.current) {
      first.current = false
      return
    }
    const timer = setTimeout(() => keep({ variables: setup.variables, script: setup.script }), KEEP_AFTER_MS)
    return () => clearTimeout(timer)
  }, [setup, keep])
  return {
    ...setup,
    setVariable: (name, text) => setSetup((before) => ({ ...before, variables: { ...before.variables, [name]: text } })),
    setScript: (script) => setSetup((before) => ({ ...before, script })),
  }
}

function readSetup({ variables, script }: Readonly<{ [key: string]: KeptJson }>): Kept {
  const texts = isJsonObject(variables)
    ? Object.entries(variables).flatMap(([name, value]) => (isText(value) ? [[name, value] as const] : []))
    : []
  return { variables: Object.fromEntries(texts), script: isText(script) ? script : '' }
}

const isText = (value: unknown): value is string => typeof value === 'string'

export const scriptLines = (script: string): readonly string[] =>
  script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
