/** A file as it has to be. One of the hashes must be there unless its user vouches for the place that it comes from. */
export type WantedFile = Readonly<{
  name: string
  bytes: number
  sha256?: string
  /** Of a hub's small files: Git's hash of the content. */
  git_sha1?: string
}>

/** A partial download belongs to its content, so that another source may go on with it and a changed file never does. */
export const partialName = ({ name, bytes, sha256, git_sha1 }: WantedFile): string =>
  `${(sha256 ?? git_sha1 ?? `size-${bytes}`).slice(0, 16)}-${name.replace(/[^\w.-]/g, '_').slice(-100)}`
