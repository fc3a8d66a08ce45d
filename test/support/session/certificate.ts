import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** One DER element. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts)
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text))
const yes = der(0x01, Buffer.from([0xff]))
const nameOf = (text: string): Buffer =>
  sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(text)))))
const alternative = (name: string): Buffer =>
  isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name))

/** A certificate with its key, and the means to sign others with it. */
export interface Certificate {
  readonly key: string
  readonly cert: string
  readonly authority: { readonly subject: string; readonly privateKey: KeyObject }
}

/** The content of a certificate: Node can make keys, but no certificates. */
export interface CertificateOptions {
  readonly subject?: string
  /** DNS names and IPv4 addresses; without any it is a certificate authority. */
  readonly names?: readonly string[]
  /** The issuer; self-signed if there is none. */
  readonly by?: Certificate
  /** `YYMMDD`: the last day of its validity. */
  readonly until?: string
}

let serial = 1

/** Issues a certificate. */
export function issueCertificate({
  subject = 'qualys-mcp test',
  names = [],
  by,
  until = '491231',
}: CertificateOptions): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = by?.authority ?? { subject, privateKey }
  const signing = !by || names.length === 0
  const extensions = sequence(
    sequence(oid('551d13'), yes, der(0x04, signing ? sequence(yes) : sequence())),
    ...(names.length > 0 ? [sequence(oid('551d11'), der(0x04, sequence(...names.map(alternative))))] : []),
  )
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([serial++])),
    ecdsaWithSha256,
    nameOf(issuer.subject),
    sequence(utcTime('200101000000Z'), utcTime(`${until}235959Z`)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, issuer.privateKey))
  const text = sequence(body, ecdsaWithSha256, signature).toString('base64')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${text.replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`,
    authority: { subject, privateKey },
  }
}

/** A self-signed certificate for these names. */
export const selfSigned = (...names: readonly string[]): Certificate => issueCertificate({ names })
