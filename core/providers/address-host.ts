/** The host that an address really leads to (`http://localhost@elsewhere` leads elsewhere), in small letters; undefined for what is no address. */
export const addressHost = (address: string): string | undefined =>
  /^(?:https?|wss?):\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^/:?#@]*)(?=[/:?#]|$)/i.exec(address)?.[1]?.toLowerCase()
