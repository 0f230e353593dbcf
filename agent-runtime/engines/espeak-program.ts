import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import espeak from 'espeak-ng'

/** What one run printed, and the file that it wrote, if any. */
export type EspeakRun = Readonly<{ printed: string[]; complaints: string[]; file: Uint8Array | undefined }>
export type EspeakProgram = (options: readonly string[]) => Promise<EspeakRun>

const OUTPUT = 'out.wav'

/** espeak-ng as WebAssembly, compiled once; each run is a fresh instance and blocks this process while it lasts. */
export async function loadEspeak(): Promise<EspeakProgram> {
  const program = await WebAssembly.compile(await readFile(fileURLToPath(import.meta.resolve('espeak-ng/dist/espeak-ng.wasm'))))
  return async (options) => {
    const printed: string[] = []
    const complaints: string[] = []
    const { FS } = await espeak({
      arguments: ['-w', OUTPUT, ...options],
      print: (line) => printed.push(line),
      printErr: (line) => complaints.push(line),
      instantiateWasm(imports, receive) {
        const instance = new WebAssembly.Instance(program, imports)
        // Not at once: the program's own script must have run to its end.
        queueMicrotask(() => receive(instance, program))
        return {}
      },
    })
    const wrote = FS.readdir('.').includes(OUTPUT)
    return { printed, complaints, file: wrote ? FS.readFile(OUTPUT) : undefined }
  }
}
