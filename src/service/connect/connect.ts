import type { Readable, Writable } from 'node:stream'
import type { Settings } from '../../config/settings.ts'
import { type Clock, systemClock } from '../../shared/clock.ts'
import type { Log } from '../../shared/log.ts'
import type { ClientConnection } from '../../tools/server/stdio.ts'
import { issuerDocuments } from '../outbound/issuer-documents.ts'
import { openWeb } from '../outbound/web.ts'
import { openConnection } from './connection.ts'
import { deliverBy } from './delivery.ts'
import { ServiceSide } from './service-side.ts'
import { openLoginStore } from './tokens/login-store.ts'
import { LoginTokens } from './tokens/login-tokens.ts'
import { postFormBy } from './tokens/token-request.ts'
import { fileTokens, noTokens, type OnTokens, type TokenSource } from './tokens/token-source.ts'

/** What connects a client here with a service there. */
export interface ConnectOptions {
  readonly url: URL
  readonly settings: Settings
  /** The file with the token, or the client id to log in with; neither for a service that needs no token. */
  readonly tokenFile: string | undefined
  readonly clientId: string | undefined
  /** Logins are kept here. */
  readonly stateDir: string
  readonly input: Readable
  readonly output: Writable
  /** Tells the person how to log in. Never over `output`. */
  readonly announce: (sentence: string) => void
  readonly onTokens: OnTokens
  readonly log: Log
  readonly clock?: Clock
  /** Epoch, in ms. */
  readonly now?: () => number
}

/** Connects a client over two pipes with a service over HTTP. Throws a SettingsError for a token file that cannot be used. */
export function connectClient(options: ConnectOptions): ClientConnection {
  const { url, settings, tokenFile, clientId, stateDir, announce, onTokens, log } = options
  const { clock = systemClock, now = Date.now } = options
  const web = openWeb(settings)
  const ending = new AbortController()
  const login =
    clientId === undefined
      ? undefined
      : new LoginTokens({
          url,
          clientId,
          store: openLoginStore(stateDir, { url, clientId, log }),
          fetchJson: issuerDocuments(settings),
          postForm: postFormBy(web),
          clock,
          now,
          announce,
          onTokens,
          log,
          signal: ending.signal,
        })
  const tokens: TokenSource = login ?? (tokenFile === undefined ? noTokens : fileTokens(tokenFile, onTokens))
  const callTimeoutMs = settings.callTimeoutSeconds * 1000
  const deliver = deliverBy({ url, web, tokens, clock, log, callTimeoutMs })
  const service = new ServiceSide(deliver, { url, tokenAdvice: tokens.advice })
  const connection = openConnection({ input: options.input, output: options.output, service, log })
  // The first request would wait for the person, and its client might give up.
  if (login?.isEmpty) service.prepare(ending.signal).catch(() => undefined)
  return {
    ...connection,
    close: async () => {
      await connection.close()
      ending.abort(new Error('qualys-mcp ends'))
      await web.close()
    },
  }
}
