import { statSync } from 'node:fs'
import type { SecureContextOptions } from 'node:tls'
import { dayMs } from '../../shared/clock.ts'
import { messageOf } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import { readTlsPair, type TlsFiles, type TlsPair, timeText } from './tls-pair.ts'

/** A server of node:tls. */
interface TlsServer {
  setSecureContext(options: SecureContextOptions): void
}

/** The certificate of the service, which follows its files. */
export interface Certificates {
  /** What a server begins with. */
  readonly options: () => SecureContextOptions
  /** Gives a server each new certificate, for the connections that come then. */
  readonly attach: (server: TlsServer) => void
  /** Why clients may soon be refused: the files cannot be used, or the certificate has ended. */
  readonly fault: () => string | undefined
  /** Reads the files at once, whether or not they have changed. */
  readonly reload: () => void
  /** Stops looking at the files. */
  readonly close: () => void
}

interface CertificateOptions extends TlsFiles {
  readonly log: Log
  /** Epoch, in ms. */
  readonly now?: () => number
  /** How often the files are looked at, in ms. */
  readonly intervalMs?: number
}

const warnBeforeMs = 14 * dayMs

/** Tells one state of a file from another; a renewal may rename files or links. */
function stateOf(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
    return [dev, ino, size, mtimeNs, ctimeNs].join(':')
  } catch (error) {
    return messageOf(error)
  }
}

/**
 * Reads certificate and key, and reads them again when they change. Throws a SettingsError if they cannot be used; later
 * on the ones before stay in use.
 */
export function openCertificates({
  certFile,
  keyFile,
  log,
  now = Date.now,
  intervalMs = 1_000,
}: CertificateOptions): Certificates {
  const stateOfFiles = (): string => `${stateOf(certFile)} ${stateOf(keyFile)}`
  const servers: TlsServer[] = []
  // Before they are read, so that a change meanwhile is seen.
  let seen = stateOfFiles()
  let tried = seen
  let pair: TlsPair = readTlsPair({ certFile, keyFile }, now())
  let fault: string | undefined
  let warnedAt = Number.NEGATIVE_INFINITY

  // Also the version is set again: a context without it would take that of Node's flags.
  const options = (): SecureContextOptions => ({ cert: pair.cert, key: pair.key, minVersion: 'TLSv1.2' })

  const warnOfEnd = (): void => {
    if (pair.endsAt - now() > warnBeforeMs || now() - warnedAt < dayMs) return
    warnedAt = now()
    log.warn({ endsAt: timeText(pair.endsAt) }, 'the certificate ends soon: renew it')
  }

  const reload = (): void => {
    try {
      pair = readTlsPair({ certFile, keyFile }, now())
      for (const server of servers) server.setSecureContext(options())
      fault = undefined
      warnedAt = Number.NEGATIVE_INFINITY
      log.info({ endsAt: timeText(pair.endsAt) }, 'the certificate was read again')
      warnOfEnd()
    } catch (error) {
      fault = messageOf(error)
      log.error({ error: fault }, 'the certificate is not replaced: the one before stays in use')
    }
  }

  const look = (): void => {
    const found = stateOfFiles()
    // Files that were changed since the last look may still be written, one after the other.
    const isAtRest = found === seen
    seen = found
    if (isAtRest && found !== tried) {
      tried = found
      reload()
    }
    warnOfEnd()
  }

  warnOfEnd()
  const timer = setInterval(look, intervalMs).unref()
  return {
    options,
    attach: (server) => void servers.push(server),
    fault: () =>
      fault ??
      (pair.endsAt <= now() ? `The certificate ended at ${timeText(pair.endsAt)}: renew it.` : undefined),
    reload,
    close: () => clearInterval(timer),
  }
}
