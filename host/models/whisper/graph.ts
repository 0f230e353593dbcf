import type { Attribute, DataType, OnnxModel, OnnxNode, OnnxTensor } from './onnx-message.ts'

/** The name of a tensor in the graph: an input, a constant, or what a node computes. */
export type Value = string
type Attributes = Readonly<Record<string, Attribute>>

/** Collects nodes and constants in the order in which they are asked for. */
export type Graph = Readonly<{
  node: (op: string, inputs: readonly Value[], attributes?: Attributes, output?: Value) => Value
  /** DynamicQuantizeLinear of a value, made once however often it is asked for. */
  quantized: (value: Value) => Readonly<{ values: Value; scale: Value; zeroPoint: Value }>
  floats: (values: Float32Array, dims: readonly number[]) => Value
  bytes: (values: Int8Array, dims: readonly number[]) => Value
  /** A 1-D constant of int64, shared between its users. */
  ints: (...values: readonly number[]) => Value
  /** A constant int64 without axes. */
  int: (value: number) => Value
  /** A constant float without axes, shared. */
  float: (value: number) => Value
  model: (ends: Pick<OnnxModel, 'inputs' | 'outputs' | 'metadata'>) => OnnxModel
}>

export function createGraph(): Graph {
  const nodes: OnnxNode[] = []
  const tensors: OnnxTensor[] = []
  const shared = new Map<string, Value>()
  const quantized = new Map<Value, ReturnType<Graph['quantized']>>()
  let count = 0
  const fresh = (prefix: string): Value => `${prefix}_${count++}`

  function constant(type: DataType, dims: readonly number[], values: ArrayBufferView): Value {
    const name = fresh('constant')
    tensors.push({ name, dims, type, raw: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) })
    return name
  }
  function once(key: string, make: () => Value): Value {
    const value = shared.get(key) ?? make()
    shared.set(key, value)
    return value
  }
  const int64 = (values: readonly number[]) => BigInt64Array.from(values, BigInt)
  const add = (op: string, inputs: readonly Value[], attributes: Attributes, outputs: readonly Value[]) =>
    nodes.push({ name: fresh(op), op, inputs, outputs, attributes })

  return {
    node(op, inputs, attributes = {}, output = fresh('value')) {
      add(op, inputs, attributes, [output])
      return output
    },
    quantized(value) {
      const known = quantized.get(value)
      if (known) return known
      const parts = { values: fresh('quantized'), scale: fresh('scale'), zeroPoint: fresh('zero_point') }
      add('DynamicQuantizeLinear', [value], {}, [parts.values, parts.scale, parts.zeroPoint])
      quantized.set(value, parts)
      return parts
    },
    floats: (values, dims) => constant('float', dims, values),
    bytes: (values, dims) => constant('int8', dims, values),
    ints: (...values) => once(`ints ${values.join()}`, () => constant('int64', [values.length], int64(values))),
    int: (value) => constant('int64', [], int64([value])),
    float: (value) => once(`float ${value}`, () => constant('float', [], Float32Array.of(value))),
    model: (ends) => ({ nodes, tensors, ...ends }),
  }
}
