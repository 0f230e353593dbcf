import { BinaryWriter } from '@bufbuild/protobuf/wire'
import { appendFile, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { encodeMetadata } from '../whisper/onnx-message.ts'
import { floatArrays } from './npy-arrays.ts'

const Vocabulary = z.object({ vocab: z.record(z.string(), z.int()) })

/**
 * Makes kokoro-onnx’s files (model.onnx, voices.npz, vocab.json) into what sherpa-onnx takes: voices one after the other, symbols in a list,
 * and a model that says what it is. `version` 1 speaks through espeak-ng alone, without word lists.
 */
export async function makeKokoro(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  const voices = await floatArrays(join(from, 'voices.npz'))
  const shape = voices[0]?.shape
  if (!shape || voices.some((voice) => voice.shape.join() !== shape.join())) throw new Error('the voices are not all of one size')
  await writeFile(join(to, 'voices.bin'), Buffer.concat(voices.map(({ bytes }) => bytes)))
  const { vocab } = Vocabulary.parse(JSON.parse(await readFile(join(from, 'vocab.json'), 'utf8')))
  const symbols = Object.entries({ $: 0, ...vocab }).map(([symbol, id]) => `${symbol} ${id}\n`)
  await writeFile(join(to, 'tokens.txt'), symbols.join(''))
  const metadata = new BinaryWriter()
  encodeMetadata(metadata, {
    model_type: 'kokoro',
    language: 'English',
    has_espeak: 1,
    sample_rate: 24_000,
    version: 1,
    voice: 'en-us',
    style_dim: shape.join(),
    n_speakers: voices.length,
    speaker_names: voices.map(({ name }) => name).join(),
    max_token_len: shape[0] ?? 510,
  })
  await copyFile(join(from, 'model.onnx'), join(to, 'model.onnx'))
  await appendFile(join(to, 'model.onnx'), metadata.finish())
}
