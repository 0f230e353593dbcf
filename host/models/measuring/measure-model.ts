import { StudioError } from '../../../core/contract/errors.ts'
import type { ModelMeasure, ModelProgress } from '../../../core/contract/models.ts'
import type { EngineAddress } from '../../../core/contract/runtime.ts'
import { installedModels } from '../installed-models.ts'
import type { InstalledModel } from '../installed-models.ts'
import { rememberMeasure } from '../store-model.ts'
import { openEngine } from './engine-socket.ts'
import type { EngineSocket, Speech } from './engine-socket.ts'
import { toRate } from './to-rate.ts'

type Measured = Omit<ModelMeasure, 'at'>

/** What a measurement needs of the processes beside the host. */
export type MeasureRuntime = Readonly<{
  engine: (kind: 'speech' | 'espeak', modelsDir?: string) => Promise<EngineAddress>
  /** An engine that measures by itself. */
  measure?: (kind: 'llm', modelsDir: string, model_id: string, signal: AbortSignal) => Promise<Measured>
}>

export type MeasureOptions = Readonly<{
  models_dir: string
  runtime: MeasureRuntime
  signal: AbortSignal
  progress: (progress: Omit<ModelProgress, 'id'>) => void
}>

/** Spoken and heard in the measurement: short, long, and with a number, as calls go. */
const SENTENCES = [
  'Thank you for calling, how can I help you today?',
  'I would like to move my appointment from Tuesday to Friday at ten in the morning, if that is still possible.',
  'Could you please repeat that for me?',
]
const STT_RATE = 16_000

/** Runs a model through its engine, as a call would, and keeps what that showed beside it. */
export async function measureModel(model: InstalledModel, options: MeasureOptions): Promise<void> {
  const measured = { llm: measureLlm, stt: measureStt, tts: measureTts }[model.kind]
  options.progress({ phase: 'measuring', item: model.model_id, done_bytes: 0, total_bytes: 0 })
  const result = await measured(model, options)
  await rememberMeasure(model, { at: Date.now(), ...result })
  options.progress({ phase: 'done', item: model.model_id, done_bytes: 0, total_bytes: 0 })
}

async function measureLlm({ model_id }: InstalledModel, { models_dir, runtime, signal }: MeasureOptions): Promise<Measured> {
  if (runtime.measure) return runtime.measure('llm', models_dir, model_id, signal)
  throw new StudioError('unsupported', 'Language models cannot be measured here', 'Use a build with the built-in LLM.')
}

async function measureTts(model: InstalledModel, options: MeasureOptions): Promise<Measured> {
  return withEngine(await options.runtime.engine('speech', options.models_dir), options.signal, async (engine) => {
    const voice = { model: model.model_id, voice: model.voices[0] ?? model.model_id }
    // The first run of a model is several times slower than the next, and it may have to be loaded.
    await engine.synthesize({ text: 'Ready.', ...voice })
    const spoken: Speech[] = []
    for (const text of SENTENCES) spoken.push(await engine.synthesize({ text, ...voice }))
    requireSound(spoken)
    const seconds = spoken.reduce((sum, { pcm, sample_rate }) => sum + pcm.length / sample_rate, 0)
    return {
      real_time_factor: rounded(total(spoken, 'took_ms') / 1000 / seconds, 3),
      first_audio_ms: rounded(total(spoken, 'first_audio_ms') / spoken.length, 0),
    }
  })
}

async function measureStt(model: InstalledModel, options: MeasureOptions): Promise<Measured> {
  const samples = (await sampleSpeech(options)).map(({ pcm, sample_rate }) => toRate(pcm, sample_rate, STT_RATE))
  return withEngine(await options.runtime.engine('speech', options.models_dir), options.signal, async (engine) => {
    const request = { model: model.model_id, language: model.languages[0] ?? 'en' }
    const [warmUp] = samples
    if (warmUp) await engine.transcribe(warmUp, request)
    let took_ms = 0
    for (const pcm of samples) took_ms += (await engine.transcribe(pcm, request)).took_ms
    const seconds = samples.reduce((sum, { length }) => sum + length / STT_RATE, 0)
    return { real_time_factor: rounded(took_ms / 1000 / seconds, 3) }
  })
}

/** Spoken by an installed voice, or by espeak-ng where there is none. */
async function sampleSpeech({ models_dir, runtime, signal }: MeasureOptions): Promise<Speech[]> {
  const voice = installedModels(models_dir).find(({ kind, languages }) => kind === 'tts' && languages.includes('en'))
  const address = voice ? await runtime.engine('speech', models_dir) : await runtime.engine('espeak')
  return withEngine(address, signal, async (engine) => {
    const spoken: Speech[] = []
    for (const text of SENTENCES) {
      spoken.push(
        await engine.synthesize({ text, model: voice?.model_id ?? '', voice: voice ? (voice.voices[0] ?? '') : 'en-us' }),
      )
    }
    requireSound(spoken)
    return spoken
  })
}

async function withEngine<Value>(address: EngineAddress, signal: AbortSignal, work: (engine: EngineSocket) => Promise<Value>) {
  const engine = await openEngine(address, signal)
  try {
    return await work(engine)
  } finally {
    engine.close()
  }
}

function requireSound(spoken: readonly Speech[]): void {
  if (spoken.every(({ pcm, sample_rate }) => pcm.length > 0 && sample_rate > 0)) return
  throw new StudioError(
    'runtime_failed',
    'The voice made no sound, so that nothing could be measured',
    'Fetch or import it again.',
  )
}

const total = (spoken: readonly Speech[], key: 'took_ms' | 'first_audio_ms') =>
  spoken.reduce((sum, speech) => sum + speech[key], 0)
const rounded = (value: number, digits: number) => Number(value.toFixed(digits))
