import { BinaryWriter } from '@bufbuild/protobuf/wire'
import { appendFile, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { encodeMetadata } from '../whisper/onnx-message.ts'
import { writeEspeakData } from './espeak-data.ts'

/** The part of a Piper voice's JSON that is used. */
const PiperConfig = z.object({
  audio: z.object({ sample_rate: z.int() }),
  espeak: z.object({ voice: z.string() }),
  language: z.object({ name_english: z.string(), code: z.string().optional() }).default({ name_english: 'unknown' }),
  num_speakers: z.int().min(1).default(1),
  speaker_id_map: z.record(z.string(), z.int()).default({}),
  phoneme_id_map: z.record(z.string(), z.array(z.int()).min(1)),
})

type PiperConfig = z.infer<typeof PiperConfig>

/**
 * Makes a Piper voice (`<voice>.onnx` and `<voice>.onnx.json`) into what sherpa-onnx takes: the model says what it is, symbols have a list,
 * pronunciation data lies beside it. Tells the language.
 */
export async function convertPiper(onnx: string, to: string): Promise<{ languages: string[] }> {
  const config = PiperConfig.parse(JSON.parse(await readFile(`${onnx}.json`, 'utf8')))
  await mkdir(to, { recursive: true })
  const metadata = new BinaryWriter()
  encodeMetadata(metadata, {
    model_type: 'vits',
    comment: 'piper',
    language: config.language.name_english,
    voice: config.espeak.voice,
    has_espeak: 1,
    n_speakers: config.num_speakers,
    sample_rate: config.audio.sample_rate,
    ...(config.num_speakers > 1 && { speaker_names: speakersOf(config).join() }),
  })
  await copyFile(onnx, join(to, 'model.onnx'))
  await appendFile(join(to, 'model.onnx'), metadata.finish())
  const symbols = Object.entries(config.phoneme_id_map).map(([symbol, [id]]) => `${symbol} ${id ?? 0}\n`)
  await writeFile(join(to, 'tokens.txt'), symbols.join(''))
  await writeEspeakData(join(to, 'espeak-ng-data'), ['en', config.espeak.voice])
  const code = (config.language.code ?? config.espeak.voice).split(/[-_]/)[0]?.toLowerCase() ?? ''
  return { languages: /^[a-z]{2}$/.test(code) ? [code] : [] }
}

const speakersOf = ({ num_speakers, speaker_id_map }: PiperConfig): string[] => {
  const names = Object.entries(speaker_id_map).toSorted(([, a], [, b]) => a - b)
  return names.length === num_speakers ? names.map(([name]) => name.replaceAll(',', ' ')) : []
}
