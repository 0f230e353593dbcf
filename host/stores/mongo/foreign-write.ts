import type { MirrorId } from './mirror-document.ts'

/** Somebody else has written to this document since we did: it is taken in first, then the commit is tried again. */
export class ForeignWrite extends Error {
  readonly mirror_id: MirrorId

  constructor(mirror_id: MirrorId) {
    super('Somebody else has written to a document of this commit.')
    this.name = 'ForeignWrite'
    this.mirror_id = mirror_id
  }
}
