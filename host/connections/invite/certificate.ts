import { X509Certificate } from 'node:crypto'
import { generate } from 'selfsigned'

export type Certificate = Readonly<{ key: string; cert: string; fingerprint: string }>

const DAY_MS = 86_400_000

/** For one listener at one address; made anew each time, and its key is never written anywhere. */
export async function createCertificate(address: string, now: number): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: 'Greenroom' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: address }] },
    ],
  })
  return { key: made.private, cert: made.cert, fingerprint: new X509Certificate(made.cert).fingerprint256 }
}
