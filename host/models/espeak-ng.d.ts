/** The part of espeak-ng 1.0 (WebAssembly) that is used here; the package ships no declarations. */
declare module 'espeak-ng' {
  export interface Espeak {
    FS: {
      readFile(path: string): Uint8Array
      readdir(path: string): string[]
    }
  }
  /** Runs the program once with `arguments`. */
  export default function espeak(options: {
    arguments: string[]
    print: (line: string) => void
    printErr: (line: string) => void
    wasmBinary: Uint8Array
  }): Promise<Espeak>
}
