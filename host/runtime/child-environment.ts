/**
 * Threat model: the host's environment holds keys (`OPENAI_API_KEY`, tokens of CI, …) and options that would change what a child runs
 * (`NODE_OPTIONS`). A runtime process gets only what an operating system or a company's network needs; keys travel over IPC, by session.
 */
import { ALLOWED, type Reach } from '../fetching/reach.ts'

const PASSED_ON = new Set(
  [
    ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR', 'TEMP', 'TMP'],
    ['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA'],
    ['NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'],
    ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'NODE_USE_ENV_PROXY'],
    ['GREENROOM_EXTENSIONS'],
  ].flat(),
)

/** Behind a proxy, nobody here sees where a connection leads. */
const PROXIES: ReadonlySet<string> = new Set(['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'NODE_USE_ENV_PROXY'])

/** `cacheDir`: where Node keeps compiled code between starts. `offline`: the guard's first state (network-guard.ts). Children end with this process. */
export function childEnvironment(
  environment: NodeJS.ProcessEnv,
  offline: boolean,
  cacheDir?: string,
  reach: Reach = 'anywhere',
): NodeJS.ProcessEnv {
  const guarded = reach === 'public'
  const kept = Object.entries(environment).filter(
    ([name]) => PASSED_ON.has(name.toUpperCase()) && !(guarded && PROXIES.has(name.toUpperCase())),
  )
  const allowed = environment[ALLOWED]
  return {
    ...Object.fromEntries(kept),
    GREENROOM_HOST: String(process.pid),
    ...(guarded && { GREENROOM_REACH: 'public', ...(allowed !== undefined && { [ALLOWED]: allowed }) }),
    ...(offline && { GREENROOM_OFFLINE: '1' }),
    ...(cacheDir !== undefined && { NODE_COMPILE_CACHE: cacheDir }),
  }
}
