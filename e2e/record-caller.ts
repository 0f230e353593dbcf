import { createRequire } from 'node:module'
import { join } from 'node:path'

/** record-caller.ts MODELS OUT.wav '{"lines":[{"text","pause_s"}],"lead_s":1}': a caller's WAV at 22,050 Hz. */
const [models = '', file = '', script = ''] = process.argv.slice(2)
const { lines, lead_s }: { lines: { text: string; pause_s: number }[]; lead_s: number } = JSON.parse(script)
const sherpa = createRequire(import.meta.url)('sherpa-onnx-node')

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
const rate: number = tts.sampleRate
const silence = (seconds: number) => new Float32Array(Math.round(seconds * rate))
const parts = [
  silence(lead_s),
  ...lines.flatMap(({ text, pause_s }) => [
    tts.generate({ text, sid: 0, speed: 1, enableExternalBuffer: false }).samples as Float32Array,
    silence(pause_s),
  ]),
]
const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
parts.reduce((at, part) => (samples.set(part, at), at + part.length), 0)
sherpa.writeWave(file, { samples, sampleRate: rate })
