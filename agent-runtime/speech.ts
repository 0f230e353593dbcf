/** The built-in speech engine (sherpa-onnx), in a process of its own: its native code can end a process. */
import { runEngineProcess } from './engines/engine-process.ts'
import { createSherpaEngine } from './engines/sherpa-engine.ts'

runEngineProcess((models_dir) => {
  if (models_dir === undefined) throw new Error('No models folder was given')
  return createSherpaEngine(models_dir)
})
