export const WORKSPACE_TABS = ['prompt', 'output', 'voice', 'tools', 'routing', 'versions', 'call'] as const
export type WorkspaceTab = (typeof WORKSPACE_TABS)[number]

export const MODELS_TABS = ['models', 'keys', 'providers', 'prices', 'servers'] as const
export type ModelsTab = (typeof MODELS_TABS)[number]

/** Where the page is; kept in the address, so that reload, back and links work. */
export type Route =
  | Readonly<{ screen: 'agents'; agent_id?: string; tab: WorkspaceTab }>
  /** `watch`: a room that is looked at without taking part. */
  | Readonly<{ screen: 'calls'; session_id?: string; watch?: Readonly<{ connection_id: string; room_name: string }> }>
  /** `open`: the dialog that takes something in. */
  | Readonly<{ screen: 'models'; tab?: ModelsTab; open?: 'import' }>
  | Readonly<{ screen: 'settings'; part?: 'livekit' }>

const isModelsTab = (text: string | undefined): text is ModelsTab => MODELS_TABS.some((tab) => tab === text)
const isTab = (text: string | undefined): text is WorkspaceTab => WORKSPACE_TABS.some((tab) => tab === text)

export function parseRoute(hash: string): Route {
  const [screen, id, tab, more] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decode)
  if (screen === 'calls' && id === 'watch' && tab && more) return { screen, watch: { connection_id: tab, room_name: more } }
  if (screen === 'calls') return id ? { screen, session_id: id } : { screen }
  if (screen === 'models') return isModelsTab(id) ? { screen, tab: id, ...(tab === 'import' ? { open: tab } : {}) } : { screen }
  if (screen === 'settings') return id === 'livekit' ? { screen, part: id } : { screen }
  return { screen: 'agents', ...(id ? { agent_id: id } : {}), tab: isTab(tab) ? tab : 'prompt' }
}

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function formatRoute(route: Route): string {
  if (route.screen === 'calls' && route.watch)
    return `#/calls/watch/${encodeURIComponent(route.watch.connection_id)}/${encodeURIComponent(route.watch.room_name)}`
  if (route.screen === 'settings') return route.part ? `#/settings/${route.part}` : '#/settings'
  if (route.screen === 'calls') return route.session_id ? `#/calls/${route.session_id}` : '#/calls'
  if (route.screen === 'agents')
    return route.agent_id ? `#/agents/${encodeURIComponent(route.agent_id)}/${route.tab}` : '#/agents'
  if (route.screen === 'models' && route.tab) return `#/models/${route.tab}${route.open ? `/${route.open}` : ''}`
  return `#/${route.screen}`
}
