import { noLiveKit } from '../../host/livekit/testing/livekit-server.ts'
import type { Measure } from '../measure.ts'
import { createFurtherRoomCalls } from './further-room-call.bench.ts'
import { jobStartBench, processReadyBench } from './room-start.bench.ts'
import { tenRoomCallsBench, tenRoomStartsBench } from './ten-room-calls.bench.ts'

const needsProc = () => (process.platform === 'linux' ? undefined : 'what processes cost is read from /proc')
const cold = 'stock agents-js, a job process started for the job'

const processReady: Measure = {
  id: 'P6',
  name: 'a process is ready to take a call',
  peer: 'a stock job process',
  unit: 'ms',
  goal: { kind: 'ratio', most: 0.6 },
  samples: 10,
  prepare: processReadyBench,
}

const jobAgainstCold: Measure = {
  id: 'P6',
  name: 'job offered to agent in the room, listening',
  peer: cold,
  unit: 'ms',
  goal: { kind: 'ratio', most: 0.2 },
  samples: 10,
  skip: () => noLiveKit() ?? needsProc(),
  prepare: () => jobStartBench(0),
}

const jobAgainstWarm: Measure = {
  id: 'P6',
  name: 'job offered to agent in the room, listening',
  peer: 'stock agents-js, a job process kept ready',
  unit: 'ms',
  goal: { kind: 'ratio', most: 1 },
  samples: 10,
  skip: () => noLiveKit() ?? needsProc(),
  prepare: () => jobStartBench(1),
}

const tenRoomCalls: Measure = {
  id: 'R10',
  name: 'end of speech to first audio in a room, ten calls talking',
  peer: '–',
  unit: 'ms',
  goal: { kind: 'p95', most: 1770 },
  samples: 38,
  skip: noLiveKit,
  prepare: tenRoomCallsBench,
}

const tenRoomStarts: Measure = {
  id: 'R10',
  name: 'request to first audio of the greeting, ten calls at once',
  peer: '–',
  unit: 'ms',
  goal: { kind: 'p95', most: 3000 },
  samples: 18,
  skip: noLiveKit,
  prepare: tenRoomStartsBench,
}

/** Calls in rooms of a real LiveKit server. */
export function roomMeasures(): readonly Measure[] {
  const further = createFurtherRoomCalls()
  const furtherCall = (what: 'memory_mb' | 'cpu_ms', about: Pick<Measure, 'name' | 'unit' | 'goal'>): Measure => ({
    id: 'P4r',
    peer: 'a stock job process for each',
    samples: 2,
    skip: () => noLiveKit() ?? needsProc(),
    prepare: () => further(what),
    ...about,
  })
  return [
    processReady,
    jobAgainstCold,
    jobAgainstWarm,
    furtherCall('memory_mb', { name: 'memory of a further room call', unit: 'MB', goal: { kind: 'ratio', most: 0.25 } }),
    furtherCall('cpu_ms', { name: 'CPU of a second of a further room call', unit: 'ms', goal: { kind: 'ratio', most: 1 } }),
    tenRoomCalls,
    tenRoomStarts,
  ]
}
