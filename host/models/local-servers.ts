import * as z from 'zod'
import type { LocalServer } from '../../core/contract/models.ts'

/** Where each serves its OpenAI-compatible API unless it was told otherwise. */
export const USUAL_PLACES: readonly Omit<LocalServer, 'models'>[] = [
  { name: 'Ollama', base_url: 'http://localhost:11434/v1' },
  { name: 'LM Studio', base_url: 'http://localhost:1234/v1' },
  { name: 'llama-server', base_url: 'http://localhost:8080/v1' },
]

const ANSWER_WITHIN_MS = 1500
const ModelList = z.object({ data: z.array(z.object({ id: z.string() })) })

/** Those of the places where such a server answers, with the models that it has. */
export async function findLocalServers(places: readonly Omit<LocalServer, 'models'>[]): Promise<LocalServer[]> {
  const found = await Promise.all(places.map(async (place) => ({ ...place, models: await modelsAt(place.base_url) })))
  return found.flatMap(({ models, ...place }) => (models ? [{ ...place, models }] : []))
}

/** Undefined when nothing answers, or something else does: any program may use these ports. */
async function modelsAt(base_url: string): Promise<string[] | undefined> {
  try {
    const response = await fetch(`${base_url}/models`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), redirect: 'error' })
    const list = ModelList.safeParse(await response.json())
    return response.ok && list.success ? list.data.data.map(({ id }) => id) : undefined
  } catch {
    return undefined
  }
}
