import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOCAL_TENANT, LOCAL_USER, type Caller, type Role } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { InputOf, OperationName, OutputOf, Reply, StudioEvent } from '../../core/contract/index.ts'
import type { DispatchContext } from '../dispatch.ts'
import { createHost, type Host, type HostOptions } from '../host.ts'

export type TestHostOptions = Readonly<Partial<HostOptions>>

export type TestHost = Readonly<{
  host: Host
  /** As a developer. */
  dispatch: <Name extends OperationName>(
    name: Name,
    input: InputOf<Name>,
    context?: DispatchContext,
  ) => Promise<Reply<OutputOf<Name>>>
  /** As a developer: the value, or the error thrown. */
  call: <Name extends OperationName>(name: Name, input: InputOf<Name>) => Promise<OutputOf<Name>>
  /** Everything that was announced, in order. */
  events: readonly StudioEvent[]
  dir: string
  /** Another host on the same folder, as after a restart of the studio. */
  restart: () => Promise<TestHost>
  /** Ends the host and removes the folder, unless it was given. */
  close: () => Promise<void>
}>

export const callerWith = (role: Role): Caller => ({ tenant_id: LOCAL_TENANT, user_id: LOCAL_USER, role, via: 'test' })

/** A real host on real databases in a folder of its own; the library starts empty unless `samples_dir` says otherwise. */
export async function startTestHost(options: TestHostOptions = {}): Promise<TestHost> {
  const dir = options.data_dir ?? (await mkdtemp(join(tmpdir(), 'greenroom test é ')))
  const host = await createHost({ samples_dir: null, ...options, data_dir: dir })
  const events: StudioEvent[] = []
  host.onEvent((event) => events.push(event))
  const developer = callerWith('developer')
  return {
    host,
    dispatch: (name, input, context) => host.dispatch(developer, name, input, context),
    call: async (name, input) => {
      const reply = await host.dispatch(developer, name, input)
      if (reply.ok) return reply.value
      throw new StudioError(reply.error.code, reply.error.message, reply.error.hint, reply.error.problems)
    },
    events,
    dir,
    restart: async () => {
      await host.close()
      return startTestHost({ ...options, data_dir: dir })
    },
    close: async () => {
      await host.close()
      if (options.data_dir === undefined) await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}
