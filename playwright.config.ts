import { defineConfig } from '@playwright/test'

/** What is only page: neither sound nor a process that dies in it, so that two can run beside each other (`scripts/e2e.mjs`). */
const PAGES = [
  'browser-any-stack',
  'browser-microphone',
  'browser-models-and-keys',
  'browser-releases',
  'failures',
  'routing',
  'screens',
  'tools',
].map((name) => `**/${name}.spec.ts`)
/** What a shell can do otherwise than Chromium: itself, the main job with real dialogs and sound, and each screen once. */
const SHELL = ['electron-*', 'main-job', 'rooms', 'screens'].map((name) => `**/${name}.spec.ts`)

/** One suite: Chromium has all of it, the Electron shell what could differ there. Started by `npm run test:e2e`. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: true,
  timeout: 120_000,
  // Real windows, processes and sound on a busy machine: a second try is reported as flaky, not hidden.
  retries: process.env.CI ? 1 : 0,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    launchOptions: {
      executablePath: process.env.GREENROOM_TEST_BROWSER!,
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
  projects: [
    { name: 'pages', testMatch: PAGES },
    { name: 'browser', testIgnore: ['**/electron-*.spec.ts', ...PAGES] },
    ...(process.env.GREENROOM_TEST_ELECTRON ? [{ name: 'electron', testMatch: SHELL }] : []),
  ],
})
