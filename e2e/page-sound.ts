import type { Page } from '@playwright/test'

type Noted = Readonly<{ __sounds?: HTMLAudioElement[] }>

/** From the next load on: audio elements that no document shows are known as well, in the order in which they came. */
export const noteSounds = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const sounds: HTMLElement[] = []
    const create = document.createElement.bind(document)
    const noting = (...of: Parameters<typeof create>) => {
      const made = create(...of)
      if (made.tagName === 'AUDIO') sounds.push(made)
      return made
    }
    Object.assign(document, { createElement: noting })
    Object.assign(window, { __sounds: sounds })
  })

/** How loud the page's sound is at this moment: what its audio elements play, measured; where they are noted, the newest alone. */
export const loudest = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const context = new AudioContext()
    await context.resume()
    const { __sounds: noted } = window as Noted
    const playing = noted?.filter(({ srcObject }) => srcObject !== null).slice(-1) ?? [...document.querySelectorAll('audio')]
    const levels = playing.map(({ srcObject }) => {
      const analyser = context.createAnalyser()
      context.createMediaStreamSource(srcObject as MediaStream).connect(analyser)
      return analyser
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    const peaks = levels.map((analyser) => {
      const samples = new Float32Array(analyser.fftSize)
      analyser.getFloatTimeDomainData(samples)
      return Math.max(...samples.map(Math.abs))
    })
    await context.close()
    return Math.max(0, ...peaks)
  })

/** Resolves when this microphone has begun to speak twice: whoever listens to it has heard a whole line by then. */
export const speechPasses = (page: Page, device_id = 'default'): Promise<void> =>
  page.evaluate(async (deviceId) => {
    const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { ...raw, deviceId } })
    const context = new AudioContext()
    await context.resume()
    const analyser = context.createAnalyser()
    context.createMediaStreamSource(stream).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    let quietSince = performance.now()
    for (let begun = 0; begun < 2;) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      analyser.getFloatTimeDomainData(samples)
      if (Math.max(...samples.map(Math.abs)) < 0.02) continue
      // A pause between words is shorter.
      if (performance.now() - quietSince > 700) begun += 1
      quietSince = performance.now()
    }
    stream.getTracks().forEach((track) => track.stop())
    await context.close()
  }, device_id)
