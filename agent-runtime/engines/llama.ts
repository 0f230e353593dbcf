import { availableParallelism } from 'node:os'
import type { Llama } from 'node-llama-cpp'

/** llama.cpp as it was shipped: nothing is built or fetched at run time. */
export async function loadLlama(): Promise<Llama> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp')
  const options = {
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
    maxThreads: availableParallelism(),
  } as const
  // Looking for a graphics card takes as long as all the rest.
  if (!(await hasGpuBuild())) return getLlama({ ...options, gpu: false })
  return getLlama({ ...options, gpu: 'auto' }).catch(() => getLlama({ ...options, gpu: false }))
}

const GPU_BUILDS: Readonly<Record<string, readonly string[]>> = {
  'darwin arm64': ['mac-arm64-metal'],
  'linux x64': ['linux-x64-cuda', 'linux-x64-vulkan'],
  'win32 x64': ['win-x64-cuda', 'win-x64-vulkan'],
}

async function hasGpuBuild(): Promise<boolean> {
  for (const name of GPU_BUILDS[`${process.platform} ${process.arch}`] ?? []) {
    const build: unknown = await import(`@node-llama-cpp/${name}`).catch(() => undefined)
    if (typeof build === 'object' && build !== null && 'getBinsDir' in build) return true
  }
  return false
}
