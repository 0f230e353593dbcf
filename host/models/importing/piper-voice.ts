import { readFile } from 'node:fs/promises'
import { readOnnxMetadata } from '../making/onnx-metadata.ts'
import { RefusedModel } from '../making/refused-model.ts'

/** Throws RefusedModel when the two files are not a Piper voice. */
export async function checkPiperVoice(onnx: string): Promise<void> {
  readOnnxMetadata(onnx)
  const text = await readFile(`${onnx}.json`, 'utf8').catch(() => '')
  if (/"phoneme_id_map"\s*:/.test(text) && /"espeak"\s*:/.test(text)) return
  throw new RefusedModel(
    'The .onnx.json beside it is not that of a Piper voice with espeak-ng phonemes.',
    'Take both files of a voice from where you found it.',
  )
}
