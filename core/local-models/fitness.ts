import type { CuratedModel } from './curated-model.ts'

/** Operating system, studio and browser beside the model. */
const KEPT_FREE = 1_500_000_000
/** A model that may take so much of the machine's memory leaves enough for all else to stay quick. */
const COMFORTABLE = 0.4

/** Why a model does not fit into a machine's memory; undefined: it does. */
export function unfitFor(memory_bytes: number, needs_memory_bytes: number | undefined): string | undefined {
  if (needs_memory_bytes === undefined || needs_memory_bytes <= memory_bytes - KEPT_FREE) return undefined
  return `It needs about ${gigabytes(needs_memory_bytes)} of memory beside the studio, and this machine has ${gigabytes(memory_bytes)}.`
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`

export type MachineSize = Readonly<{ memory_bytes: number; cores: number }>

/** Without a GPU a model of this size still answers before a caller wonders, by the number of cores. */
const largestFor = (cores: number): number => (cores < 4 ? 1.3e9 : cores < 8 ? 2.1e9 : Infinity)

/** The model of each kind to take on a machine of this size: the LLM by memory and cores, speech the quickest that is good. */
export function recommendedModels(models: readonly CuratedModel[], { memory_bytes, cores }: MachineSize): ReadonlySet<string> {
  const isFit = ({ kind, rank = 0, disk_bytes, needs_memory_bytes = 0 }: CuratedModel) =>
    kind === 'llm' &&
    rank > 0 &&
    disk_bytes <= largestFor(cores) &&
    needs_memory_bytes <= memory_bytes * COMFORTABLE &&
    unfitFor(memory_bytes, needs_memory_bytes) === undefined
  const best = models.filter(isFit).sort((a, b) => (b.rank ?? 0) - (a.rank ?? 0))[0]
  const first = (kind: CuratedModel['kind']) => models.find((model) => model.kind === kind)
  return new Set([first('stt'), first('tts'), best ?? first('llm')].flatMap((model) => (model ? [model.model_id] : [])))
}
