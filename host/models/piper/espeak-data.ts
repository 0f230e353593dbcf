import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import espeak from 'espeak-ng'

const SOURCE = '/usr/local/share/espeak-ng-data'
/** What English needs of 20 MB. */
const FILES = ['en_dict', 'intonations', 'phondata', 'phonindex', 'phontab']
const LANGUAGES = 'lang/gmw'

/** Writes the pronunciation data that Piper's English voices need; it is inside the espeak-ng program that we ship anyway. */
export async function writeEspeakData(to: string): Promise<void> {
  const wasmBinary = await readFile(fileURLToPath(import.meta.resolve('espeak-ng/dist/espeak-ng.wasm')))
  const { FS } = await espeak({ arguments: ['--version'], print: () => undefined, printErr: () => undefined, wasmBinary })
  const languages = FS.readdir(`${SOURCE}/${LANGUAGES}`).filter((name) => name.startsWith('en'))
  for (const file of [...FILES, ...languages.map((name) => `${LANGUAGES}/${name}`)]) {
    const target = join(to, ...file.split('/'))
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, FS.readFile(`${SOURCE}/${file}`))
  }
}
