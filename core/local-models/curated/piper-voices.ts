import type { CuratedModel } from '../curated-model.ts'

type Row = readonly [voice: string, language: string, bytes: number, licence: string]

/** Where the licence of the recordings is not certain here, the card beside the voice states it. */
const CARD = 'MIT; recordings: see MODEL_CARD beside the voice at its source'

/** Sizes are those of the hub’s own list of voices. */
const VOICES: readonly Row[] = [
  ['en_US-lessac-medium', 'English (US)', 63_201_294, 'MIT; recordings: Blizzard 2013 licence, for research'],
  ['en_US-ryan-medium', 'English (US)', 63_201_294, CARD],
  ['en_US-hfc_female-medium', 'English (US)', 63_201_294, CARD],
  ['en_US-ljspeech-medium', 'English (US)', 63_531_379, 'MIT; recordings in the public domain'],
  ['en_GB-alba-medium', 'English (UK)', 63_201_294, CARD],
  ['de_DE-thorsten-medium', 'German', 63_201_294, 'MIT; recordings CC0'],
  ['es_ES-davefx-medium', 'Spanish', 63_201_294, CARD],
  ['es_MX-ald-medium', 'Spanish (Mexico)', 63_201_294, CARD],
  ['fr_FR-siwis-medium', 'French', 63_201_294, 'MIT; recordings CC BY 4.0'],
  ['it_IT-paola-medium', 'Italian', 63_511_038, CARD],
  ['pt_BR-faber-medium', 'Portuguese (Brazil)', 63_201_294, CARD],
  ['hi_IN-pratham-medium', 'Hindi', 63_516_050, CARD],
  ['nl_NL-ronnie-medium', 'Dutch', 62_950_044, CARD],
  ['pl_PL-gosia-medium', 'Polish', 63_201_294, CARD],
  ['ru_RU-irina-medium', 'Russian', 63_201_294, CARD],
  ['tr_TR-dfki-medium', 'Turkish', 63_201_294, CARD],
  ['uk_UA-ukrainian_tts-medium', 'Ukrainian', 76_735_663, CARD],
  ['zh_CN-huayan-medium', 'Chinese', 63_201_294, CARD],
]

const REPO = 'rhasspy/piper-voices'
/** espeak-ng knows Chinese as Mandarin. */
const ESPEAK: Readonly<Record<string, string>> = { zh: 'cmn' }

/** `de_DE-thorsten-medium` lies at `de/de_DE/thorsten/medium/`. */
function piperVoice([voice, language, bytes, licence]: Row): CuratedModel {
  const [locale = '', speaker = '', quality = ''] = voice.split('-')
  const code = locale.split('_')[0] ?? ''
  const at = (file: string) => ({ repo: REPO, revision: 'main', path: `${code}/${locale}/${speaker}/${quality}/${file}` })
  return {
    model_id: `piper-${voice}`,
    kind: 'tts',
    family: 'vits',
    name: `Piper ${speaker} (${language})`,
    description: `${language}, one voice, quick on any machine.`,
    licence: `${licence}; pronunciation data GPL-3.0`,
    languages: [code],
    make: 'piper',
    files: [
      { name: `${voice}.onnx`, bytes, hub: at(`${voice}.onnx`) },
      { name: `${voice}.onnx.json`, bytes: 5000, hub: at(`${voice}.onnx.json`) },
    ],
    espeak: ['en', ESPEAK[code] ?? code],
    disk_bytes: bytes + 1_500_000,
    needs_memory_bytes: 300_000_000,
  }
}

export const piperVoices: readonly CuratedModel[] = VOICES.map(piperVoice)
