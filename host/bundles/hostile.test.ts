import { expect, test } from 'vitest'
import { toFiles } from '../../core/bundle/file-map.ts'
import { withManifest } from '../../core/bundle/manifest.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { readBundle } from './read-source.ts'
import { makeZip, type HandMadeEntry } from './testing/make-zip.ts'
import { writeZip } from './write-zip.ts'

const content = { format: 1, agent_id: 'ada', name: 'Ada', prompt_config: { instructions: 'You are Ada.' } }
const files = toFiles({ content, versions: [{ version: '1.0.0', name: '', note: '', author: 'local', created_at: 0, content }] })
const good = withManifest(files, 'ada', 'greenroom test')
const entriesOf = (map: ReadonlyMap<string, string>): HandMadeEntry[] => [...map].map(([name, data]) => ({ name, data }))
const entries = entriesOf(good)
const withEntry = (name: string, change: Partial<HandMadeEntry>): Buffer =>
  makeZip(entries.map((entry) => (entry.name === name ? { ...entry, ...change } : entry)))
const plus = (...more: HandMadeEntry[]): Buffer => makeZip([...entries, ...more])
const without = (name: string): Buffer => makeZip(entries.filter((entry) => entry.name !== name))
const manifestWith = (change: (manifest: Record<string, unknown>) => unknown): Buffer =>
  withEntry('manifest.json', {
    data: JSON.stringify(change(JSON.parse(good.get('manifest.json') ?? '') as Record<string, unknown>)),
  })

const refusal = async (bytes: Buffer): Promise<string> => {
  try {
    await readBundle(bytes)
  } catch (cause) {
    if (cause instanceof StudioError) return `${cause.code}: ${cause.message}`
    throw cause
  }
  return 'accepted'
}

test('an archive made by hand that tells no lie is read; so is one that a zip tool compressed and gave folders', async () => {
  expect(await readBundle(makeZip(entries))).toEqual(await readBundle(await writeZip(good)))
  const packed = [{ name: 'versions/' }, { name: 'versions/1.0.0/' }, ...entries.map((entry) => ({ ...entry, deflate: true }))]
  expect((await readBundle(makeZip(packed))).content).toEqual(content)
})

test('the same files give the same bytes in every time zone', async () => {
  const zone = process.env['TZ']
  const archives: Buffer[] = []
  for (const name of ['UTC', 'Asia/Kolkata', 'America/Los_Angeles']) {
    process.env['TZ'] = name
    archives.push(await writeZip(good))
  }
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
  expect(archives[1]).toEqual(archives[0])
  expect(archives[2]).toEqual(archives[0])
})

const link = (0o120777 << 16) >>> 0
const unicodePath = Buffer.concat([Buffer.from([0x75, 0x70, 0x06, 0x00, 0x01, 0, 0, 0, 0]), Buffer.from('x')])

test.each<[string, () => Buffer, RegExp]>([
  ['nothing', () => Buffer.alloc(0), /^malformed: .*not a zip archive/],
  ['text', () => Buffer.from('hello'.repeat(100)), /^malformed: .*not a zip archive/],
  ['a cut archive', () => makeZip(entries).subarray(0, -30), /^malformed/],
  ['an empty archive', () => makeZip([]), /^malformed: .*no manifest\.json/],
  ['a path that leads up', () => plus({ name: '../evil', data: 'x' }), /"\.\.\/evil", which leads out/],
  ['a path that leads up later', () => plus({ name: 'versions/1.0.0/../../../evil', data: 'x' }), /leads out/],
  ['an absolute path', () => plus({ name: '/etc/passwd', data: 'x' }), /absolute path/],
  ['a drive', () => plus({ name: 'C:evil', data: 'x' }), /names a drive/],
  ['a backslash', () => plus({ name: '..\\evil', data: 'x' }), /backslash/],
  ['a NUL in a name', () => plus({ name: 'agent.json\0.txt', data: 'x' }), /control character/],
  ['no name', () => plus({ name: '', data: 'x' }), /has no name/],
  ['a reserved name', () => plus({ name: 'versions/__proto__/agent.json', data: 'x' }), /reserved name/],
  ['a file that is none of ours', () => plus({ name: 'run.sh', data: 'x' }), /not a file that a bundle has/],
  ['a folder that is none of ours', () => plus({ name: 'bin/' }), /"bin\/", which/],
  ['a folder with content', () => plus({ name: 'versions/', data: 'x' }), /no folder of a bundle/],
  ['a name that is not UTF-8', () => plus({ name: Buffer.from([0x61, 0xff, 0xfe]), data: 'x' }), /not UTF-8/],
  ['a name in an unknown alphabet', () => plus({ name: 'é', data: 'x', flags: 0 }), /not marked as UTF-8/],
  ['a second name', () => withEntry('agent.json', { extra: unicodePath }), /second name/],
  ['a link', () => withEntry('prompt.md', { data: '/etc/passwd', attributes: link }), /link or device/],
  ['a device', () => withEntry('prompt.md', { attributes: (0o020666 << 16) >>> 0 }), /link or device/],
  ['an encrypted file', () => withEntry('prompt.md', { flags: 0x801 }), /encrypted|mismatch/],
  ['strong encryption', () => withEntry('prompt.md', { flags: 0x841 }), /encryption/],
  ['an unknown packing', () => withEntry('prompt.md', { method: 14 }), /method \(14\)/],
  ['a file twice', () => plus({ name: 'agent.json', data: 'x' }), /"agent\.json" twice/],
  [
    'a file twice in other case',
    () => plus({ name: 'versions/1.0.0-A/agent.json', data: 'x' }, { name: 'versions/1.0.0-a/agent.json', data: 'x' }),
    /twice/,
  ],
  [
    'a bomb',
    () => plus({ name: 'versions/2.0.0/agent.json', data: Buffer.alloc(3_900_000), deflate: true }),
    /^too_large: .*far more/,
  ],
  [
    'a bomb in one file',
    () => plus({ name: 'versions/2.0.0/agent.json', data: Buffer.alloc(50_000_000), deflate: true }),
    /^too_large: .*50000000 bytes/,
  ],
  [
    'a bomb that lies',
    () => plus({ name: 'versions/2.0.0/agent.json', data: Buffer.alloc(50_000_000), deflate: true, size: 100 }),
    /^(malformed|too_large): .*(too many bytes|far more)/,
  ],
  ['too much in all', () => makeZip([...entries, ...bulk(24)]), /^too_large: .*far more/],
  [
    'too many files',
    () => makeZip([...Array(3_001).keys()].map((index) => ({ name: `versions/1.0.${index}/agent.json` }))),
    /^too_large: .*3001 files/,
  ],
  ['more files than it says', () => makeZip(entries, { count: entries.length + 5 }), /^malformed: .*cannot be read/],
  ['a size too small', () => withEntry('prompt.md', { size: 3, deflate: true }), /too many bytes|3/],
  ['a size too large', () => withEntry('prompt.md', { size: 300, deflate: true }), /not enough bytes|300/],
  ['a stored size that differs', () => withEntry('prompt.md', { size: 3 }), /size mismatch/],
  ['two names for one file', () => withEntry('prompt.md', { localName: 'promPt.md' }), /two ways/],
  ['two sizes for one file', () => withEntry('prompt.md', { localSize: 1 }), /two ways/],
  ['a wrong checksum', () => withEntry('prompt.md', { crc: 1 }), /checksum/],
  ['text that is not UTF-8', () => withEntry('prompt.md', { data: Buffer.from([0xff, 0xfe, 0x41]) }), /not UTF-8 text/],
  ['a changed file', () => withEntry('prompt.md', { data: 'You are Eve.\n' }), /SHA-256/],
  ['a longer file', () => withEntry('prompt.md', { data: 'You are Ada. Really.\n' }), /bytes, the manifest says/],
  ['a missing file', () => without('prompt.md'), /prompt\.md is in the manifest, but not/],
  ['an extra file', () => plus({ name: 'versions/2.0.0/agent.json', data: '{}' }), /not in the manifest/],
  ['no manifest', () => without('manifest.json'), /no manifest\.json/],
  ['a manifest that is not JSON', () => withEntry('manifest.json', { data: '{' }), /manifest of this bundle is not JSON/],
  ['a manifest of another shape', () => manifestWith(({ files: _, ...rest }) => rest), /manifest of this bundle is broken/],
  ['a newer format', () => manifestWith((manifest) => ({ ...manifest, format: 2 })), /^unsupported: .*format 2/],
  ['another agent in the manifest', () => manifestWith((manifest) => ({ ...manifest, agent_id: 'eve' })), /names another agent/],
  [
    'a manifest that promises a path outside',
    () =>
      manifestWith((manifest) => ({
        ...manifest,
        files: { ...(manifest['files'] as object), '../x': { size: 1, sha256: 'a'.repeat(64) } },
      })),
    /leads out/,
  ],
  ['__proto__ in the document', () => fromText('{"agent_id":"ada","__proto__":{"a":1},"prompt_config":{}}'), /reserved name/],
  ['a document that is a list', () => fromText('[1]'), /agent\.json/],
])('%s is refused, with the reason', async (_, bytes, reason) => {
  expect(await refusal(bytes())).toMatch(reason)
})

test('whatever bytes are changed, a bundle is read as it was or refused', async () => {
  const archive = await writeZip(good)
  const whole = await readBundle(archive)
  for (let at = 0; at < archive.length; at += 7) {
    const changed = Buffer.from(archive)
    changed[at] = (changed[at] ?? 0) ^ 0x41
    const read = await readBundle(changed).catch((cause: unknown) => cause)
    if (!(read instanceof StudioError)) expect(read).toEqual(whole)
  }
})

/** Files that each stay within the limits, and together do not. */
function bulk(count: number): HandMadeEntry[] {
  const data = Buffer.from(
    [...Array(3_900)].map((_, index) => `${index}-${'abcdefgh'.repeat(100)}${index * 7919}`).join('\n'),
  ).subarray(0, 3_500_000)
  return [...Array(count).keys()].map((index) => ({ name: `versions/3.0.${index}/agent.json`, data, deflate: true }))
}

function fromText(text: string): Buffer {
  const changed = new Map(files).set('agent.json', text)
  return makeZip(entriesOf(withManifest(changed, 'ada', 'test')))
}
