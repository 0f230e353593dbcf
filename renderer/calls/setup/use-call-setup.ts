import { useEffect, useRef, useState } from 'react'
import { isJsonObject } from '../../../core/json.ts'
import type { DocumentJson } from '../../../core/contract/index.ts'
import type { ProviderKind } from '../../../core/providers/index.ts'
import { useUiState } from '../../client/settings-context.tsx'
import { KINDS, type WhatIf } from './what-if.ts'

/** What a call of this agent starts with, kept from call to call. */
export type CallSetup = Readonly<{
  variables: Readonly<Record<string, string>>
  setVariable: (name: string, text: string) => void
  /** Lines for the rehearsal STT, as typed. */
  script: string
  setScript: (text: string) => void
  what_if: WhatIf
  /** Undefined: as the agent says. */
  setWhatIf: (kind: ProviderKind, id: string | undefined) => void
  /** Tools answer with their mocks instead of being run. */
  mock_tools: boolean
  setMockTools: (on: boolean) => void
}>

type Kept = Readonly<{ variables: Readonly<Record<string, string>>; script: string; what_if: WhatIf; mock_tools: boolean }>

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
    const { variables, script, what_if, mock_tools } = setup
    const timer = setTimeout(() => keep({ variables, script, what_if, mock_tools }), KEEP_AFTER_MS)
    return () => clearTimeout(timer)
  }, [setup, keep])
  return {
    ...setup,
    setVariable: (name, text) => setSetup((before) => ({ ...before, variables: { ...before.variables, [name]: text } })),
    setMockTools: (mock_tools) => setSetup((before) => ({ ...before, mock_tools })),
    setScript: (script) => setSetup((before) => ({ ...before, script })),
    setWhatIf: (kind, id) =>
      setSetup((before) => {
        const { [kind]: _gone, ...others } = before.what_if
        return { ...before, what_if: id === undefined ? others : { ...others, [kind]: id } }
      }),
  }
}

function readSetup({ variables, script, what_if, mock_tools }: Readonly<{ [key: string]: KeptJson }>): Kept {
  const texts = isJsonObject(variables)
    ? Object.entries(variables).flatMap(([name, value]) => (isText(value) ? [[name, value] as const] : []))
    : []
  return {
    variables: Object.fromEntries(texts),
    script: isText(script) ? script : '',
    what_if: readWhatIf(what_if),
    mock_tools: mock_tools === true,
  }
}

function readWhatIf(kept: KeptJson | undefined): WhatIf {
  const what_if: WhatIf = {}
  if (!isJsonObject(kept)) return what_if
  for (const kind of KINDS) {
    const id = kept[kind]
    if (isText(id)) what_if[kind] = id
  }
  return what_if
}

const isText = (value: unknown): value is string => typeof value === 'string'

export const scriptLines = (script: string): readonly string[] =>
  script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
