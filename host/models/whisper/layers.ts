import type { Ct2Model, Weights } from './ct2-model.ts'
import type { Graph, Value } from './graph.ts'
import { quantizeRows } from './quantize.ts'

/** What every layer is built from: the graph being written, the weights, and the width and number of attention heads. */
export type Build = Readonly<{ graph: Graph; model: Ct2Model; width: number; heads: number }>

export function layerNorm({ graph, model, width }: Build, input: Value, name: string): Value {
  const gamma = graph.floats(model.weights(`${name}/gamma`).values, [width])
  const beta = graph.floats(model.weights(`${name}/beta`).values, [width])
  return graph.node('LayerNormalization', [input, gamma, beta], { axis: -1, epsilon: { float: 1e-5 } })
}

/** x · ½(1 + erf(x/√2)) */
export function gelu({ graph }: Build, input: Value): Value {
  const erf = graph.node('Erf', [graph.node('Div', [input, graph.float(Math.SQRT2)])])
  return graph.node('Mul', [graph.node('Mul', [input, graph.node('Add', [erf, graph.float(1)])]), graph.float(0.5)])
}

/** input · Wᵀ + b for the rows `from`…`to` of W (CTranslate2 keeps query, key and value in one W), in int8 with a scale per row. */
export function linear(
  { graph, model }: Build,
  input: Value,
  name: string,
  rows?: Readonly<{ from: number; to: number }>,
): Value {
  const whole = model.weights(`${name}/weight`)
  const { from, to } = rows ?? { from: 0, to: rowsOf(whole) }
  const { columns, scales, width } = quantizeRows(whole, from, to)
  const count = to - from
  const product = quantizedProduct(graph, input, {
    weights: graph.bytes(columns, [width, count]),
    scales: graph.floats(scales, [count]),
    zeroPoints: graph.bytes(new Int8Array(count), [count]),
  })
  if (!model.has(`${name}/bias`)) return product
  const bias = model.weights(`${name}/bias`).values.slice(from, to)
  return bias.some((value) => value !== 0) ? graph.node('Add', [product, graph.floats(bias, [count])]) : product
}

const rowsOf = ({ dims }: Weights) => dims[0] ?? 0

/** input · weights, with the input quantised as it comes and the result scaled back. */
export function quantizedProduct(
  graph: Graph,
  input: Value,
  { weights, scales, zeroPoints }: Readonly<{ weights: Value; scales: Value; zeroPoints: Value }>,
  output?: Value,
): Value {
  const { values, scale, zeroPoint } = graph.quantized(input)
  const product = graph.node('Cast', [graph.node('MatMulInteger', [values, weights, zeroPoint, zeroPoints])], { to: 1 })
  return graph.node('Mul', [product, graph.node('Mul', [scale, scales])], {}, output)
}

/** softmax(q·kᵀ/√d + mask)·v over all heads. */
export function attention(build: Build, query: Value, key: Value, value: Value, mask?: Value): Value {
  const { graph, width, heads } = build
  const scaled = graph.node('Mul', [split(build, query, [0, 2, 1, 3]), graph.float((width / heads) ** -0.5)])
  const scores = graph.node('MatMul', [scaled, split(build, key, [0, 2, 3, 1])])
  const masked = mask === undefined ? scores : graph.node('Add', [scores, mask])
  const weights = graph.node('Softmax', [masked], { axis: -1 })
  const mixed = graph.node('MatMul', [weights, split(build, value, [0, 2, 1, 3])])
  return graph.node('Reshape', [graph.node('Transpose', [mixed], { perm: [0, 2, 1, 3] }), graph.ints(0, 0, width)])
}

/** [batch, time, width] to one axis more for the heads, then in the order of `perm`. */
function split({ graph, width, heads }: Build, value: Value, perm: readonly number[]): Value {
  return graph.node('Transpose', [graph.node('Reshape', [value, graph.ints(0, 0, heads, width / heads)])], { perm })
}

/** Query, key and value of one input, from the one matrix that holds all three. */
export function queryKeyValue(build: Build, input: Value, name: string): [query: Value, key: Value, value: Value] {
  const { width } = build
  const part = (index: number) => linear(build, input, name, { from: index * width, to: (index + 1) * width })
  return [part(0), part(1), part(2)]
}

export function feedForward(build: Build, input: Value, name: string): Value {
  const hidden = linear(build, layerNorm(build, input, `${name}/layer_norm`), `${name}/linear_0`)
  return build.graph.node('Add', [input, linear(build, gelu(build, hidden), `${name}/linear_1`)])
}
