import type { Ct2Model } from './ct2-model.ts'
import { createGraph } from './graph.ts'
import type { Value } from './graph.ts'
import { attention, feedForward, layerNorm, linear, quantizedProduct, queryKeyValue } from './layers.ts'
import type { Build } from './layers.ts'
import type { OnnxModel, ValueInfo } from './onnx-message.ts'
import { quantizeTable } from './quantize.ts'
import type { WhisperShape } from './whisper-shape.ts'

/** Added to a score that must not count; softmax makes it 0. */
const NEVER = -1e9

type Embedding = Readonly<{ rows: Value; scales: Value; zeroPoints: Value }>
/** Where the new tokens begin (`offset`) and end, and which earlier ones each may look at. */
type Span = Readonly<{ end: Value; mask: Value }>

/** tokens [n, t] and the caches → logits [n, t, vocabulary] (sherpa reads the last row) and the caches with these tokens added. */
export function decoderModel(model: Ct2Model, shape: WhisperShape): OnnxModel {
  const { width, heads, decoderLayers, vocabulary } = shape
  const build: Build = { graph: createGraph(), model, width, heads }
  const { graph } = build
  const count = graph.node('Gather', [graph.node('Shape', ['tokens']), graph.ints(1)], { axis: 0 })
  const end = graph.node('Add', ['offset', count])
  const embedding = embeddingTable(build, vocabulary)
  let state = embedded(build, embedding, shape, end)
  const span: Span = { end, mask: causalMask(build, end) }
  const keys: Value[] = []
  const values: Value[] = []
  for (let i = 0; i < decoderLayers; i++) {
    const { output, key, value } = layer(build, state, i, span)
    keys.push(graph.node('Unsqueeze', [key, graph.ints(0)]))
    values.push(graph.node('Unsqueeze', [value, graph.ints(0)]))
    state = output
  }
  const weights = graph.node('Transpose', [embedding.rows], { perm: [1, 0] })
  quantizedProduct(graph, layerNorm(build, state, 'decoder/layer_norm'), { ...embedding, weights }, 'logits')
  graph.node('Concat', keys, { axis: 0 }, 'out_n_layer_self_k_cache')
  graph.node('Concat', values, { axis: 0 }, 'out_n_layer_self_v_cache')
  return graph.model({ ...ends(shape), metadata: {} })
}

function ends({ decoderLayers, width, vocabulary }: WhisperShape): Pick<OnnxModel, 'inputs' | 'outputs'> {
  const floats = (name: string, length: string): ValueInfo => ({
    name,
    type: 'float',
    dims: [decoderLayers, 'n_audio', length, width],
  })
  return {
    inputs: [
      { name: 'tokens', type: 'int64', dims: ['n_audio', 'n_tokens'] },
      floats('in_n_layer_self_k_cache', 'C'),
      floats('in_n_layer_self_v_cache', 'C'),
      floats('n_layer_cross_k', 'Tc'),
      floats('n_layer_cross_v', 'Tc'),
      { name: 'offset', type: 'int64', dims: [1] },
    ],
    outputs: [
      { name: 'logits', type: 'float', dims: ['n_audio', 'n_tokens', vocabulary] },
      floats('out_n_layer_self_k_cache', 'C2'),
      floats('out_n_layer_self_v_cache', 'C2'),
    ],
  }
}

/** One table for looking tokens up and for scoring them at the end. */
function embeddingTable({ graph, model, width }: Build, vocabulary: number): Embedding {
  const { values, scales } = quantizeTable(model.weights('decoder/embeddings/weight'))
  return {
    rows: graph.bytes(values, [vocabulary, width]),
    scales: graph.floats(scales, [vocabulary]),
    zeroPoints: graph.bytes(new Int8Array(vocabulary), [vocabulary]),
  }
}

function embedded({ graph, model, width }: Build, { rows, scales }: Embedding, { textContext }: WhisperShape, end: Value): Value {
  const looked = graph.node('Cast', [graph.node('Gather', [rows, 'tokens'], { axis: 0 })], { to: 1 })
  const scale = graph.node('Unsqueeze', [graph.node('Gather', [scales, 'tokens'], { axis: 0 }), graph.ints(-1)])
  const positions = graph.floats(model.weights('decoder/position_encodings/encodings').values, [textContext, width])
  return graph.node('Add', [graph.node('Mul', [looked, scale]), graph.node('Slice', [positions, 'offset', end, graph.ints(0)])])
}

/** [new, all]: a token sees itself and what came before it. */
function causalMask({ graph }: Build, end: Value): Value {
  const [zero, one] = [graph.int(0), graph.int(1)]
  const bare = (value: Value) => graph.node('Squeeze', [value, graph.ints(0)])
  const columns = graph.node('Unsqueeze', [graph.node('Range', [zero, bare(end), one]), graph.ints(0)])
  const rows = graph.node('Unsqueeze', [graph.node('Range', [bare('offset'), bare(end), one]), graph.ints(1)])
  return graph.node('Where', [graph.node('Greater', [columns, rows]), graph.float(NEVER), graph.float(0)])
}

function layer(build: Build, state: Value, index: number, { mask }: Span): Readonly<{ output: Value; key: Value; value: Value }> {
  const { graph } = build
  const name = `decoder/layer_${index}`
  const self = `${name}/self_attention`
  const cross = `${name}/attention`
  const [query, newKey, newValue] = queryKeyValue(build, layerNorm(build, state, `${self}/layer_norm`), `${self}/linear_0`)
  const number = graph.int(index)
  const ofLayer = (stack: Value) => graph.node('Gather', [stack, number], { axis: 0 })
  const past = (cache: Value) => graph.node('Slice', [ofLayer(cache), graph.ints(0), 'offset', graph.ints(1)])
  const key = graph.node('Concat', [past('in_n_layer_self_k_cache'), newKey], { axis: 1 })
  const value = graph.node('Concat', [past('in_n_layer_self_v_cache'), newValue], { axis: 1 })

  const said = graph.node('Add', [state, linear(build, attention(build, query, key, value, mask), `${self}/linear_1`)])
  const question = linear(build, layerNorm(build, said, `${cross}/layer_norm`), `${cross}/linear_0`)
  const heard = attention(build, question, ofLayer('n_layer_cross_k'), ofLayer('n_layer_cross_v'))
  const both = graph.node('Add', [said, linear(build, heard, `${cross}/linear_2`)])
  return { output: feedForward(build, both, `${name}/ffn`), key, value }
}
