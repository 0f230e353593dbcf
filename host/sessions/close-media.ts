import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { MEDIA_CLOSE } from '../../core/contract/media.ts'

/** RFC 6455, 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

const WHY = {
  unknown: { code: MEDIA_CLOSE.unknown, text: 'There is no such call.' },
  text: { code: MEDIA_CLOSE.unknown, text: 'A text call has no audio.' },
  ended: { code: MEDIA_CLOSE.ended, text: 'This call has ended.' },
} as const

/** A page cannot read the status of a refused upgrade, so the WebSocket is accepted and closed with a code that says why. */
export function closeMedia(headers: Readonly<Record<string, string>>, socket: Socket, why: keyof typeof WHY): void {
  const key = headers['sec-websocket-key']
  if (key === undefined) {
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    return
  }
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64')
  const { code, text } = WHY[why]
  const reason = Buffer.from(text)
  const frame = Buffer.alloc(4 + reason.length)
  frame.writeUInt8(0x88, 0)
  frame.writeUInt8(2 + reason.length, 1)
  frame.writeUInt16BE(code, 2)
  reason.copy(frame, 4)
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  socket.end(frame)
}
