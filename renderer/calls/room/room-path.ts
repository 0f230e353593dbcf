import type { Room } from 'livekit-client'
import { icePath, type IcePath } from './ice-path.ts'

const EVERY_MS = 2_000

/** Looks every two seconds by which way the room is reached; returns how to stop. */
export function watchPath(room: () => Room | undefined, onPath: (path: IcePath | undefined) => void): () => void {
  let shown = ''
  const look = async () => {
    const report = await room()?.engine.pcManager?.publisher.getStats()
    const path = report && icePath(report)
    const text = JSON.stringify(path)
    if (text === shown) return
    shown = text
    onPath(path)
  }
  // Between two connections there is nothing to look at.
  const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS)
  return () => clearInterval(timer)
}
