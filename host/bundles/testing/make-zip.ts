import { crc32, deflateRawSync } from 'node:zlib'

/** One entry of a zip made by hand, so that every lie can be told: what is absent is told truly. */
export type HandMadeEntry = Readonly<{
  name: string | Buffer
  data?: string | Buffer
  deflate?: boolean
  /** What the central directory says. */
  flags?: number
  method?: number
  crc?: number
  size?: number
  packedSize?: number
  attributes?: number
  extra?: Buffer
  /** What the header in front of the data says instead. */
  localName?: string
  localSize?: number
}>

/** A zip archive of these entries, for tests of what reads it. */
export function makeZip(entries: readonly HandMadeEntry[], claims: Readonly<{ count?: number }> = {}): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const { local, central } = makeEntry(entry, offset)
    bodies.push(local)
    directory.push(central)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(claims.count ?? entries.length, 8)
  end.writeUInt16LE(claims.count ?? entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...bodies, central, end])
}

function makeEntry(entry: HandMadeEntry, offset: number): { local: Buffer; central: Buffer } {
  const data = Buffer.from(entry.data ?? '')
  const packed = entry.deflate ? deflateRawSync(data) : data
  const name = Buffer.from(entry.name)
  const method = entry.method ?? (entry.deflate ? 8 : 0)
  const facts = {
    flags: entry.flags ?? 0x800,
    method,
    crc: entry.crc ?? crc32(data),
    packed: entry.packedSize ?? packed.length,
    size: entry.size ?? data.length,
  }
  const localName = entry.localName === undefined ? name : Buffer.from(entry.localName)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  writeFacts(local, 4, { ...facts, size: entry.localSize ?? facts.size }, localName.length, 0)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE((3 << 8) | 20, 4)
  writeFacts(central, 6, facts, name.length, entry.extra?.length ?? 0)
  central.writeUInt32LE(entry.attributes ?? (0o100644 << 16) >>> 0, 38)
  central.writeUInt32LE(offset, 42)
  return {
    local: Buffer.concat([local, localName, packed]),
    central: Buffer.concat([central, name, entry.extra ?? Buffer.alloc(0)]),
  }
}

type Facts = Readonly<{ flags: number; method: number; crc: number; packed: number; size: number }>

function writeFacts(header: Buffer, at: number, facts: Facts, nameLength: number, extraLength: number): void {
  header.writeUInt16LE(20, at)
  header.writeUInt16LE(facts.flags, at + 2)
  header.writeUInt16LE(facts.method, at + 4)
  header.writeUInt32LE(facts.crc, at + 10)
  header.writeUInt32LE(facts.packed, at + 14)
  header.writeUInt32LE(facts.size, at + 18)
  header.writeUInt16LE(nameLength, at + 22)
  header.writeUInt16LE(extraLength, at + 24)
}
