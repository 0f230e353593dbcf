import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createEspeakEngine } from '../agent-runtime/engines/espeak-engine.ts'

/** record-caller.ts MODELS OUT.wav '{"lines":[{"text","pause_s"}],"lead_s":1}': a caller's WAV at 22,050 Hz; no MODELS: espeak-ng speaks. */
const [models = '', file = '', script = ''] = process.argv.slice(2)
const { lines, lead_s }: { lines: { text: string; pause_s: number }[]; lead_s: number } = JSON.parse(script)
const sherpa = createRequire(import.meta.url)('sherpa-onnx-node')
const rate = 22_050

/** The built-in voice. */
function person(): (text: string) => Promise<Float32Array> {
  const voice = join(models, 'tts', 'piper-en_US-joe')
  const tts = new sherpa.OfflineTts({
    model: {
      vits: {
        model: join(voice, 'model.onnx'),
        tokens: join(voice, 'tokens.txt'),
        dataDir: join(voice, 'espeak-ng-data'),
        noiseScale: 0.001,
        noiseScaleW: 0.001,
        lengthScale: 1,
      },
      numThreads: 2,
    },
    maxNumSentences: 1,
  })
  if (tts.sampleRate !== rate) throw new Error(`the voice speaks at ${tts.sampleRate} Hz`)
  return (text) => Promise.resolve(tts.generate({ text, sid: 0, speed: 1, enableExternalBuffer: false }).samples)
}

async function robot(): Promise<(text: string) => Promise<Float32Array>> {
  const engine = await createEspeakEngine()
  return async (text) => {
    const parts: number[] = []
    for await (const { pcm, sample_rate } of engine.synthesize(
      text,
      { model: '', voice: '', speed: 1 },
      new AbortController().signal,
    )) {
      if (sample_rate !== rate) throw new Error(`espeak-ng speaks at ${sample_rate} Hz`)
      for (const sample of pcm) parts.push(sample / 0x8000)
    }
    return Float32Array.from(parts)
  }
}

const say = models === '' ? await robot() : person()
const silence = (seconds: number) => new Float32Array(Math.round(seconds * rate))
const parts: Float32Array[] = [silence(lead_s)]
for (const { text, pause_s } of lines) parts.push(await say(text), silence(pause_s))
const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
parts.reduce((at, part) => (samples.set(part, at), at + part.length), 0)
sherpa.writeWave(file, { samples, sampleRate: rate })
