import { resolve } from 'node:path'
import envPaths from 'env-paths'

/** Where a person's agents and calls lie: the folder that was asked for, else the platform's for application data. */
export const dataFolder = (asked: string | undefined): string =>
  asked ? resolve(asked) : envPaths('Greenroom', { suffix: '' }).data
