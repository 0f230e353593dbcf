import type { Ct2Model } from './ct2-model.ts'
import { createGraph } from './graph.ts'
import type { Value } from './graph.ts'
import { attention, feedForward, gelu, layerNorm, linear, queryKeyValue } from './layers.ts'
import type { Build } from './layers.ts'
import type { OnnxModel } from './onnx-message.ts'
import type { WhisperShape } from './whisper-shape.ts'

/** mel [n, mels, T] → keys and values for the decoder's cross attention [layers, n, T/2, width], of any length T. */
export function encoderModel(model: Ct2Model, shape: WhisperShape, metadata: OnnxModel['metadata']): OnnxModel {
  const { width, heads, mels, encoderLayers, decoderLayers } = shape
  const build: Build = { graph: createGraph(), model, width, heads }
  const { graph } = build
  let state = positioned(build, convolved(build, shape), shape)
  for (let i = 0; i < encoderLayers; i++) state = layer(build, state, `encoder/layer_${i}`)
  state = layerNorm(build, state, 'encoder/layer_norm')
  const keys: Value[] = []
  const values: Value[] = []
  for (let i = 0; i < decoderLayers; i++) {
    const name = `decoder/layer_${i}/attention/linear_1`
    keys.push(graph.node('Unsqueeze', [linear(build, state, name, { from: 0, to: width }), graph.ints(0)]))
    values.push(graph.node('Unsqueeze', [linear(build, state, name, { from: width, to: 2 * width }), graph.ints(0)]))
  }
  graph.node('Concat', keys, { axis: 0 }, 'n_layer_cross_k')
  graph.node('Concat', values, { axis: 0 }, 'n_layer_cross_v')
  const cross = [decoderLayers, 'n_audio', 'Tc', width] as const
  return graph.model({
    inputs: [{ name: 'mel', type: 'float', dims: ['n_audio', mels, 'T'] }],
    outputs: [
      { name: 'n_layer_cross_k', type: 'float', dims: cross },
      { name: 'n_layer_cross_v', type: 'float', dims: cross },
    ],
    metadata,
  })
}

/** Two convolutions, the second of which halves the time axis; then [n, time, width]. */
function convolved(build: Build, { width, mels }: WhisperShape): Value {
  const { graph, model } = build
  const conv = (input: Value, name: string, channels: number, stride: number) => {
    const kernel = graph.floats(model.weights(`${name}/weight`).values, [width, channels, 3])
    const bias = graph.floats(model.weights(`${name}/bias`).values, [width])
    return gelu(build, graph.node('Conv', [input, kernel, bias], { kernel_shape: [3], pads: [1, 1], strides: [stride] }))
  }
  const features = conv(conv('mel', 'encoder/conv1', mels, 1), 'encoder/conv2', width, 2)
  return graph.node('Transpose', [features], { perm: [0, 2, 1] })
}

function positioned({ graph, model, width }: Build, state: Value, { audioContext }: WhisperShape): Value {
  const length = graph.node('Gather', [graph.node('Shape', [state]), graph.ints(1)], { axis: 0 })
  const table = graph.floats(model.weights('encoder/position_encodings/encodings').values, [audioContext, width])
  return graph.node('Add', [state, graph.node('Slice', [table, graph.ints(0), length, graph.ints(0)])])
}

function layer(build: Build, state: Value, name: string): Value {
  const self = `${name}/self_attention`
  const [query, key, value] = queryKeyValue(build, layerNorm(build, state, `${self}/layer_norm`), `${self}/linear_0`)
  const attended = linear(build, attention(build, query, key, value), `${self}/linear_1`)
  return feedForward(build, build.graph.node('Add', [state, attended]), `${name}/ffn`)
}
