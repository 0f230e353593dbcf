/** Fetches the test's language model from a hub, until the test kills it. */
import { modelStudio } from './model-studio.ts'
import { HUB_LLM } from './tiny-offer.ts'

const [models_dir = '', hub = ''] = process.argv.slice(2)
const studio = modelStudio(models_dir, {
  offer: { models: [HUB_LLM], sets: [] },
  environment: { PIP_INDEX_URL: 'http://127.0.0.1:1', HF_ENDPOINT: hub },
})
await studio.get(HUB_LLM.model_id)
