import { defineConfig } from '@playwright/test'

/** One suite, two projects: the same page in Chromium and in the Electron shell. Started by `npm run test:e2e`. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  workers: 1,
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
    { name: 'browser', testIgnore: '**/electron-*.spec.ts' },
    ...(process.env.GREENROOM_TEST_ELECTRON ? [{ name: 'electron', testIgnore: '**/browser-*.spec.ts' }] : []),
  ],
})
