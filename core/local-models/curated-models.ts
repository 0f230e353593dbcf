import type { CuratedModel, CuratedSet } from './curated-model.ts'
import { llmModels } from './curated/llm.ts'
import { sttModels } from './curated/stt.ts'
import { ttsModels } from './curated/tts.ts'

/** Models that are known to work, best known first within a kind. Nothing here is fetched unasked. */
export const CURATED_MODELS: readonly CuratedModel[] = [...sttModels, ...ttsModels, ...llmModels]

/** Fetched together. `speech`: a call is heard and spoken; `starter`: answered too, all of it offline. */
export const MODEL_SETS: readonly CuratedSet[] = [
  {
    set_id: 'starter',
    name: 'Smallest offline call (English)',
    model_ids: ['whisper-tiny.en', 'piper-en_US-joe', 'smollm2-135m-instruct'],
  },
  { set_id: 'speech', name: 'Built-in speech (English)', model_ids: ['whisper-tiny.en', 'piper-en_US-joe'] },
]
