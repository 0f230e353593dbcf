/** A published archive of livekit-server for one platform. */
export type ServerRelease = Readonly<{
  version: string
  /** Name of the archive. */
  file: string
  sha256: string
  /** Absent: asked of the server before the download. */
  bytes?: number
  /** Where it is published: an address of a folder. */
  from: string
}>

const VERSION = '1.13.5'
const FROM = `https://github.com/livekit/livekit/releases/download/v${VERSION}/`

const release = (platform: string, sha256: string, bytes?: number): ServerRelease => ({
  version: VERSION,
  file: `livekit_${VERSION}_${platform}`,
  sha256,
  ...(bytes !== undefined && { bytes }),
  from: FROM,
})

/** By `process.platform` and `process.arch`; the hashes are those of the release's own checksums.txt. Nothing is published for macOS. */
export const SERVER_RELEASES: Readonly<Record<string, ServerRelease>> = {
  'linux-x64': release('linux_amd64.tar.gz', 'c020fac437b7cc9b776eef1ad5ea8af77be9acfa07602eca20a3a44930dfbc70', 18_064_127),
  'linux-arm64': release('linux_arm64.tar.gz', '332015305518765fe05bad74fc3a9d9583e635e7dd130de3c4fc563d69c550f3', 16_349_520),
  'linux-arm': release('linux_armv7.tar.gz', '6dceb15fec3b2b90a67615acff7f92a48a901408f31c74f3d290a7d4277f76bd'),
  'win32-x64': release('windows_amd64.zip', '3ec7eaa76ef64063bf21f78364733703e0969612cb92ffd60661ed45fa4a8906'),
  'win32-arm64': release('windows_arm64.zip', '9a0facddf31346f22854a1beaeaaa2c623c165078c54765115b249d771eb0b66'),
}
