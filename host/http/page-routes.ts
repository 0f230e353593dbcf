import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { StudioError } from '../../core/contract/errors.ts'
import { LOGIN_LIFETIME_MS, type Login } from './login.ts'
import type { OriginGuard } from './origin-guard.ts'

type PageDeps = Readonly<{ renderer_dir: string; login: Login; guard: OriginGuard }>

/** The page's files, for browsers that are logged in; `/?token=…` logs one in. */
export async function pageRoutes(app: FastifyInstance, { renderer_dir, login, guard }: PageDeps): Promise<void> {
  app.get<{ Querystring: { token?: string | string[] } }>('/', async (request, reply) => {
    const { token } = request.query
    if (typeof token === 'string') {
      const value = await login.redeem(token)
      if (value !== undefined) return reply.header('set-cookie', cookie(guard.cookieName(), value)).redirect('/', 303)
      if (guard.isLoggedIn(request.raw)) return reply.redirect('/', 303)
      throw new StudioError('unauthorized', 'This link was used or is too old.', 'Start Greenroom again for a new one.')
    }
    guard.identify(request.raw)
    if (!existsSync(join(renderer_dir, 'index.html'))) throw notBuilt()
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
  await app.register(fastifyStatic, {
    root: renderer_dir,
    index: false,
    wildcard: true,
    cacheControl: false,
    dotfiles: 'deny',
    setHeaders: (reply, path) => {
      void reply.header('cache-control', isHashed(path) ? 'private, max-age=31536000, immutable' : 'no-cache')
    },
  })
}

/** Built files carry a hash of their content in their name. */
const isHashed = (path: string): boolean => /[/\\]assets[/\\]/.test(path)

const cookie = (name: string, value: string): string =>
  `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${Math.floor(LOGIN_LIFETIME_MS / 1000)}`

const notBuilt = (): StudioError =>
  new StudioError('unavailable', 'The page has not been built.', 'Run "npm run build", then reload.')
