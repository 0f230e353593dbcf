/**
 * Threat model: the host's environment holds keys (`OPENAI_API_KEY`, tokens of CI, …) and options that would change what a child runs
 * (`NODE_OPTIONS`). A runtime process gets only what an operating system or a company's network needs; keys travel over IPC, by session.
 */
const PASSED_ON = new Set(
  [
    ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR', 'TEMP', 'TMP'],
    ['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA'],
    ['NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'],
    ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'NODE_USE_ENV_PROXY'],
  ].flat(),
)

/** `cacheDir`: where Node keeps compiled code between starts. `offline`: the guard's first state (network-guard.ts). Children end with this process. */
export function childEnvironment(environment: NodeJS.ProcessEnv, offline: boolean, cacheDir?: string): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => PASSED_ON.has(name.toUpperCase()))
  return {
    ...Object.fromEntries(kept),
    GREENROOM_HOST: String(process.pid),
    ...(offline && { GREENROOM_OFFLINE: '1' }),
    ...(cacheDir !== undefined && { NODE_COMPILE_CACHE: cacheDir }),
  }
}
