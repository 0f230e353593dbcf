/** The built-in LLM (llama.cpp), in a process of its own: its native code can end a process, and its models take much memory. */
import { runEngineProcess } from './engines/engine-process.ts'
import { measureLlm } from './engines/field-test/measure-llm.ts'
import { createLlmEngine } from './engines/llm-engine.ts'

runEngineProcess((models_dir) => {
  if (models_dir === undefined) throw new Error('No models folder was given')
  return createLlmEngine(models_dir)
}, measureLlm)
