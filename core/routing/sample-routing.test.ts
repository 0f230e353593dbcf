import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isJsonObject, parseJson } from '../json.ts'
import { SAMPLE_ROUTING } from './sample-routing.ts'

const folder = new URL('../../resources/samples/', import.meta.url)

test('is what the samples that ship say themselves', () => {
  const said = readdirSync(folder).map((id) => {
    const document = parseJson(readFileSync(new URL(`${id}/agent.json`, folder), 'utf8'))
    return [id, isJsonObject(document) ? document['routing'] : undefined]
  })
  expect(Object.fromEntries(said)).toEqual(SAMPLE_ROUTING)
})
