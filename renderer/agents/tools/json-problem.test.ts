import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonProblem } from './json-problem.ts'

test('the place and the reason are told', () => {
  expect(jsonProblem('{\n  "a": 1,\n}')).toEqual({ at: 12, line: 3, column: 1, message: 'a comma may not be the last' })
  expect(jsonProblem('{"a" 1}')).toMatchObject({ column: 6, message: '":" is expected after the name' })
  expect(jsonProblem("{'a': 1}")).toMatchObject({ column: 2, message: 'a name in double quotes is expected' })
  expect(jsonProblem('["a" "b"]')).toMatchObject({ column: 6, message: '"," or "]" is expected' })
  expect(jsonProblem('{"a": ')).toMatchObject({ message: 'a value is missing at the end' })
  expect(jsonProblem('"abc')).toMatchObject({ message: 'the closing quote is missing' })
  expect(jsonProblem('1 2')).toMatchObject({ column: 3, message: 'nothing more is expected here' })
  expect(jsonProblem('{"a": [1, true, null, -2.5e3, "x\\n"]}')).toBeUndefined()
})

test('whatever is broken, a place within the text is told', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', 'x', '\\', '\n'), (json, place, put) => {
      const at = place % (json.length + 1)
      const text = json.slice(0, at) + put + json.slice(at + 1)
      const problem = jsonProblem(text)
      if (problem) expect(problem.at).toBeLessThanOrEqual(text.length)
      else expect(() => void JSON.parse(text)).not.toThrow()
    }),
  )
})
