export const WORKSPACE_TABS = ['prompt', 'output', 'voice', 'versions', 'call'] as const
export type WorkspaceTab = (typeof WORKSPACE_TABS)[number]

export const MODELS_TABS = ['models', 'keys', 'providers', 'prices', 'servers'] as const
export type ModelsTab = (typeof MODELS_TABS)[number]

/** Where the page is; kept in the address, so that reload, back and links work. */
export type Route =
  | Readonly<{ screen: 'agents'; agent_id?: string; tab: WorkspaceTab }>
  | Readonly<{ screen: 'calls'; session_id?: string }>
  /** `open`: the dialog that takes something in. */
  | Readonly<{ screen: 'models'; tab?: ModelsTab; open?: 'import' }>
  | Readonly<{ screen: 'settings' }>

const isModelsTab = (text: string | undefined): text is ModelsTab => MODELS_TABS.some((tab) => tab === text)
const isTab = (text: string | undefined): text is WorkspaceTab => WORKSPACE_TABS.some((tab) => tab === text)

export function parseRoute(hash: string): Route {
  const [screen, id, tab] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decode)
  if (screen === 'calls') return id ? { screen, session_id: id } : { screen }
  if (screen === 'models') return isModelsTab(id) ? { screen, tab: id, ...(tab === 'import' ? { open: tab } : {}) } : { screen }
  if (screen === 'settings') return { screen }
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
  if (route.screen === 'calls') return route.session_id ? `#/calls/${route.session_id}` : '#/calls'
  if (route.screen === 'agents')
    return route.agent_id ? `#/agents/${encodeURIComponent(route.agent_id)}/${route.tab}` : '#/agents'
  if (route.screen === 'models' && route.tab) return `#/models/${route.tab}${route.open ? `/${route.open}` : ''}`
  return `#/${route.screen}`
}
