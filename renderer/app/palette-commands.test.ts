import { expect, test } from 'vitest'
import { matchCommands } from './palette-commands.ts'

const command = (label: string) => ({ id: label, label, run: () => undefined })

test('words are found by their beginnings, in any order', () => {
  const commands = [command('Go to voice & models'), command('Theme: dark'), command('Import a bundle…')]
  const found = (query: string) => matchCommands(commands, query).map(({ label }) => label)
  expect(found('mod go')).toEqual(['Go to voice & models'])
  expect(found('dark')).toEqual(['Theme: dark'])
  expect(found('')).toHaveLength(3)
  expect(found('undle')).toEqual([])
})
