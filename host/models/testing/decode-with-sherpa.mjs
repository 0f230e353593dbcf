// Loads a converted Whisper with sherpa-onnx and lets it hear a second of noise: its native code ends the process when a graph is not right.
import { join } from 'node:path'
import sherpa from 'sherpa-onnx-node'

const folder = process.argv[2]
const recognizer = new sherpa.OfflineRecognizer({
  featConfig: { sampleRate: 16000, featureDim: 80 },
  modelConfig: {
    whisper: {
      encoder: join(folder, 'encoder.int8.onnx'),
      decoder: join(folder, 'decoder.int8.onnx'),
      language: '',
      task: 'transcribe',
      tailPaddings: 50,
    },
    tokens: join(folder, 'tokens.txt'),
    numThreads: 1,
  },
})
const stream = recognizer.createStream()
stream.acceptWaveform({ samples: Float32Array.from({ length: 16000 }, (_, i) => Math.sin(i * i) / 4), sampleRate: 16000 })
recognizer.decode(stream)
process.stdout.write(JSON.stringify({ tokens: recognizer.getResult(stream).tokens.length }))
