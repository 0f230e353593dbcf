import { expect, test } from 'vitest'
import { SecretName } from '../../../core/contract/secrets.ts'
import { isOwnSecret, secretNameOf } from './secret-name.ts'

test('agents whose long ids begin alike have keys of their own', () => {
  const [one, two] = ['x', 'y'].map((end) => `${'a'.repeat(63)}${end}`)
  const names = [one, two, 'a'.repeat(60)].map((id = '') => secretNameOf(id, 'llm'))
  expect(new Set(names).size).toBe(3)
  for (const name of names) expect(SecretName.safeParse(name).success).toBe(true)
  expect(isOwnSecret(one ?? '', `secret:${names[0] ?? ''}`)).toBe(true)
  expect(isOwnSecret(one ?? '', `secret:${names[1] ?? ''}`)).toBe(false)
})
