import fc from 'fast-check'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { isJsonObject, parseJson } from '../../core/json.ts'
import { toGrammar, type GrammarShape } from '../../core/output/grammar.ts'
import { spokenForm } from '../../core/output/spoken-form.ts'
import { fieldTable } from '../../core/output/testing/field-tables.ts'
import { withToolCalls } from '../../core/tools/tool-grammar.ts'
import { isKnownTool, Tool } from '../../core/tools/tool.ts'
import { validateOutput } from '../../core/output/validate-output.ts'
import { connectEngine, type EngineClient } from './engine-client.ts'
import type { GenerateRequest } from './engine.ts'
import { loadLlama } from './llama.ts'
import { llmFiles, pickLlm } from './llm-files.ts'
import { newAddress, startEngine, type StartedEngine } from './testing/start-engine.ts'

const models_dir = process.env['GREENROOM_TEST_MODELS']
const GGUF = 'SmolLM2-135M-Instruct.Q4_1'
const shape: GrammarShape = {
  spoken_field: 'system_response',
  spoken: 'short_question',
  style_field: 'voice_instructions',
  styles: ['Calm and clear.'],
  longest_text: 20,
}

const TOOLS = [
  Tool.parse({ type: 'end_call', name: 'hang_up' }),
  Tool.parse({ type: 'client', name: 'show', parameters: [{ field_name: 'place', field_type: 'str' }] }),
].filter(isKnownTool)

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'modèles '))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

test('llama.cpp reads the grammar of any table', async () => {
  const llama = await loadLlama()
  await fc.assert(
    fc.asyncProperty(
      fieldTable,
      fc.constantFrom<GrammarShape>(shape, { ...shape, spoken: 'free', styles: [] }),
      async (fields, how) => {
        for (const grammar of [toGrammar(fields, how), spokenForm(fields, how)?.grammar])
          if (grammar !== undefined) {
            await llama.createGrammar({ grammar })
            await llama.createGrammar({ grammar: withToolCalls(grammar, TOOLS, 20) })
          }
        await llama.createGrammar({ grammar: withToolCalls(undefined, TOOLS, 20) })
      },
    ),
    { numRuns: 150 },
  )
  await expect(llama.createGrammar({ grammar: 'root ::= missing' })).rejects.toThrow()
  await llama.dispose()
})

test('models lie in folders of their own, or loose as they used to', async () => {
  const dir = await folder()
  expect(await llmFiles(dir)).toEqual([])
  expect(() => pickLlm([], 'x')).toThrow('no built-in LLM')
  await mkdir(join(dir, 'llm', 'qwen3-1.7b'), { recursive: true })
  for (const file of [
    'qwen3-1.7b/mmproj.gguf',
    'qwen3-1.7b/b-00002-of-00002.gguf',
    'qwen3-1.7b/b-00001-of-00002.gguf',
    'Tiny-1M.Q4_0.gguf',
    'notes.txt',
  ])
    await writeFile(join(dir, 'llm', file), '')
  const files = await llmFiles(dir)
  expect(files.map(({ name, path }) => [name, path.slice(dir.length + 1)])).toEqual([
    ['Tiny-1M.Q4_0', join('llm', 'Tiny-1M.Q4_0.gguf')],
    ['qwen3-1.7b', join('llm', 'qwen3-1.7b', 'b-00001-of-00002.gguf')],
  ])
  expect(pickLlm(files, '').name).toBe('Tiny-1M.Q4_0')
  expect(pickLlm(files, 'tiny-1m').name).toBe('Tiny-1M.Q4_0')
  expect(pickLlm(files, 'tiny').name).toBe('Tiny-1M.Q4_0')
  expect(() => pickLlm(files, 'qwen2')).toThrow('there are: Tiny-1M.Q4_0, qwen3-1.7b')
})

/** With the real weights; skipped unless GREENROOM_TEST_MODELS names their folder. */
describe.skipIf(models_dir === undefined)('the built-in LLM', () => {
  let engine: StartedEngine
  let client: EngineClient
  beforeAll(async () => {
    engine = await startEngine('llm', await newAddress(), models_dir)
    client = connectEngine(engine.address)
  })
  afterAll(() => {
    client.close()
    engine.child.kill()
  })

  const system = { role: 'system', content: 'You are a friendly interviewer. Ask short questions.' } as const
  const hello = { role: 'user', content: 'Hello, I am Tom and I repair bicycles.' } as const
  const ask = (conversation: string, more: Partial<GenerateRequest> = {}): GenerateRequest => ({
    model: '',
    conversation,
    messages: [system, hello],
    temperature: 0,
    max_tokens: 20,
    ...more,
  })
  async function answer(request: GenerateRequest, signal?: AbortSignal) {
    let text = ''
    for await (const item of client.generate(request, signal)) {
      if ('text' in item) text += item.text
      else return { text, ...item.usage }
    }
    throw new Error('no usage came')
  }

  test('answers, the same again at temperature 0, and reads only what is new', async () => {
    const first = await answer(ask('a'))
    expect(first.text).not.toBe('')
    expect(first.completion_tokens).toBeLessThanOrEqual(20)
    expect((await answer(ask('b'))).text).toBe(first.text)
    const messages = [
      system,
      hello,
      { role: 'assistant', content: first.text } as const,
      { role: 'user', content: 'Why?' } as const,
    ]
    const second = await answer(ask('a', { messages }))
    expect(second.cached_tokens).toBeGreaterThan((first.prompt_tokens ?? 0) - 10)
    expect((second.prompt_tokens ?? 0) - (second.cached_tokens ?? 0)).toBeLessThan(30)
  })

  test('what was read beforehand is not read again', async () => {
    const warm = await answer(ask('warm', { messages: [system], max_tokens: 0 }))
    expect(warm).toMatchObject({ text: '', completion_tokens: 0 })
    expect((await answer(ask('warm'))).cached_tokens).toBeGreaterThan(10)
  })

  test('what it writes fits the table, however hot', async () => {
    const short = fieldTable.filter((fields) =>
      fields.every(({ constraints }) => (constraints.max_length ?? 0) <= 80 && (constraints.min_length ?? 0) <= 40),
    )
    const tables = fc.sample(short, { numRuns: 6, seed: 7 })
    for (const [index, fields] of tables.entries()) {
      const constrained = ask(`table ${index}`, {
        grammar: toGrammar(fields, shape),
        temperature: 1.5,
        max_tokens: 1500,
        seed: index,
      })
      const output = parseJson((await answer(constrained)).text)
      expect(validateOutput(fields, isJsonObject(output) ? output : {}).problems).toEqual([])
    }
  }, 120_000)

  test('a reply that nobody waits for stops, and the next one comes', async () => {
    const stop = new AbortController()
    const long = client.generate(ask('cut', { grammar: 'root ::= [a-z ]{2000}', max_tokens: 2000 }), stop.signal)
    await expect(async () => {
      for await (const item of long) if ('text' in item) stop.abort(new Error('barge-in'))
    }).rejects.toThrow('barge-in')
    expect((await answer(ask('cut'))).text).not.toBe('')
  })

  test('conversations at the same time each get their own answer', async () => {
    const about = (letter: string) => ask(letter, { grammar: `root ::= "${letter}"{9}` })
    const letters = ['p', 'q', 'r']
    const replies = await Promise.all(letters.map((letter) => answer(about(letter))))
    expect(replies.map(({ text }) => text)).toEqual(letters.map((letter) => letter.repeat(9)))
  })

  test('a prompt that fits nowhere is told as such', async () => {
    const prompt = { role: 'system', content: 'Be kind. '.repeat(2000) } as const
    const long = ask('long', { messages: [prompt, hello], longest_context: 2048 })
    await expect(answer(long)).rejects.toThrow(/prompt is too long .* has \d+ tokens, and 2048 have to hold it/)
  })

  test('what stays in view is not read again, neither when turns are forgotten nor when the conversation outgrows its context', async () => {
    const turns = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
        content: `This is what was said in turn ${index}, and it was not short at all.`,
      }))
    const read = async (conversation: string, count: number, longest_context: number) => {
      const usage = await answer(ask(conversation, { messages: [system, ...turns(count)], longest_context, max_tokens: 3 }))
      expect(usage.prompt_tokens).toBeLessThan(longest_context)
      return (usage.prompt_tokens ?? 0) - (usage.cached_tokens ?? 0)
    }
    for (const [conversation, longest_context] of [
      ['forgets', 2048],
      ['grows', 4096],
    ] as const) {
      expect(await read(conversation, 61, longest_context)).toBeGreaterThan(1000)
      for (let count = 63; count < 83; count += 4) expect(await read(conversation, count, longest_context)).toBeLessThan(250)
    }
  })

  test('an unknown model is named with those that are there', async () => {
    await expect(answer(ask('a', { model: 'gpt-9' }))).rejects.toThrow(GGUF)
  })

  test('killed while it writes, the next one answers', async () => {
    engine.child.kill('SIGKILL')
    await engine.ended
    const waiting = answer(ask('after'))
    engine = await startEngine('llm', engine.address, models_dir)
    expect((await waiting).text).not.toBe('')
  })

  test('a second model is loaded when it is asked for, and one that is broken is told as such', async () => {
    const dir = await folder()
    await mkdir(join(dir, 'llm', 'other-135m'), { recursive: true })
    await mkdir(join(dir, 'llm', 'broken'), { recursive: true })
    await symlink(join(models_dir ?? '', 'llm', `${GGUF}.gguf`), join(dir, 'llm', 'other-135m', 'model.gguf'))
    await symlink(join(models_dir ?? '', 'llm', `${GGUF}.gguf`), join(dir, 'llm', `${GGUF}.gguf`))
    await writeFile(join(dir, 'llm', 'broken', 'model.gguf'), 'GGUF, or is it a text of some length?')
    const whole = await readFile(join(models_dir ?? '', 'llm', `${GGUF}.gguf`))
    await writeFile(join(dir, 'llm', 'cut.gguf'), whole.subarray(0, 5_000_000))
    const two = await startEngine('llm', await newAddress(), dir)
    const other = connectEngine(two.address)
    onTestFinished(() => {
      other.close()
      two.child.kill()
    })
    const from = async (model: string) => {
      let text = ''
      for await (const item of other.generate(ask(model, { model }))) if ('text' in item) text += item.text
      return text
    }
    const [a, b] = await Promise.all([from('other-135m'), from(GGUF)])
    expect(a).toBe(b)
    await expect(from('broken')).rejects.toThrow(/"broken" cannot be loaded \(its GGUF version/)
    await expect(from('cut')).rejects.toThrow(/"cut" cannot be loaded/)
    expect(await from('other-135m')).toBe(a)
  })
})
