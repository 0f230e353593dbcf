import { requestReads, requestWrites } from './api/requests.bench.ts'
import { libraryOpens } from './library.bench.ts'
import { localFirstToken, localTokens, sharedModel } from './local-llm.measure.ts'
import { furtherCall, localFirstAudio, localTranscript, tenCalls } from './local-speech.measure.ts'
import { run, type Measure, type Result } from './measure.ts'
import { readerAgainstJsonriver, readerIsLinear } from './output-reader.measure.ts'
import { editorUsable, shellUsable } from './page.bench.ts'
import { roomMeasures } from './rooms/rooms.measure.ts'
import { addedLatency, jsonAgainstPlain, savedChangeIsUsed, turnCpu } from './runtime.measure.ts'
import { storeMeasures } from './stores/stores.measure.ts'
import { table } from './table.ts'

/** `main.ts [P3 P9 …]`: runs the measures named, or all; exits 1 when one falls short. */
const MEASURES: readonly Measure[] = [
  turnCpu,
  addedLatency,
  jsonAgainstPlain,
  readerAgainstJsonriver,
  readerIsLinear,
  savedChangeIsUsed,
  shellUsable,
  editorUsable,
  libraryOpens,
  localFirstToken,
  localTokens,
  sharedModel,
  localTranscript,
  localFirstAudio,
  tenCalls,
  furtherCall,
  ...roomMeasures(),
  requestReads,
  requestWrites,
  ...storeMeasures(),
]

const wanted = process.argv.slice(2)
const results: Result[] = []
for (const measure of MEASURES) {
  if (wanted.length > 0 && !wanted.includes(measure.id)) continue
  const skipped = measure.skip?.()
  process.stderr.write(`${measure.id} ${measure.name} ${skipped === undefined ? '…' : `skipped: ${skipped}`}\n`)
  if (skipped !== undefined) continue
  results.push(await run(measure))
}
console.log(table(results))
// Everything is closed; the native library of LiveKit rooms would keep the process alive all the same.
process.exit(results.every((result) => result.met) ? 0 : 1)
