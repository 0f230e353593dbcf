/** A browser may hold a context back until the page was touched: the next click or key press sets it going. Returns a way to give up. */
export function resumeOnGesture(context: AudioContext): () => void {
  const resume = () => void context.resume()
  const stop = () => {
    document.removeEventListener('pointerdown', resume, true)
    document.removeEventListener('keydown', resume, true)
    context.removeEventListener('statechange', check)
  }
  const check = () => {
    if (context.state !== 'suspended') stop()
  }
  document.addEventListener('pointerdown', resume, true)
  document.addEventListener('keydown', resume, true)
  context.addEventListener('statechange', check)
  return stop
}
