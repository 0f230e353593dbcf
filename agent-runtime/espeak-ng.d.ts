/** The part of espeak-ng 1.0 (WebAssembly) that is used; the package ships no declarations. */
declare module 'espeak-ng' {
  export interface Espeak {
    FS: {
      readFile(path: string): Uint8Array
      readdir(path: string): string[]
    }
  }
  /** Runs the program once with `arguments` and resolves when it has ended; blocks while it runs. */
  export default function espeak(options: {
    arguments: string[]
    print: (line: string) => void
    printErr: (line: string) => void
    instantiateWasm: (imports: WebAssembly.Imports, receive: (instance: object, program: WebAssembly.Module) => void) => object
  }): Promise<Espeak>
}
