/** The espeak-ng engine, in a process of its own: it is GPL-3 and runs as a separate program, and it blocks while it speaks. */
import { runEngineProcess } from './engines/engine-process.ts'
import { createEspeakEngine } from './engines/espeak-engine.ts'

runEngineProcess(() => createEspeakEngine())
