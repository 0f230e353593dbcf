import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** The part of ONNX's protobuf (onnx.proto, IR version 8) that a converted model needs. */
export const DATA_TYPE = { float: 1, int8: 3, int64: 7 } as const
export type DataType = keyof typeof DATA_TYPE

export type OnnxTensor = Readonly<{ name: string; dims: readonly number[]; type: DataType; raw: Uint8Array }>
/** A list is INTS, a number INT, and `{ float }` FLOAT. */
export type Attribute = number | readonly number[] | Readonly<{ float: number }>
export type OnnxNode = Readonly<{
  name: string
  op: string
  inputs: readonly string[]
  outputs: readonly string[]
  attributes: Readonly<Record<string, Attribute>>
}>
/** A named axis has any length. */
export type ValueInfo = Readonly<{ name: string; type: DataType; dims: readonly (number | string)[] }>
export type OnnxModel = Readonly<{
  nodes: readonly OnnxNode[]
  tensors: readonly OnnxTensor[]
  inputs: readonly ValueInfo[]
  outputs: readonly ValueInfo[]
  metadata: Readonly<Record<string, string | number>>
}>

const IR_VERSION = 8
const OPSET = 17

export function encodeModel({ metadata, ...graph }: OnnxModel): Uint8Array {
  const writer = new BinaryWriter()
  integer(writer, 1, IR_VERSION)
  text(writer, 2, 'greenroom')
  message(writer, 7, () => encodeGraph(writer, graph))
  message(writer, 8, () => {
    text(writer, 1, '')
    integer(writer, 2, OPSET)
  })
  encodeMetadata(writer, metadata)
  return writer.finish()
}

/** `ModelProto.metadata_props`; since protobuf fields may come in any order, this may also be appended to a finished model. */
export function encodeMetadata(writer: BinaryWriter, metadata: OnnxModel['metadata']): void {
  for (const [key, value] of Object.entries(metadata)) {
    message(writer, 14, () => {
      text(writer, 1, key)
      text(writer, 2, String(value))
    })
  }
}

function encodeGraph(writer: BinaryWriter, { nodes, tensors, inputs, outputs }: Omit<OnnxModel, 'metadata'>): void {
  for (const node of nodes) message(writer, 1, () => encodeNode(writer, node))
  text(writer, 2, 'whisper')
  for (const tensor of tensors) message(writer, 5, () => encodeTensor(writer, tensor))
  for (const info of inputs) message(writer, 11, () => encodeValueInfo(writer, info))
  for (const info of outputs) message(writer, 12, () => encodeValueInfo(writer, info))
}

function encodeNode(writer: BinaryWriter, { name, op, inputs, outputs, attributes }: OnnxNode): void {
  for (const input of inputs) text(writer, 1, input)
  for (const output of outputs) text(writer, 2, output)
  text(writer, 3, name)
  text(writer, 4, op)
  for (const [key, value] of Object.entries(attributes)) message(writer, 5, () => encodeAttribute(writer, key, value))
}

const ATTRIBUTE_TYPE = { float: 1, int: 2, ints: 7 } as const

function encodeAttribute(writer: BinaryWriter, name: string, value: Attribute): void {
  text(writer, 1, name)
  if (typeof value === 'number') {
    integer(writer, 3, value)
    integer(writer, 20, ATTRIBUTE_TYPE.int)
  } else if ('float' in value) {
    writer.tag(2, WireType.Bit32).float(value.float)
    integer(writer, 20, ATTRIBUTE_TYPE.float)
  } else {
    for (const item of value) integer(writer, 8, item)
    integer(writer, 20, ATTRIBUTE_TYPE.ints)
  }
}

function encodeTensor(writer: BinaryWriter, { name, dims, type, raw }: OnnxTensor): void {
  for (const dim of dims) integer(writer, 1, dim)
  integer(writer, 2, DATA_TYPE[type])
  text(writer, 8, name)
  writer.tag(9, WireType.LengthDelimited).bytes(raw)
}

function encodeValueInfo(writer: BinaryWriter, { name, type, dims }: ValueInfo): void {
  const shape = () => {
    for (const dim of dims) message(writer, 1, () => (typeof dim === 'number' ? integer(writer, 1, dim) : text(writer, 2, dim)))
  }
  text(writer, 1, name)
  message(writer, 2, () =>
    message(writer, 1, () => {
      integer(writer, 1, DATA_TYPE[type])
      message(writer, 2, shape)
    }),
  )
}

const integer = (writer: BinaryWriter, field: number, value: number) => writer.tag(field, WireType.Varint).int64(value)
const text = (writer: BinaryWriter, field: number, value: string) => writer.tag(field, WireType.LengthDelimited).string(value)

function message(writer: BinaryWriter, field: number, body: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork()
  body()
  writer.join()
}
