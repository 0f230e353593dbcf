import sherpa from 'sherpa-onnx-node'
import { connectEngine } from '../agent-runtime/engines/engine-client.ts'
import { offlineConfig, ttsConfig } from '../agent-runtime/engines/sherpa-config.ts'
import { pickModel, speechModels } from '../agent-runtime/engines/speech-models.ts'
import { newAddress, startEngine } from '../agent-runtime/engines/testing/start-engine.ts'
import { PADDING, padded } from '../agent-runtime/engines/utterance.ts'
import { callerVoice } from '../agent-runtime/session/testing/caller-voice.ts'
import { UP_SAMPLE_RATE } from '../core/contract/media.ts'
import type { Sample } from './measure.ts'

const SAID = 'I have worked for three years on an audio engine, and before that on web pages.'

const folder = () => process.env['GREENROOM_TEST_MODELS'] ?? ''

type Both = Readonly<{ ours: Sample; peer: Sample; close: () => Promise<void> }>

async function startSpeech() {
  const engine = await startEngine('speech', await newAddress(), folder())
  const client = connectEngine(engine.address)
  const close = async () => {
    client.close()
    engine.child.kill()
    await engine.ended
  }
  return { address: engine.address, client, close }
}

/**
 * Ms from the end of a recording to its text: engine process and socket against sherpa-onnx called bare, same model, threads and samples:
 * the silence that Whisper needs after the words costs about as much as they do, on both sides.
 */
export async function transcriptBench(): Promise<Both> {
  const { address, client, close } = await startSpeech()
  const model = pickModel(await speechModels(folder(), 'stt'), '', 'model')
  if (model.kind !== 'stt') throw new Error('it is a model that hears')
  const recognizer = await sherpa.OfflineRecognizer.createAsync({
    featConfig: { sampleRate: UP_SAMPLE_RATE, featureDim: 80 },
    modelConfig: offlineConfig(model, ''),
  })
  const pcm = await callerVoice(address, SAID)
  const samples = padded(pcm, model.family === 'whisper' ? PADDING.whisper : PADDING.others)
  const { signal } = new AbortController()
  return {
    ours: () => timed(() => client.transcribe(pcm, { language: '', model: model.model_id, signal })),
    peer: () =>
      timed(async () => {
        const stream = recognizer.createStream()
        stream.acceptWaveform({ samples, sampleRate: UP_SAMPLE_RATE })
        await recognizer.decodeAsync(stream)
      }),
    close,
  }
}

/**
 * Ms until the first audio of a sentence, for each second of it, because a voice never says a sentence in the same time twice: engine
 * process and socket against sherpa-onnx called bare, same model and threads.
 */
export async function firstAudioBench(): Promise<Both> {
  const { client, close } = await startSpeech()
  const model = pickModel(await speechModels(folder(), 'tts'), '', 'voice')
  if (model.kind !== 'tts') throw new Error('it is a model that speaks')
  const tts = await sherpa.OfflineTts.createAsync({ model: ttsConfig(model), maxNumSentences: 1 })
  return {
    ours: async () => {
      const began = performance.now()
      for await (const { pcm, sample_rate } of client.synthesize(SAID, { model: model.model_id, voice: '', speed: 1 }))
        return ((performance.now() - began) * sample_rate) / pcm.length
      throw new Error('the engine said nothing')
    },
    peer: async () => {
      const began = performance.now()
      const { samples, sampleRate } = await tts.generateAsync({ text: SAID, sid: 0, speed: 1, enableExternalBuffer: false })
      return ((performance.now() - began) * sampleRate) / samples.length
    },
    close,
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
