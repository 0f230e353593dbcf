import { LineLost, type SocketLine } from '../socket-line.ts'
import type { LineKeeper } from './line-keeper.ts'

/** One reply over a line that is its own. A line that was kept may have died unnoticed: then it is asked for once more, over a new one. */
export async function* overLine<Piece>(
  keeper: LineKeeper,
  session: string,
  signal: AbortSignal,
  reply: (line: SocketLine) => AsyncIterable<Piece>,
): AsyncGenerator<Piece> {
  for (;;) {
    const { line, reused } = await keeper.take(session, signal)
    let begun = false
    try {
      for await (const piece of reply(line)) {
        begun = true
        yield piece
      }
      return
    } catch (cause) {
      if (begun || !reused || !(cause instanceof LineLost)) throw cause
    }
  }
}
