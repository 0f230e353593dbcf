import type { Root } from 'react-dom/client'
import type { StudioClient } from '../client/studio-client.ts'

export async function start(root: Root, client: StudioClient): Promise<void> {
  root.render(<p>Greenroom {client.client_id}</p>)
}
