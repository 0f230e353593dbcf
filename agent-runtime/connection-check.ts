/** Joins a room of a LiveKit server as two people, sends data from one to the other and back, and tells what came of it. One-shot. */
import { MediaCheck, type MediaCheckReply } from '../core/contract/media-check.ts'
import { tryMedia } from './connection-check/try-media.ts'

process.once('message', (raw) => {
  void tryMedia(MediaCheck.parse(raw)).then(answer)
})
// Natives keep a process alive: without a host there is nobody to answer.
process.once('disconnect', () => process.exit(0))

function answer(reply: MediaCheckReply): void {
  process.send?.(reply, () => process.exit(0))
}
