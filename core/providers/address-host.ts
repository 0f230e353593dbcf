/**
 * The host that an address really leads to (`http://localhost@elsewhere` leads elsewhere), in small letters; undefined for what is no
 * address. Readers of addresses take `\` for `/` and drop white space, so an address with either of them is none.
 */
export const addressHost = (address: string): string | undefined =>
  /^(?:https?|wss?):\/\/(?:[^/?#\\\s]*@)?(\[[^\]\\\s]*\]|[^/:?#@\\\s]*)(?=[/:?#]|$)[^\\\s]*$/i.exec(address)?.[1]?.toLowerCase()
