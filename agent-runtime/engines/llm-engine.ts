import { freemem } from 'node:os'
import { stat } from 'node:fs/promises'
import type { Engine } from './engine.ts'
import { llmFiles, pickLlm, type LlmFile } from './llm-files.ts'
import { loadLlmModel, type LlmModel } from './llm-model.ts'
import { loadLlama } from './llama.ts'
import { createTurnstile } from './turnstile.ts'

/** A model that is not asked for this long makes room when another one is asked for. */
const SPARE_AFTER_MS = 60_000
/** After this it is unloaded anyway, and what was said in a conversation is forgotten: the next turn reads it again. */
const UNUSED_AFTER_MS = 10 * 60_000
const LOOK_EVERY_MS = 60_000
/** What a loaded model takes beside its file. */
const OVERHEAD_BYTES = 300e6

/** The built-in LLM: one loaded model for all sessions of the host, others on demand. */
export async function createLlmEngine(models_dir: string): Promise<Engine> {
  const llama = await loadLlama()
  const loaded = new Map<string, LlmModel>()
  const loading = createTurnstile()
  const waitedFor = new Map<string, number>()

  async function unload(model: LlmModel): Promise<void> {
    loaded.delete(model.name)
    await model.close()
  }
  const spare = (idle_ms: number) =>
    [...loaded.values()]
      .filter((model) => !waitedFor.get(model.name) && model.idleFor() > idle_ms)
      .sort((a, b) => b.idleFor() - a.idleFor())

  /** What nobody needs just now goes, and when that is too little, all that does not work at this moment. */
  async function makeRoomFor(file: LlmFile): Promise<void> {
    for (const model of spare(SPARE_AFTER_MS)) await unload(model)
    const needed = (await stat(file.path)).size + OVERHEAD_BYTES
    for (const model of spare(0)) if (freemem() < needed) await unload(model)
  }

  async function load(file: LlmFile): Promise<LlmModel> {
    const known = loaded.get(file.name)
    if (known) return known
    await makeRoomFor(file)
    const model = await loadLlmModel(llama, file)
    loaded.set(file.name, model)
    return model
  }

  setInterval(() => {
    for (const model of spare(UNUSED_AFTER_MS)) void unload(model)
    for (const model of loaded.values()) void model.expire(UNUSED_AFTER_MS)
  }, LOOK_EVERY_MS).unref()

  return {
    transcribe: () => Promise.reject(new Error('The built-in LLM writes; it cannot listen')),
    async *synthesize() {
      throw new Error('The built-in LLM writes; it cannot speak')
    },
    async *generate(request, signal) {
      const file = pickLlm(await llmFiles(models_dir), request.model)
      waitedFor.set(file.name, (waitedFor.get(file.name) ?? 0) + 1)
      try {
        const model = loaded.get(file.name) ?? (await loading(() => load(file), signal))
        yield* model.generate(request, signal)
      } finally {
        waitedFor.set(file.name, (waitedFor.get(file.name) ?? 1) - 1)
      }
    },
  }
}
