import { defineConfig } from 'electron-vite'
import rendererConfig from './vite.renderer.config.ts'

/** Main and preload are CommonJS for Node 16, so that one build runs in every Electron from 22 on. */
const shellPart = (name: 'main' | 'preload') =>
  ({
    build: {
      target: 'node16',
      externalizeDeps: false,
      outDir: `out/${name}`,
      rolldownOptions: {
        input: { index: `electron/${name}/index.ts` },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  }) as const

export default defineConfig({ main: shellPart('main'), preload: shellPart('preload'), renderer: rendererConfig })
