/** The part of WebAssembly that is used; Node has it, while its declarations leave it to the page's library. */
declare namespace WebAssembly {
  type Imports = object
  interface Module {
    readonly kind?: 'module'
  }
  const Instance: new (program: Module, imports: Imports) => object
  function compile(bytes: Uint8Array): Promise<Module>
}
