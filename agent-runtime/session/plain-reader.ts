import type { OutputReader, OutputReaderEvent } from '../../core/output/output-reader.ts'

/** The reader of an agent without fields: its words are the reply, and none waits to see whether it is JSON. */
export function createPlainReader({ spoken_field: field }: { spoken_field: string }): OutputReader {
  let raw = ''
  return {
    push(text) {
      const started: OutputReaderEvent[] = raw === '' ? [{ type: 'field.started', field }] : []
      raw += text
      return [...started, { type: 'field.delta', field, text }]
    },
    end: () => [
      ...(raw === '' ? [] : [{ type: 'field.done' as const, field, value: raw }]),
      { type: 'object.done', output: raw === '' ? {} : { [field]: raw }, raw, parse: 'plain' },
    ],
  }
}
