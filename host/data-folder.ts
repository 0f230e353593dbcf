import { resolve } from 'node:path'
import envPaths from 'env-paths'

/** Where a person's agents and calls lie: the folder that was asked for, GREENROOM_DATA, or the platform's folder for application data. */
export function dataFolder(asked: string | undefined): string {
  const given = asked || process.env['GREENROOM_DATA']
  return given ? resolve(given) : envPaths('Greenroom', { suffix: '' }).data
}
