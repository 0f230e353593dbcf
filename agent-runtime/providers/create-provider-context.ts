import type { EngineAddress, SessionSpec } from '../../core/contract/runtime.ts'
import { connectEngine, type EngineClient } from '../engines/engine-client.ts'
import type { Report } from '../session/report.ts'
import { createCallerAudio, type CallerAudio } from './caller-audio.ts'
import type { ProviderContext } from './provider-context.ts'
import { createScript } from './rehearsal/script.ts'

/** What the providers of one call share; `close` when the call is over. */
export type CallProviders = Readonly<{ context: ProviderContext & { callerAudio: CallerAudio }; close: () => void }>

export function createProviderContext(spec: SessionSpec, report: Pick<Report, 'journal'>): CallProviders {
  const engines = new Map<string, EngineClient>()
  const told = new Set<string>()
  const engine = (address: EngineAddress) => {
    const client = engines.get(address.path) ?? connectEngine(address)
    engines.set(address.path, client)
    return client
  }
  return {
    context: {
      seed: spec.seed,
      script: createScript(spec.script),
      engine,
      callerAudio: createCallerAudio(),
      notice(text, level) {
        if (told.has(text)) return
        told.add(text)
        report.journal({ type: 'notice', text, level })
      },
    },
    close: () => engines.forEach((client) => client.close()),
  }
}
