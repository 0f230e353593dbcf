import { expect, test } from 'vitest'
import { Tools } from '../../../core/tools/tool.ts'
import { BLANKS, EXAMPLES } from './tool-examples.ts'
import { duplicateTool, freeToolName, insertTool, moveTool, readTools, removeTool } from './tool-rows.ts'

const content = {
  tools: [{ type: 'http', name: 'look_up', url: 'https://a.example', 'x-own': 1 }, { type: 'mcp', name: 'files' }, 'odd'],
}
const names = (now: Parameters<typeof readTools>[0]) => readTools(now).map(({ name }) => name)

test('what cannot be read is a row all the same, and a kind of tomorrow is kept', () => {
  expect(readTools(content).map(({ kind, name }) => [kind, name])).toEqual([
    ['http', 'look_up'],
    ['other', 'files'],
    ['other', ''],
  ])
  expect(readTools({})).toEqual([])
  expect(readTools({ tools: 'none' })).toEqual([])
})

test('a copy stands below its tool with everything in it and a name of its own', () => {
  const twice = duplicateTool(duplicateTool(content, 0), 0)
  expect(names(twice)).toEqual(['look_up', 'look_up_3', 'look_up_2', 'files', ''])
  expect(readTools(twice)[1]?.raw).toEqual({ ...(content.tools[0] as object), name: 'look_up_3' })
  expect(freeToolName(content, 'files')).toBe('files_2')
  expect(freeToolName(content, 'new')).toBe('new')
})

test('moved and back, removed and put back, the document is what it was', () => {
  const moved = moveTool(content, 0, 1)
  expect(names(moved)).toEqual(['files', 'look_up', ''])
  expect(moveTool(moved, 1, 0)).toEqual(content)
  expect(moveTool(content, 0, 5)).toBe(content)
  expect(insertTool(removeTool(content, 1), 1, content.tools[1] ?? null)).toEqual(content)
})

test('the examples and all but the handover, which needs its agent, are valid as they are added', () => {
  expect(Tools.safeParse(EXAMPLES.map(({ tool }) => tool)).error).toBeUndefined()
  const { handoff, ...blanks } = BLANKS
  for (const blank of Object.values(blanks)) expect(Tools.safeParse([blank]).error).toBeUndefined()
  expect(Tools.safeParse([handoff]).error?.issues.map(({ path }) => path)).toEqual([[0, 'agent_id']])
})
