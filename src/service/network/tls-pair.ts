import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { readSecretFile, UnusableFileError } from '../../config/secret-file.ts'
import { SettingsError } from '../../shared/errors.ts'

/** Where the certificate and its key are. */
export interface TlsFiles {
  readonly certFile: string
  readonly keyFile: string
}

/** A certificate and its key, in PEM. */
export interface TlsPair {
  readonly cert: string
  readonly key: string
  /** When the certificate ends: epoch, in ms. */
  readonly endsAt: number
}

/** More than any chain of certificates; a larger file was named by mistake. */
const maxCertBytes = 256 * 1024

const aboutCert = (fault: string): SettingsError =>
  new SettingsError(`The file that QUALYS_TLS_CERT_FILE names ${fault}.`)
const aboutKey = (fault: string): SettingsError =>
  new SettingsError(`The file that QUALYS_TLS_KEY_FILE names ${fault}.`)

function readCert(path: string): string {
  try {
    const stats = statSync(path)
    // Reading a pipe would wait for ever.
    if (stats.isFile() && stats.size <= maxCertBytes) return readFileSync(path, 'utf8')
  } catch {
    throw aboutCert('cannot be read: check the path and its permissions')
  }
  throw aboutCert('is no regular file of at most 256 KiB: name the PEM file of the certificate')
}

function readKey(path: string): string {
  try {
    return readSecretFile(path, 'many')
  } catch (error) {
    if (!(error instanceof UnusableFileError)) throw error
    throw aboutKey(`${error.message}: ${error.next}`)
  }
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]*(?:-----END CERTIFICATE-----)?/g

/** The certificate of the service, which is the first one of its file; the others must be certificates, too. */
function parseCert(pem: string): X509Certificate {
  const parts = pem.match(pemCertificate) ?? []
  try {
    const [first] = parts.map((part) => new X509Certificate(part))
    if (first) return first
  } catch {
    throw aboutCert('holds a damaged certificate: write all of it again, and those between it and the CA')
  }
  throw aboutCert(
    'holds no certificate in PEM: write that of this service, and then those between it and the CA',
  )
}

function parseKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw aboutKey(
      /ENCRYPTED/.test(pem)
        ? 'holds a key with a passphrase, which nobody is there to type: write it without one (openssl pkey -in FILE -out NEW)'
        : 'holds no private key in PEM: write that of the certificate',
    )
  }
}

/** A time as the operator reads it, to the minute. */
export const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16)}Z`

function refuseWrongTime(cert: X509Certificate, now: number): void {
  if (Date.parse(cert.validTo) <= now)
    throw aboutCert(`holds a certificate that ended at ${timeText(Date.parse(cert.validTo))}: renew it`)
  if (Date.parse(cert.validFrom) > now)
    throw aboutCert(
      `holds a certificate that begins only at ${timeText(Date.parse(cert.validFrom))}: check the clock of this machine`,
    )
}

/** Reads the two files. Throws a SettingsError if clients would refuse what they hold. `now`: epoch, in ms. */
export function readTlsPair({ certFile, keyFile }: TlsFiles, now: number): TlsPair {
  const cert = readCert(certFile)
  const key = readKey(keyFile)
  const parsed = parseCert(cert)
  if (!parsed.checkPrivateKey(parseKey(key)))
    throw aboutCert(
      'begins with a certificate of another key than QUALYS_TLS_KEY_FILE names: take the two files that were made together',
    )
  refuseWrongTime(parsed, now)
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
    throw aboutCert(
      `holds what OpenSSL does not take (${code}): make a certificate with a key of today's size`,
    )
  }
  return { cert, key, endsAt: Date.parse(parsed.validTo) }
}
