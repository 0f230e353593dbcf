import { basename, dirname } from 'node:path'

/** A name for people from a path. A hub’s cache keeps a model under `models--owner--name/snapshots/<commit>`. */
export function nameOf(path: string): string {
  const clean = path.replace(/[\\/]+$/, '')
  const cached = /models--[^\\/]*?--([^\\/]+)[\\/]snapshots/.exec(clean)?.[1]
  const own = basename(clean).replace(/\.(gguf|onnx|onnx\.json)$/i, '')
  return cached ?? (own === '' ? basename(dirname(clean)) : own)
}

/** What a model is called in documents and on the disk: letters that every system and address takes. */
export function modelIdOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80)
  return slug === '' ? 'model' : slug
}
