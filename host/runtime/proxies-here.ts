/**
 * Where on this machine a proxy listens that Node's own requests go through (`localhost:3128`): what is sent there is sent on.
 * Empty when Node does not heed the variables.
 */
export function proxiesHere(environment: NodeJS.ProcessEnv, flags: readonly string[]): ReadonlySet<string> {
  if (environment['NODE_USE_ENV_PROXY'] !== '1' && !flags.includes('--use-env-proxy')) return new Set()
  const named = ['HTTP_PROXY', 'HTTPS_PROXY'].flatMap((name) => environment[name.toLowerCase()] ?? environment[name] ?? [])
  return new Set(
    named.flatMap((address) => {
      const url = URL.parse(address)
      if (!url) return []
      const port = url.port || (url.protocol === 'https:' ? '443' : '80')
      return [`${url.hostname.replace(/^\[|\]$/g, '')}:${port}`]
    }),
  )
}
