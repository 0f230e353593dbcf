import { mkdir, mkdtemp, readFile, readdir, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { modelStudio } from '../testing/model-studio.ts'
import { TINY_FACTS, tinyGguf } from '../testing/tiny-gguf.ts'
import { VOICE_FILES, WHISPER_FILES } from '../testing/tiny-offer.ts'
import { tinyModel } from '../testing/tiny-whisper.ts'
import { tinyOnnx } from '../testing/tiny-onnx.ts'

let dir: string
let models_dir: string
let studio: ReturnType<typeof modelStudio>
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'import ü '))
  models_dir = join(dir, 'models')
  studio = modelStudio(models_dir, { offer: { models: [], sets: [] } })
})

async function folder(name: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(dir, name, path, '..'), { recursive: true })
    await writeFile(join(dir, name, path), content)
  }
  return join(dir, name)
}
const TOKENS = 'a 0\nb 1\n'

test('a GGUF comes in with what it says of itself, progress, and its hash; its name cannot be taken twice', async () => {
  const path = join(await folder('mine', { 'Tiny Llama (1).gguf': tinyGguf() }), 'Tiny Llama (1).gguf')
  const model = await studio.take(path)
  expect(model).toMatchObject({
    model_id: 'Tiny-Llama-1',
    kind: 'llm',
    name: 'Tiny Llama',
    licence: 'apache-2.0',
    languages: ['en', 'de'],
    checked: 'own',
    installed: true,
    source: path,
    disk_bytes: expect.any(Number) as number,
  })
  const record = JSON.parse(await readFile(join(models_dir, 'llm', 'Tiny-Llama-1', 'model.json'), 'utf8')) as object
  expect(record).toMatchObject({
    architecture: 'llama',
    parameters: 64,
    context_length: 2048,
    files: [{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
  })
  expect(studio.seen.at(-1)).toMatchObject({ id: 'Tiny-Llama-1', phase: 'done' })
  expect(studio.events).toEqual([{ type: 'model.changed' }])
  await expect(studio.take(path)).rejects.toMatchObject({ code: 'conflict' })
  expect((await studio.take(path, 'second')).model_id).toBe('second')
  expect(await readdir(models_dir)).toEqual(['llm'])
})

test('a faster-whisper folder is converted, whatever its numbers, with its vocabulary as text or as JSON', async () => {
  const words = new TextDecoder().decode(WHISPER_FILES['vocabulary.txt']).trimEnd().split('\n')
  const { 'vocabulary.txt': _, ...rest } = WHISPER_FILES
  for (const [name, files] of Object.entries({
    'faster-whisper-old.en': WHISPER_FILES,
    'faster-whisper-int8': { ...rest, 'model.bin': tinyModel('int8'), 'vocabulary.txt': words.join('\n') },
    'faster-whisper-new': { ...rest, 'vocabulary.json': JSON.stringify(words) },
  })) {
    const model = await studio.take(await folder(name, files))
    expect(model).toMatchObject({ model_id: name, kind: 'stt', name: `Whisper ${name.replace('faster-whisper-', '')}` })
    expect((await readdir(join(models_dir, 'stt', name))).sort()).toEqual([
      'decoder.int8.onnx',
      'encoder.int8.onnx',
      'model.json',
      'tokens.txt',
    ])
  }
})

test('a Piper voice comes in with its metadata and pronunciation data', async () => {
  const voice = await folder('voices', {
    'de_DE-tiny-low.onnx': VOICE_FILES['voice.onnx'] ?? '',
    'de_DE-tiny-low.onnx.json': JSON.stringify({
      audio: { sample_rate: 16000 },
      espeak: { voice: 'de' },
      language: { name_english: 'German', code: 'de_DE' },
      num_speakers: 2,
      speaker_id_map: { anna: 1, bert: 0 },
      phoneme_id_map: { _: [0] },
    }),
  })
  const model = await studio.take(join(voice, 'de_DE-tiny-low.onnx'))
  expect(model).toMatchObject({
    model_id: 'de_DE-tiny-low',
    kind: 'tts',
    languages: ['de'],
    voices: [
      { value: '0', label: 'bert' },
      { value: '1', label: 'anna' },
    ],
  })
  const made = join(models_dir, 'tts', 'de_DE-tiny-low')
  expect(await readdir(join(made, 'espeak-ng-data'))).toEqual(expect.arrayContaining(['de_dict', 'en_dict', 'phontab']))
  expect(await readFile(join(made, 'model.onnx'), 'latin1')).toMatch(/n_speakers.*2.*sample_rate.*16000/s)
})

const ENCODER = {
  'encoder-epoch-99-avg-1.int8.onnx': tinyOnnx(),
  'decoder-epoch-99-avg-1.onnx': tinyOnnx(),
  'joiner-epoch-99-avg-1.int8.onnx': tinyOnnx(),
}
test.each([
  [
    'streaming-transducer',
    'stt',
    { ...ENCODER, 'encoder-epoch-99-avg-1.int8.onnx': tinyOnnx({ model_type: 'zipformer2', decode_chunk_len: 32 }) },
  ],
  ['transducer', 'stt', { ...ENCODER, 'encoder-epoch-99-avg-1.onnx': tinyOnnx(), 'test_wavs/0.wav': 'RIFF' }],
  [
    'whisper',
    'stt',
    {
      'base-encoder.int8.onnx': tinyOnnx({ model_type: 'whisper-base' }),
      'base-decoder.int8.onnx': tinyOnnx(),
      'base-tokens.txt': TOKENS,
    },
  ],
  [
    'streaming-paraformer',
    'stt',
    { 'encoder.int8.onnx': tinyOnnx({ model_type: 'paraformer' }), 'decoder.int8.onnx': tinyOnnx() },
  ],
  ['paraformer', 'stt', { 'model.int8.onnx': tinyOnnx({ lfr_window_size: 7 }) }],
  ['sense-voice', 'stt', { 'model.int8.onnx': tinyOnnx({ model_type: 'sense_voice_ctc' }), 'model.onnx': tinyOnnx() }],
  [
    'moonshine',
    'stt',
    {
      'preprocess.onnx': tinyOnnx(),
      'encode.int8.onnx': tinyOnnx(),
      'uncached_decode.int8.onnx': tinyOnnx(),
      'cached_decode.int8.onnx': tinyOnnx(),
    },
  ],
  ['vits', 'tts', { 'en_US-x.onnx': tinyOnnx({ model_type: 'vits' }), 'espeak-ng-data/phontab': 'x' }],
  [
    'kokoro',
    'tts',
    {
      'model.onnx': tinyOnnx({ model_type: 'kokoro', n_speakers: 2 }),
      'voices.bin': 'x',
      'lexicon-us-en.txt': 'x',
      'espeak-ng-data/phontab': 'x',
    },
  ],
  [
    'matcha',
    'tts',
    { 'model-steps-3.onnx': tinyOnnx(), 'vocos-22khz-univ.onnx': tinyOnnx(), 'lexicon.txt': 'x', 'date.fst': 'x' },
  ],
  [
    'kitten',
    'tts',
    { 'model.fp16.onnx': tinyOnnx({ model_type: 'kitten-tts' }), 'voices.bin': 'x', 'espeak-ng-data/phontab': 'x' },
  ],
])('a sherpa-onnx folder is recognised by its files: %s', async (family, kind, files) => {
  const path = await folder('sherpa', 'base-tokens.txt' in files ? files : { 'tokens.txt': TOKENS, ...files })
  expect(await studio.take(path)).toMatchObject({ model_id: 'sherpa', kind, streaming: family.startsWith('streaming') })
  const made = join(models_dir, kind, 'sherpa')
  expect(JSON.parse(await readFile(join(made, 'model.json'), 'utf8'))).toMatchObject({ family })
  const kept = await readdir(made)
  expect(kept).not.toContain('test_wavs')
  expect(kept.includes('espeak-ng-data')).toBe('espeak-ng-data/phontab' in files)
})

const REFUSED: [name: string, files: Record<string, Uint8Array | string>, path: string, says: string][] = [
  ['nothing', {}, 'absent', 'There is nothing'],
  ['a text', { 'notes.txt': 'hello' }, 'notes.txt', 'no model that Greenroom can use'],
  ['an archive', { 'model.tar.bz2': 'BZh' }, 'model.tar.bz2', 'archive'],
  ['a folder of texts', { 'notes.txt': 'hello' }, '', 'no model that Greenroom can use'],
  ['a page that was saved as a model', { 'x.gguf': '<html>404</html> and some more of it' }, 'x.gguf', 'no GGUF file'],
  ['a download that broke off', { 'x.gguf': tinyGguf().subarray(0, -40) }, 'x.gguf', 'no whole GGUF'],
  ['a broken header', { 'x.gguf': tinyGguf().subarray(0, 200) }, 'x.gguf', 'no whole GGUF'],
  [
    'lengths beyond all',
    { 'x.gguf': Buffer.concat([tinyGguf().subarray(0, 16), Buffer.alloc(200, 0xff)]) },
    'x.gguf',
    'no whole GGUF',
  ],
  [
    'a vision part',
    { 'x.gguf': tinyGguf({ ...TINY_FACTS, 'general.architecture': 'clip' }) },
    'x.gguf',
    'part for another model',
  ],
  ['a model without a template', { 'x.gguf': tinyGguf({ 'general.architecture': 'bert' }) }, 'x.gguf', 'cannot be talked with'],
  ['a voice without its JSON', { 'x.onnx': tinyOnnx() }, 'x.onnx', 'alone does not say'],
  ['a voice that is none', { 'x.onnx': tinyOnnx(), 'x.onnx.json': '{}' }, 'x.onnx', 'not that of a Piper voice'],
  ['weights that are none', { 'x.onnx': '<html>', 'x.onnx.json': '{}' }, 'x.onnx', 'no whole ONNX'],
  [
    'a folder with a broken network',
    { 'tokens.txt': TOKENS, 'encoder.onnx': 'rubbish', 'decoder.onnx': tinyOnnx() },
    '',
    'no whole ONNX',
  ],
  [
    'a CTranslate2 model of another kind',
    { 'model.bin': new Uint8Array(100), 'config.json': '{}', 'vocabulary.txt': '' },
    '',
    'no Whisper model',
  ],
  ['several at once', { 'a.gguf': tinyGguf(), 'b.gguf': tinyGguf() }, '', '2 models'],
]
test.each(REFUSED)('refused with its reason, and nothing is left: %s', async (_name, files, path, says) => {
  await folder('given', files)
  await expect(studio.take(join(dir, 'given', path))).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining(says) as string,
  })
  expect((await readdir(models_dir).catch(() => [])).filter((name) => name !== '.incoming')).toEqual([])
  expect((await studio.list()).models).toEqual([])
})

test('names that lead elsewhere are refused', async () => {
  const path = await folder('m', { 'x.gguf': tinyGguf() })
  for (const model_id of ['../x', 'a/b', '.hidden', 'a..b', 'con.', '']) {
    await expect(studio.take(join(path, 'x.gguf'), model_id), model_id).rejects.toMatchObject({ code: 'malformed' })
  }
})

test('cancelled while it copies, nothing of it stays', async () => {
  const path = await folder('big', { 'big.gguf': tinyGguf(TINY_FACTS, 20_000_000) })
  const cancel = new AbortController()
  const taking = studio.take(path, undefined, { signal: cancel.signal, onProgress: () => cancel.abort() })
  await expect(taking).rejects.toMatchObject({ name: 'AbortError' })
  expect((await readdir(models_dir)).filter((name) => name !== '.incoming')).toEqual([])
  expect(await readdir(join(models_dir, '.incoming'))).toEqual([])
})

test('a file that claims weights without end, or a link that has none, is refused and ends nothing', async () => {
  const front = tinyGguf()
  const end = front.indexOf('token_embd.weight') + 'token_embd.weight'.length
  const dims = Buffer.alloc(4 + 3 * 8 + 4 + 8)
  dims.writeUInt32LE(3)
  for (const at of [4, 12, 20]) dims.writeBigUInt64LE(2n ** 50n, at)
  dims.writeUInt32LE(99, 28)
  const path = await folder('endless', { 'endless.gguf': Buffer.concat([front.subarray(0, end), dims, Buffer.alloc(512)]) })
  await expect(studio.take(path)).rejects.toMatchObject({ body: { code: 'unsupported' } })

  const linked = await folder('linked', { 'tokens.txt': 'a 0' })
  await symlink('/dev/zero', join(linked, 'model.onnx'))
  await expect(studio.take(linked)).rejects.toMatchObject({ body: { code: 'unsupported' } })
})

test('a folder of a hub’s cache, which is made of links, comes in as files', async () => {
  const blobs = await folder('blobs', { one: tinyGguf() })
  const snapshot = join(dir, 'models--owner--Tiny-Chat-GGUF', 'snapshots', 'abc')
  await mkdir(snapshot, { recursive: true })
  await symlink(join(blobs, 'one'), join(snapshot, 'tiny.gguf'))
  expect((await studio.take(snapshot)).model_id).toBe('Tiny-Chat-GGUF')
})

const real = process.env['GREENROOM_TEST_MODELS']
/** Skipped unless GREENROOM_TEST_MODELS is set. */
test.skipIf(!real)('the real models of a test machine are what they are', async () => {
  expect(await studio.take(join(real!, 'llm', 'SmolLM2-135M-Instruct.Q4_1.gguf'))).toMatchObject({
    kind: 'llm',
    licence: 'apache-2.0',
    languages: ['en'],
  })
  expect(await studio.take(join(real!, 'stt', 'whisper-tiny.en'))).toMatchObject({ model_id: 'whisper-tiny.en', kind: 'stt' })
  expect(await studio.take(join(real!, 'tts', 'piper-en_US-joe'))).toMatchObject({ model_id: 'piper-en_US-joe', kind: 'tts' })
  expect((await studio.list()).models).toHaveLength(3)
})
