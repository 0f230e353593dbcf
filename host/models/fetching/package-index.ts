import * as z from 'zod'
import { Refused, linkFrom, request } from '../../fetching/http-endpoint.ts'
import type { Endpoint } from '../../fetching/http-endpoint.ts'
import type { PackageFile } from '../../../core/local-models/curated-model.ts'

const ACCEPT = 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1'
/** A project's page is some kilobytes; more is something else. */
const MAX_PAGE = 20_000_000

const ProjectPage = z.object({ files: z.array(z.object({ filename: z.string(), url: z.string() })) })

/** Where a simple index (PEP 503, PEP 691) says that the file is; undefined when this is no index or it does not list the file. */
export async function indexedFile(
  index: Endpoint,
  { project, file }: Pick<PackageFile, 'project' | 'file'>,
  signal: AbortSignal,
): Promise<Endpoint | undefined> {
  const base = index.url.href.replace(/\/?$/, '/')
  const page: Endpoint = { url: new URL(`${project}/`, base), headers: { ...index.headers, accept: ACCEPT } }
  let response: Response
  try {
    response = await request(page, signal)
  } catch (cause) {
    if (cause instanceof Refused && cause.status === 404) return undefined
    throw cause
  }
  const body = await response.text()
  if (body.length > MAX_PAGE) return undefined
  const links = response.headers.get('content-type')?.includes('json') ? jsonLinks(body) : htmlLinks(body)
  const link = links.find(({ filename }) => filename === file)
  const from: Endpoint = { url: new URL(response.url), headers: sameOrigin(response.url, index) ? index.headers : {} }
  return link && linkFrom(from, link.url)
}

const sameOrigin = (address: string, { url }: Endpoint) => new URL(address).origin === url.origin

const jsonLinks = (body: string) => ProjectPage.parse(JSON.parse(body)).files

/** The text of each link is the file's name. */
function htmlLinks(body: string): { filename: string; url: string }[] {
  return Array.from(body.matchAll(/<a\s[^>]*?href\s*=\s*["']([^"']+)["'][^>]*>([^<]*)</gi), ([, url = '', text = '']) => ({
    filename: text.trim(),
    url: url.replaceAll('&amp;', '&'),
  }))
}
