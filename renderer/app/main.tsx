import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '../ui/tokens.css'
import { createRoot } from 'react-dom/client'
import { createStudioClient } from '../client/studio-client.ts'
import { start } from './start.tsx'

const root = document.getElementById('root')
if (root) void start(createRoot(root), createStudioClient(window.location.origin))
