import { joinPcm } from '../../core/join-pcm.ts'
import { UP_SAMPLE_RATE } from '../../core/contract/media.ts'

/** What the caller said as it sounded, for LLMs that hear; 16 kHz, in memory only. */
export type CallerAudio = Readonly<{
  /** From now on what the caller says is kept for a while. Returns the end of that; what nobody wants is forgotten. */
  want: () => () => void
  wanted: () => boolean
  /** An utterance, when its words are known. */
  keep: (text: string, windows: readonly Int16Array[]) => void
  /** These words became a message of the conversation: their sound is found under its id. */
  assign: (message_id: string, text: string) => void
  /** All of the sound of a message, or nothing: part of it would be another sentence. */
  of: (message_id: string) => Int16Array | undefined
}>

/** A turn that is answered is never older, and a longer speech goes as text. */
export const KEPT_MS = 60_000

type Utterance = { readonly text: string; readonly windows: readonly Int16Array[]; message_id?: string }

export function createCallerAudio(): CallerAudio {
  let wishes = 0
  let kept: Utterance[] = []
  const forget = () => {
    let samples = 0
    const from = kept.findLastIndex(({ windows }) => (samples += count(windows)) > (KEPT_MS * UP_SAMPLE_RATE) / 1000)
    const message_id = kept[from]?.message_id
    // The rest of a message goes with its beginning.
    kept = kept.slice(from + 1).filter((one) => message_id === undefined || one.message_id !== message_id)
  }
  return {
    want() {
      wishes++
      let over = false
      return () => {
        if (over) return
        over = true
        wishes--
        if (wishes === 0) kept = []
      }
    },
    wanted: () => wishes > 0,
    keep(text, windows) {
      if (wishes === 0 || text.trim() === '') return
      kept.push({ text: text.trim(), windows })
      forget()
    },
    assign(message_id, text) {
      const free = kept.filter((one) => one.message_id === undefined)
      const said = free.map((_, from) => free.slice(from, from + spelling(free.slice(from), text.trim())))
      for (const one of said.find(({ length }) => length > 0) ?? []) one.message_id = message_id
    },
    of(message_id) {
      const windows = kept.filter((one) => one.message_id === message_id).flatMap((one) => one.windows)
      return windows.length > 0 ? joinPcm(windows) : undefined
    },
  }
}

/** How many utterances, from the first one, say exactly these words; 0: none. */
function spelling(utterances: readonly Utterance[], words: string): number {
  const texts = utterances.map(({ text }) => text)
  return texts.findIndex((_, index) => texts.slice(0, index + 1).join(' ') === words) + 1
}

const count = (windows: readonly Int16Array[]): number => windows.reduce((sum, { length }) => sum + length, 0)
