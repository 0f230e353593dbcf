/** What listeners hear, for a reader that waits: pieces in order, then the end or what went wrong. */
export type PieceQueue<Piece> = AsyncIterable<Piece> &
  Readonly<{ push: (piece: Piece) => void; end: () => void; fail: (cause: Error) => void }>

export function createPieceQueue<Piece>(): PieceQueue<Piece> {
  const pieces: Piece[] = []
  let over = false
  let failure: Error | undefined
  let wake = () => {}
  const finish = (cause?: Error) => {
    if (over) return
    over = true
    failure = cause
    wake()
  }
  return {
    push(piece) {
      if (over) return
      pieces.push(piece)
      wake()
    },
    end: () => finish(),
    fail: finish,
    async *[Symbol.asyncIterator]() {
      for (;;) {
        yield* pieces.splice(0)
        if (pieces.length > 0) continue
        if (failure) throw failure
        if (over) return
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
