import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { UserConfig } from 'vite'

const UI =
  /node_modules[\\/](react|react-dom|scheduler|@mantine[\\/](core|hooks|notifications)|@floating-ui|@tabler|react-remove-scroll|react-remove-scroll-bar|react-transition-group|zustand)[\\/]/

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
    rolldownOptions: {
      // The studio, and the page for guests, which has nothing of it. By name: electron-vite would add its own to a list.
      input: {
        index: fileURLToPath(new URL('renderer/index.html', import.meta.url)),
        join: fileURLToPath(new URL('renderer/join.html', import.meta.url)),
      },
      // What every screen stands on, in one file instead of thirty: a page that opens waits for each request.
      output: { codeSplitting: { groups: [{ name: 'ui', test: UI }] } },
    },
  },
} satisfies UserConfig

export default rendererConfig
