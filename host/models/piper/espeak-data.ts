import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import espeak from 'espeak-ng'

const SOURCE = '/usr/local/share/espeak-ng-data'
const SHARED = ['intonations', 'phondata', 'phonindex', 'phontab']

/**
 * Writes the pronunciation data of some languages (espeak-ng’s names: `en-us`, `de`, `pt-br`, `cmn`), of 20 MB that all would take; it is
 * inside the espeak-ng program that ships anyway. Throws when a language is not known to espeak-ng.
 */
export async function writeEspeakData(to: string, languages: readonly string[]): Promise<void> {
  const wasmBinary = await readFile(fileURLToPath(import.meta.resolve('espeak-ng/dist/espeak-ng.wasm')))
  const { FS } = await espeak({ arguments: ['--version'], print: () => undefined, printErr: () => undefined, wasmBinary })
  const list = (folder: string) => FS.readdir(`${SOURCE}/${folder}`).filter((name) => !name.startsWith('.'))
  const voices = list('lang').flatMap((family) =>
    isFile(family) ? [`lang/${family}`] : list(`lang/${family}`).map((name) => `lang/${family}/${name}`),
  )
  const dictionaries = list('').filter((name) => name.endsWith('_dict'))
  for (const base of new Set(languages.map(baseOf))) {
    const mine = voices.filter((path) => baseOf(path.split('/').at(-1) ?? '') === base)
    const dictionary = `${base}_dict`
    if (mine.length === 0 || !dictionaries.includes(dictionary)) throw new Error(`espeak-ng does not know the language "${base}"`)
    for (const file of [...SHARED, dictionary, ...mine]) {
      const target = join(to, ...file.split('/'))
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, FS.readFile(`${SOURCE}/${file}`))
    }
  }
}

/** A few languages have no family, and lie as files among the folders of the others. */
const isFile = (name: string) => !/^[a-z]{3}$/.test(name)

const baseOf = (voice: string) => voice.split('-')[0]?.toLowerCase() ?? ''
