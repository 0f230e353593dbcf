import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '../ui/tokens.css'
import { createRoot } from 'react-dom/client'
import type { EarlyAnswers } from '../client/early-answers.ts'
import { createStudioClient } from '../client/studio-client.ts'
import { start } from './start.tsx'

export function openStudio(early: EarlyAnswers): void {
  const root = document.getElementById('root')
  if (root) void start(createRoot(root), createStudioClient(window.location.origin, early))
}
