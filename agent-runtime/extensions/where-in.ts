import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Place = Readonly<{ file: string; line?: number }>

/** The first place in the folder that an error's stack, or the head of a syntax error, names. */
export function whereIn(folder: string, cause: unknown): Place | undefined {
  const stack = cause instanceof Error ? (cause.stack ?? '') : ''
  for (const [, url = '', line = ''] of stack.matchAll(/(file:\/\/[^\s()]+?):(\d+)(?::\d+)?\)?$/gm)) {
    const file = relative(folder, fileURLToPath(url.replace(/\?.*$/, '')))
    if (!file.startsWith(`..${sep}`) && file !== '..') return { file, line: Number(line) }
  }
  return undefined
}

export const placeText = ({ file, line }: Place): string => (line === undefined ? file : `${file}:${line}`)
