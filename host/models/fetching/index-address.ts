import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

const PUBLIC_INDEX = 'https://pypi.org/simple'

/** The package index as pip would choose it, so that what a company has set up once holds here too. */
export async function indexAddress(environment: NodeJS.ProcessEnv): Promise<string> {
  const named = environment['PIP_INDEX_URL']
  if (named) return named
  for (const file of configFiles(environment)) {
    const text = await readFile(file, 'utf8').catch(() => '')
    const found = /^\s*index-url\s*[=:]\s*(\S+)/m.exec(text)?.[1]
    if (found) return found
  }
  return PUBLIC_INDEX
}

/** pip's own places, the nearest to the user first. */
function configFiles(environment: NodeJS.ProcessEnv): string[] {
  const home = homedir()
  const { PIP_CONFIG_FILE, APPDATA, PROGRAMDATA, XDG_CONFIG_HOME } = environment
  const mine = [
    join(XDG_CONFIG_HOME ?? join(home, '.config'), 'pip', 'pip.conf'),
    join(home, '.pip', 'pip.conf'),
    join(home, 'Library', 'Application Support', 'pip', 'pip.conf'),
    join(home, 'pip', 'pip.ini'),
    ...(APPDATA ? [join(APPDATA, 'pip', 'pip.ini')] : []),
  ]
  const everybodys = ['/etc/pip.conf', '/etc/xdg/pip/pip.conf', ...(PROGRAMDATA ? [join(PROGRAMDATA, 'pip', 'pip.ini')] : [])]
  return [...(PIP_CONFIG_FILE ? [PIP_CONFIG_FILE] : []), ...mine, ...everybodys]
}
