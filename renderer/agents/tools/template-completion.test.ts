import { expect, test } from 'vitest'
import { completionAt, withCompletion } from './template-completion.ts'

const words = [
  { name: 'arguments.order_id', detail: 'str' },
  { name: 'secrets.crm', detail: 'secret:crm' },
]
const labels = (text: string, caret = text.length) => completionAt(text, caret, words)?.items.map(({ label }) => label)

test('names are offered within braces, by their beginning or by their last part', () => {
  expect(labels('https://a/{{ ')).toEqual(['arguments.order_id', 'secrets.crm'])
  expect(labels('https://a/{{ ord')).toEqual(['arguments.order_id'])
  expect(labels('https://a/{{ secrets.')).toEqual(['secrets.crm'])
  expect(labels('https://a/{{ arguments.order_id | up')).toEqual(['upcase'])
  expect(labels('https://a/')).toBeUndefined()
  expect(labels('{{ secrets.crm }} and se')).toBeUndefined()
  expect(labels('{{ secrets.crm')).toBeUndefined()
})

test('what is chosen takes the place of what was typed, and closes its braces once', () => {
  const put = (text: string, caret = text.length) => {
    const completion = completionAt(text, caret, words)
    const [first] = completion?.items ?? []
    return completion && first && withCompletion(text, completion, first)
  }
  expect(put('a{{')).toEqual({ text: 'a{{ arguments.order_id }}', caret: 25 })
  expect(put('a{{ se')).toEqual({ text: 'a{{ secrets.crm }}', caret: 18 })
  expect(put('a{{ se }}b', 6)).toEqual({ text: 'a{{ secrets.crm }}b', caret: 15 })
  expect(put('{{ x | def')).toEqual({ text: '{{ x | default: ""', caret: 17 })
})
