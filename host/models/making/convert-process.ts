/** A child process that unpacks, converts and hashes models: it takes seconds of one core and hundreds of MB, and the host has calls to serve. */
import { importModel } from '../importing/import-model.ts'
import { ConvertTask } from './convert-task.ts'
import type { ConvertReply } from './convert-task.ts'
import { describeFolder } from './describe-folder.ts'
import type { FolderFacts } from './describe-folder.ts'
import { makeModel } from './make-model.ts'
import { RefusedModel } from './refused-model.ts'

const say = (reply: ConvertReply, then: () => void = () => undefined) => process.send?.(reply, then)

async function carryOut(task: ConvertTask): Promise<FolderFacts> {
  const told =
    task.type === 'make' ? await makeModel(task) : await importModel(task, (progress) => say({ type: 'progress', ...progress }))
  const facts = await describeFolder(task.to, () => undefined)
  return { ...facts, ...told }
}

function failure(cause: unknown): ConvertReply {
  if (cause instanceof RefusedModel) return { type: 'refused', message: cause.message, hint: cause.hint }
  return { type: 'failed', message: cause instanceof Error ? cause.message : String(cause) }
}

process.on('disconnect', () => process.exit())
process.once('message', (raw) => {
  carryOut(ConvertTask.parse(raw)).then(
    (facts) => say({ type: 'done', facts }, () => process.exit()),
    (cause: unknown) => say(failure(cause), () => process.exit()),
  )
})
