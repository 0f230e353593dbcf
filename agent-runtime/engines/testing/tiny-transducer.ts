import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createGraph } from '../../../host/models/whisper/graph.ts'
import { encodeModel, type ValueInfo } from '../../../host/models/whisper/onnx-message.ts'

/**
 * A streaming transducer as small as can be (sherpa-onnx's LSTM layout): it says "one" when it gets loud, and "two" when it is quiet again
 * after that. It understands nothing, but what runs it is what runs a real one.
 */
export async function writeTinyTransducer(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await Promise.all([
    writeFile(join(folder, 'encoder-chunk-16-left-64.onnx'), encodeModel(encoder())),
    writeFile(join(folder, 'decoder.onnx'), encodeModel(decoder())),
    writeFile(join(folder, 'joiner.onnx'), encodeModel(joiner())),
    writeFile(join(folder, 'tokens.txt'), '<blk> 0\n<unk> 1\n▁one 2\n▁two 3\n'),
  ])
}

const FRAMES = 9
const STATE = 2
const float = (name: string, ...dims: (number | string)[]): ValueInfo => ({ name, type: 'float', dims })

/** Mean log energy of a chunk, above a threshold: about 1 for speech, about 0 for silence. */
function encoder() {
  const graph = createGraph()
  const mean = graph.node('ReduceMean', ['x'], { axes: [1, 2], keepdims: 1 })
  graph.node('Sigmoid', [graph.node('Add', [mean, graph.float(8)])], {}, 'encoder_out')
  graph.node('Identity', ['h'], {}, 'next_h')
  graph.node('Identity', ['c'], {}, 'next_c')
  return graph.model({
    inputs: [float('x', 'N', FRAMES, 80), float('h', 1, 'N', STATE), float('c', 1, 'N', STATE)],
    outputs: [float('encoder_out', 'N', 1, 1), float('next_h', 1, 'N', STATE), float('next_c', 1, 'N', STATE)],
    metadata: {
      model_type: 'lstm',
      num_encoder_layers: 1,
      T: FRAMES,
      decode_chunk_len: 4,
      rnn_hidden_size: STATE,
      d_model: STATE,
    },
  })
}

/** The last token, as a number. */
function decoder() {
  const graph = createGraph()
  const last = graph.node('Gather', ['y', graph.ints(1)], { axis: 1 })
  graph.node('Cast', [last], { to: 1 }, 'decoder_out')
  return graph.model({
    inputs: [{ name: 'y', type: 'int64', dims: ['N', 2] }],
    outputs: [float('decoder_out', 'N', 1)],
    metadata: { vocab_size: 4, context_size: 2 },
  })
}

function joiner() {
  const graph = createGraph()
  const isToken = (token: number) => {
    const distance = graph.node('Abs', [graph.node('Sub', ['decoder_out', graph.float(token)])])
    return graph.node('Relu', [graph.node('Sub', [graph.float(1), distance])])
  }
  const quiet = graph.node('Sub', [graph.float(1), 'encoder_out'])
  const one = graph.node('Mul', ['encoder_out', isToken(0)])
  const two = graph.node('Mul', [quiet, isToken(2)])
  const nothing = graph.node('Mul', ['encoder_out', graph.float(0)])
  const blank = graph.node('Add', [nothing, graph.float(0.5)])
  graph.node('Concat', [blank, nothing, one, two], { axis: 1 }, 'logit')
  return graph.model({
    inputs: [float('encoder_out', 'N', 1), float('decoder_out', 'N', 1)],
    outputs: [float('logit', 'N', 4)],
    metadata: { joiner_dim: 1 },
  })
}
