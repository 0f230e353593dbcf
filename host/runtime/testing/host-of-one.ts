/** A host with one child that has the entry given as argument. Passes on what the child says; the output of both is the same pipe. */
import { spawn } from 'node:child_process'
import { childEnvironment } from '../child-environment.ts'
import { guardPreload } from '../runtime-entry.ts'

const [, , entry = ''] = process.argv
const child = spawn(process.execPath, ['--import', guardPreload(), entry], {
  env: childEnvironment(process.env, false),
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
})
child.on('message', (said) => process.send?.(said))
