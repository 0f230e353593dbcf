import { createOutput } from './output.ts'
import { runProgram } from './program.ts'
import { guardNetwork } from '../runtime/network-guard.ts'

/** The `greenroom` command. Ctrl+C stops what runs in order; a second one at once. */
guardNetwork(false)
const controller = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort())

// A reader that has seen enough (`| head`) closes the pipe; that is no failure.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => process.exit(cause.code === 'EPIPE' ? 0 : 1))

const code = await runProgram(process.argv.slice(2), {
  out: createOutput(process.stdout, process.stderr),
  stdin: process.stdin,
  signal: controller.signal,
})
// Whatever still holds the event loop (standard input, a socket in its last second) does not hold the command.
process.stdout.write('', () => process.exit(code))
