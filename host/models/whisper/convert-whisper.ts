import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openWindow } from '../making/byte-window.ts'
import { openCt2Model } from './ct2-model.ts'
import { decoderModel } from './decoder.ts'
import { encoderModel } from './encoder.ts'
import { Ct2Config, whisperMetadata } from './metadata.ts'
import { encodeModel } from './onnx-message.ts'
import { readVocabulary, tokensFile } from './vocabulary.ts'
import { whisperShape } from './whisper-shape.ts'

/**
 * Makes the two int8 ONNX models and the token list that sherpa-onnx takes out of a CTranslate2 Whisper (model.bin, vocabulary.txt or
 * vocabulary.json, config.json in `from`). Throws when a file is not what it should be.
 */
export async function convertWhisper(name: string, from: string, to: string): Promise<void> {
  const file = openWindow(join(from, 'model.bin'))
  try {
    const model = openCt2Model(file, 'WhisperSpec')
    const shape = whisperShape(model)
    const words = readVocabulary(await vocabularyIn(from), shape.vocabulary)
    const config = Ct2Config.parse(JSON.parse(await readFile(join(from, 'config.json'), 'utf8')))
    await mkdir(to, { recursive: true })
    const encoder = encodeModel(encoderModel(model, shape, whisperMetadata(name, shape, words, config)))
    await writeFile(join(to, 'encoder.int8.onnx'), encoder)
    await writeFile(join(to, 'decoder.int8.onnx'), encodeModel(decoderModel(model, shape)))
    await writeFile(join(to, 'tokens.txt'), tokensFile(words))
  } finally {
    file.close()
  }
}

const vocabularyIn = (folder: string): Promise<string> =>
  readFile(join(folder, 'vocabulary.txt'), 'utf8').catch(() => readFile(join(folder, 'vocabulary.json'), 'utf8'))
