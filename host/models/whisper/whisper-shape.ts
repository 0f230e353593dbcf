import type { Ct2Model } from './ct2-model.ts'

/** The sizes of a Whisper model. */
export type WhisperShape = Readonly<{
  width: number
  heads: number
  mels: number
  vocabulary: number
  encoderLayers: number
  decoderLayers: number
  audioContext: number
  textContext: number
}>

export function whisperShape(model: Ct2Model): WhisperShape {
  const size = (name: string, axis: number) => {
    const dim = model.weights(name).dims[axis]
    if (dim === undefined) throw new Error(`"${name}" has no axis ${axis}`)
    return dim
  }
  const layers = (part: string) => {
    let count = 0
    while (model.has(`${part}/layer_${count}/ffn/linear_0/weight`)) count++
    return count
  }
  return {
    width: size('encoder/conv1/weight', 0),
    mels: size('encoder/conv1/weight', 1),
    heads: model.scalar('encoder/num_heads'),
    vocabulary: size('decoder/embeddings/weight', 0),
    encoderLayers: layers('encoder'),
    decoderLayers: layers('decoder'),
    audioContext: size('encoder/position_encodings/encodings', 0),
    textContext: size('decoder/position_encodings/encodings', 0),
  }
}
