import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { askRunningHost } from './run-file.ts'
import { serveTestStudio } from './testing/serve-test-studio.ts'

let server: Awaited<ReturnType<typeof serveTestStudio>>
let cookie: string
beforeAll(async () => {
  server = await serveTestStudio()
  cookie = await server.logIn()
})
afterAll(() => server.close())

/** What became of an upgrade: `open`, or the status it was refused with. */
async function outcome(socket: WebSocket): Promise<string> {
  const opened = once(socket, 'open').then(() => 'open')
  const refused = once(socket, 'unexpected-response').then(([, reply]: { statusCode?: number }[]) => String(reply?.statusCode))
  const result = await Promise.race([opened, refused])
  socket.on('error', () => undefined)
  socket.terminate()
  return result
}

describe('login', () => {
  test('a ticket works once, and its cookie cannot be read by scripts or sent by other sites', async () => {
    const path = server.studio.loginUrl().slice(server.studio.origin.length)
    const first = await server.ask('GET', path)
    expect([first.status, first.headers.location]).toEqual([303, '/'])
    const port = new URL(server.studio.origin).port
    expect(first.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^greenroom-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Max-Age=`),
    )
    expect((await server.ask('GET', path)).status).toBe(401)
    expect((await server.ask('GET', path, { cookie })).status).toBe(303)
    expect((await server.ask('GET', '/?token=guess')).status).toBe(401)
    expect((await server.ask('GET', '/?token=a&token=b')).status).toBe(401)
  })

  test('a browser without a login gets a page that says what to do, and nothing of the studio', async () => {
    const page = await server.ask('GET', '/', { accept: 'text/html' })
    expect([page.status, page.headers['content-type']]).toEqual([401, 'text/html; charset=utf-8'])
    expect(page.body).toMatch(/not logged in/)
    for (const path of ['/assets/index.js', '/files/download/x', '/index.html'])
      expect((await server.ask('GET', path)).status).toBe(401)
  })

  test('lasts over a restart, on the same port; the token of the command line does not', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'greenroom-login-'))
    const before = await serveTestStudio(dir)
    const kept = await before.logIn()
    await before.close()
    expect(await askRunningHost(dir)).toBeUndefined()
    const after = await serveTestStudio(dir)
    expect(after.studio.origin).toBe(before.studio.origin)
    expect((await after.post(kept, 'agent.list')).status).toBe(200)
    expect((await after.ask('POST', '/api/ticket', { authorization: `Bearer ${before.token}` })).status).toBe(401)
    expect(await askRunningHost(dir)).toMatch(/\?token=/)
    for (const file of ['login.json', 'host.json']) expect((await stat(join(dir, file))).mode & 0o077).toBe(0)
    await after.close()
    await writeFile(join(dir, 'login.json'), '{"port": "damaged')
    const third = await serveTestStudio(dir)
    expect((await third.post(kept, 'agent.list')).status).toBe(401)
    await third.close()
    await rm(dir, { recursive: true })
  })
})

describe('who may ask', () => {
  const evil = 'http://evil.example'
  const elsewhere = 'http://127.0.0.1:9'

  test.each([
    ['own page', 200, {}],
    ['no Origin at all', 403, { origin: undefined }],
    ['another site', 403, { origin: evil }],
    ['another port of this machine', 403, { origin: elsewhere }],
    ['localhost instead of the address', 403, { origin: 'http://localhost' }],
    ['a sandboxed page', 403, { origin: 'null' }],
    ['a name rebound to this machine', 403, { host: 'evil.example' }],
    ['no login', 401, { cookie: '' }],
    ['a login of another port', 401, { cookie: 'greenroom-9=x' }],
    ['a guessed login', 401, { cookie: 'guess' }],
    ['a wrong token', 401, { cookie: '', authorization: 'Bearer wrong' }],
  ])('an operation from %s: %i', async (_, status, changed) => {
    const port = new URL(server.studio.origin).port
    const headers = 'cookie' in changed && changed.cookie === 'guess' ? { cookie: `greenroom-${port}=guess` } : changed
    const all = { cookie, origin: server.studio.origin, 'content-type': 'application/json', ...headers }
    const sent = Object.fromEntries(Object.entries(all).filter((entry) => entry[1] !== undefined))
    expect((await server.ask('POST', '/api/op/agent.list', sent, '{}')).status).toBe(status)
  })

  test('the command line needs no Origin, and may not come from a page', async () => {
    const bearer = { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' }
    expect((await server.ask('POST', '/api/op/agent.list', bearer, '{}')).status).toBe(200)
    expect((await server.ask('POST', '/api/op/agent.list', { ...bearer, origin: evil }, '{}')).status).toBe(403)
    expect((await server.ask('POST', '/api/ticket', bearer, '{}')).status).toBe(200)
    expect((await server.post(cookie, '../ticket')).status).toBe(403)
  })

  test.each(['/events', '/events/sessions/01a1fe49-0000-7000-8000-000000000000', '/media/01a1fe49-0000-7000-8000-000000000000'])(
    'the socket %s opens for the own page alone',
    async (path) => {
      const own = { cookie, origin: server.studio.origin }
      expect(await outcome(server.socket(path, { ...own, origin: evil }))).toBe('403')
      expect(await outcome(server.socket(path, { ...own, origin: elsewhere }))).toBe('403')
      expect(await outcome(server.socket(path, { cookie }))).toBe('403')
      expect(await outcome(server.socket(path, { origin: server.studio.origin }))).toBe('401')
      expect(await outcome(server.socket(path, { ...own, host: 'evil.example' }))).toBe('403')
      expect(await outcome(server.socket(path, own))).toBe('open')
    },
  )

  test('there is no socket anywhere else', async () => {
    expect(await outcome(server.socket('/api/op/agent.list', { cookie, origin: server.studio.origin }))).toBe('404')
  })
})

describe('every answer', () => {
  test.each(['/', '/nowhere', '/files/download/x'])('%s carries the policy', async (path) => {
    for (const headers of [{}, { cookie }, { host: 'evil.example' }]) {
      const answer = await server.ask('GET', path, headers)
      expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/)
      expect(answer.headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      })
    }
  })

  test.each([
    ['broken JSON', '{"q":', {}, 'malformed', 400],
    ['a prototype', '{"__proto__":{"x":1}}', {}, 'malformed', 400],
    ['a wrong input', '{"limit":0}', {}, 'malformed', 400],
    ['another kind of content', 'q=1', { 'content-type': 'text/plain' }, 'unsupported', 415],
    ['too much', `{"q":"${'x'.repeat(5_000_000)}"}`, {}, 'too_large', 413],
    ['a job id that is none', '{}', { 'x-job-id': 'one' }, 'malformed', 400],
    ['what is nested too deeply', `{"q":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, {}, 'malformed', 400],
  ])('%s is refused in the one body', async (_, body, headers, code, status) => {
    const answer = await server.post(cookie, 'agent.list', body, headers)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code, message: expect.any(String), hint: expect.any(String), request_id: expect.any(String) },
    })
  })

  test.each(['/%', '/assets/%c0%ae%c0%ae/x', `/api/op/${'a'.repeat(5000)}`])(
    'an address that is none (%.20s) too',
    async (path) => {
      const answer = await server.ask('GET', path, { cookie })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'/)
      // A name too long for a file is no file where no page is built, and no name at all where one is.
      const { error } = JSON.parse(answer.body)
      expect(error).toMatchObject({ code: expect.stringMatching(/^(malformed|not_found)$/), request_id: expect.any(String) })
    },
  )

  test('what is not HTTP is told so, and closed', async () => {
    const socket = connect(Number(new URL(server.studio.origin).port), '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n')
    const [head, body = ''] = (await text(socket)).split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 400 /)
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'malformed', request_id: expect.any(String) } })
  })

  test('files outside the page are not there', async () => {
    for (const path of ['/..%2f..%2fpackage.json', '/../package.json', '/%2e%2e/%2e%2e/package.json', '/.env']) {
      const { status, body } = await server.ask('GET', path, { cookie })
      expect(status).toBeGreaterThanOrEqual(400)
      expect(body).not.toContain('"dependencies"')
    }
  })
})

describe('events', () => {
  test('hello first, then what others do', async () => {
    const socket = server.socket('/events', { cookie, origin: server.studio.origin })
    const heard: unknown[] = []
    const changed = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        heard.push(JSON.parse(data.toString()))
        if (heard.length === 2) resolve()
      })
    })
    await once(socket, 'open')
    await server.post(cookie, 'agent.create', JSON.stringify({ source: { kind: 'blank' }, name: 'Heard' }))
    await changed
    expect(heard).toMatchObject([{ type: 'hello' }, { type: 'agent.changed', agent: { agent_id: 'heard' } }])
    socket.terminate()
  })

  test('a window that takes nothing is dropped, and the studio goes on', async () => {
    await server.post(cookie, 'agent.create', JSON.stringify({ source: { kind: 'blank' }, agent_id: 'large' }))
    const socket = server.socket('/events', { cookie, origin: server.studio.origin })
    await once(socket, 'open')
    const closed = once(socket, 'close')
    socket.pause()
    for (let edit = 0; edit < 24; edit += 1) {
      const content = { description: 'x'.repeat(1_000_000) }
      const typed = await server.post(
        cookie,
        'agent.edit',
        JSON.stringify({ agent_id: 'large', content, based_on: 1, edit, client_id: 'w' }),
      )
      expect(typed.status).toBe(200)
    }
    socket.resume()
    expect((await closed)[0]).toBe(1006)
    await server.post(cookie, 'agent.delete', JSON.stringify({ agent_id: 'large' }))
  })

  test('a call that is not there closes its stream', async () => {
    const socket = server.socket('/events/sessions/01a1fe49-0000-7000-8000-000000000000', {
      cookie,
      origin: server.studio.origin,
    })
    expect((await once(socket, 'close'))[0]).toBe(4404)
    expect(await outcome(server.socket('/events/sessions/x?seq=a', { cookie, origin: server.studio.origin }))).toBe('400')
  })
})

describe('files', () => {
  const raw = () => ({ cookie, origin: server.studio.origin, 'content-type': 'application/octet-stream' })

  test('an upload is named, and a download comes once', async () => {
    const { status, body } = await server.ask('POST', '/files/import', raw(), Buffer.from('not a bundle'))
    expect(status).toBe(200)
    const { upload_id } = JSON.parse(body)
    const preview = await server.post(cookie, 'bundle.preview', JSON.stringify({ from: { kind: 'upload', upload_id } }))
    expect(JSON.parse(preview.body).error.code).not.toBe('internal')
    await server.post(cookie, 'agent.create', JSON.stringify({ source: { kind: 'blank' }, agent_id: 'out' }))
    const out = await server.post(cookie, 'bundle.export', JSON.stringify({ agent_id: 'out', to: { kind: 'download' } }))
    const { download_path } = JSON.parse(out.body)
    const file = await server.ask('GET', download_path, { cookie })
    expect([file.status, file.body.slice(0, 2), file.headers['content-disposition']]).toEqual([
      200,
      'PK',
      expect.stringMatching(/^attachment; .*out/),
    ])
    expect((await server.ask('GET', download_path, { cookie })).status).toBe(404)
  })

  test('more than the limit is refused, whatever length was claimed', async () => {
    const large = Buffer.alloc(65 * 1024 * 1024)
    const answer = await server
      .ask('POST', '/files/import', { ...raw(), 'transfer-encoding': 'chunked' }, large)
      .catch(() => undefined)
    if (answer) expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'too_large' } })
    expect((await server.post(cookie, 'agent.list')).status).toBe(200)
  })
})
