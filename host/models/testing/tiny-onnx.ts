import { encodeModel } from '../whisper/onnx-message.ts'

/** An ONNX file with a network that does nothing, and what it says of itself. */
export const tinyOnnx = (metadata: Readonly<Record<string, string | number>> = {}): Uint8Array =>
  encodeModel({
    nodes: [{ name: 'same', op: 'Identity', inputs: ['in'], outputs: ['out'], attributes: {} }],
    tensors: [],
    inputs: [{ name: 'in', type: 'float', dims: [1] }],
    outputs: [{ name: 'out', type: 'float', dims: [1] }],
    metadata,
  })
