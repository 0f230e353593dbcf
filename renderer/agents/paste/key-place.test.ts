import { expect, test } from 'vitest'
import { keyPlace, keyText, withToolSecret } from './key-place.ts'

test('a key pasted into a request becomes a secret of the tool, and its name stands in the template', () => {
  const place = keyPlace('/tools/1/headers/Authorization')
  if (!place) throw new Error('this is a place for templates')
  expect(keyText(place, 'my-crm')).toBe('{{ secrets.my_crm }}')
  expect(withToolSecret({ tools: [{}, { secrets: { a: 'env:A' } }] }, place, 'my-crm')).toEqual({
    tools: [{}, { secrets: { a: 'env:A', my_crm: 'secret:my-crm' } }],
  })
})

test('where a reference belongs, the reference stands; elsewhere a key has no place', () => {
  const place = keyPlace('/tools/0/secrets/crm')
  if (!place) throw new Error('this is a place for references')
  expect(keyText(place, 'crm')).toBe('secret:crm')
  expect(withToolSecret({ tools: [{}] }, place, 'crm')).toEqual({ tools: [{}] })
  expect(keyPlace('/tools/0/description')).toBeUndefined()
  expect(keyPlace('/prompt_config/instructions')).toBeUndefined()
  expect(keyPlace(undefined)).toBeUndefined()
})
