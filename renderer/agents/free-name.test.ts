import { expect, test } from 'vitest'
import { freeName } from './free-name.ts'

test('a taken name gets the next number', () => {
  expect(freeName('Sales', [])).toBe('Sales')
  expect(freeName('Sales', ['sales', 'Sales 2'])).toBe('Sales 3')
})
