import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { UserConfig } from 'vite'

/** The page. Chrome 108 is the oldest engine that the desktop shell may bring. */
const rendererConfig = {
  root: 'renderer',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    target: 'chrome108',
    minify: true,
    outDir: fileURLToPath(new URL('out/renderer', import.meta.url)),
    emptyOutDir: true,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { input: fileURLToPath(new URL('renderer/index.html', import.meta.url)) },
  },
} satisfies UserConfig

export default rendererConfig
