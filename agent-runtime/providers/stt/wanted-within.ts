/** The words, as long as somebody waits for them: a signal that outlives many utterances keeps nothing of any. */
export async function wantedWithin(text: Promise<string>, within: AbortSignal, stop: AbortController): Promise<string> {
  const giveUp = () => stop.abort(within.reason)
  if (within.aborted) giveUp()
  within.addEventListener('abort', giveUp)
  try {
    return await text
  } finally {
    within.removeEventListener('abort', giveUp)
  }
}
