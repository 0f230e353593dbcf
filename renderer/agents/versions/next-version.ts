export type Bump = 'major' | 'minor' | 'patch'

/** The three versions that may follow `latest`; the first of all is 1.0.0. */
export function nextVersions(latest: string | undefined): Readonly<Record<Bump, string>> {
  const numbers = /^(\d+)\.(\d+)\.(\d+)(-)?/.exec(latest ?? '')
  if (!numbers) return { major: '1.0.0', minor: '1.0.0', patch: '1.0.0' }
  const [major = 0, minor = 0, patch = 0] = numbers.slice(1, 4).map(Number)
  // What follows a pre-release is the release itself.
  if (numbers[4]) return { major: `${major + 1}.0.0`, minor: `${major}.${minor + 1}.0`, patch: `${major}.${minor}.${patch}` }
  return { major: `${major + 1}.0.0`, minor: `${major}.${minor + 1}.0`, patch: `${major}.${minor}.${patch + 1}` }
}
