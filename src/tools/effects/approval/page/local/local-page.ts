import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Settings } from '../../../../../config/settings.ts'
import { SetupError } from '../../../../../shared/errors.ts'
import { factsOf, type Log } from '../../../../../shared/log.ts'
import { listCalls } from '../../pending/pending-calls.ts'
import { ifUsable } from '../../pending/pending-folder.ts'
import type { FoundCall } from '../../pending/stored-call.ts'
import type { LoggedDecision, PageApp } from '../contract.ts'
import { pageApp } from '../page-app.ts'
import type { Passkeys } from '../passkeys/passkeys.ts'
import { openPath } from '../safety/checks.ts'
import { type Desktop, hasScreen, openInBrowser, snapReadableFolder } from './browser.ts'
import { answerRequest } from './exchange.ts'
import { handOverFiles } from './hand-over.ts'
import { keyAuthority, makePageKey } from './key-authority.ts'
import { type Listen, type LoopbackServer, listenOnLoopback } from './listener.ts'
import { type LookUp, requireLoopbackName } from './loopback-name.ts'

/** How long the page stays when nothing waits and nobody looks, in ms. */
const idleMs = 60_000
/** How often that is looked at. */
const checkMs = 10_000

export interface LocalPageOptions {
  readonly settings: Pick<Settings, 'pagePort' | 'openBrowser' | 'passkeyFor'>
  readonly stateDir: string
  readonly passkeys: Passkeys
  /** The last decisions, newest first; absent without an audit log. */
  readonly decisions?: (() => Promise<readonly LoggedDecision[]>) | undefined
  readonly log: Log
  readonly desktop: Desktop
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  readonly lookUp?: LookUp
  readonly listen?: Listen
  readonly wait?: (ms: number) => Promise<unknown>
  /** Calls again and again until the returned function is called. */
  readonly every?: (ms: number, call: () => void) => () => void
}

/** The approval page of a process on loopback. It starts when it is first needed, and ends when nothing waits. */
export interface LocalPage {
  /** Starts it if need be, and returns the address for a code. Throws a SetupError where it cannot be started. */
  readonly start: () => Promise<(code: string) => string>
  /** The address of a request, which carries the right to read it. */
  readonly linkFor: (code: string) => Promise<string>
  /** The address with the page key: for the window of a client, never for a model. */
  readonly keyLinkFor: (code: string) => Promise<string>
  /** Opens a request, with the right to decide, in the browser of this machine; true if a browser was started. */
  readonly openInBrowser: (code: string) => Promise<boolean>
  /** Opens the page of passkeys, with the right to add one; `person`: whose. True if a browser was started. */
  readonly openPasskeys: (person?: string) => Promise<boolean>
  /** Every origin at which it was served: signatures that were made there count. */
  readonly origins: () => readonly string[]
  readonly close: () => Promise<void>
}

/** A page that is served. */
interface Served {
  readonly origin: string
  readonly server: LoopbackServer
  readonly stopChecking: () => void
}

const everyFew = (ms: number, call: () => void): (() => void) => {
  const timer = setInterval(call, ms).unref()
  return () => clearInterval(timer)
}

/** The port of the newest waiting call that has a link to a page on loopback. */
function portOfLinks(waiting: readonly FoundCall[]): number | undefined {
  return waiting
    .flatMap(({ link = '' }) => Number(/^http:\/\/localhost:(\d{1,5})\//.exec(link)?.[1] ?? []))
    .find((port) => port > 1023)
}

/** Nothing is opened before it is needed. */
export function openLocalPage(options: LocalPageOptions): LocalPage {
  const { settings, stateDir, passkeys, decisions, log, desktop, clock: now = Date.now, wait } = options
  const key = makePageKey()
  const snapFolder = snapReadableFolder(desktop)
  const files = handOverFiles(snapFolder ?? stateDir, { isOwn: snapFolder !== undefined })
  const origins = new Set<string>()
  /** The codes whose address was given to somebody. */
  const linkedCodes = new Set<string>()
  let served: Promise<Served> | undefined
  let current = ''
  let usedAt = now()
  let isClosed = false

  const app: PageApp = pageApp({
    settings,
    stateDir,
    origin: () => current,
    rpId: () => 'localhost',
    authority: keyAuthority(key),
    passkeys,
    decisions,
    log,
    clock: now,
    ...(wait && { wait }),
  })

  /** The file of a page that a browser has opened is of no use any more. */
  const handle: PageApp['handle'] = async (request) => {
    const response = await app.handle(request)
    const isOpened = request.path === openPath && request.method === 'POST' && response.status === 200
    if (isOpened) files.remove(new URLSearchParams(request.body.toString('utf8')).get('file') ?? '')
    return response
  }

  const onRequest = (req: IncomingMessage, res: ServerResponse): void => {
    usedAt = now()
    answerRequest({ handle }, current, req, res).catch((error: unknown) => {
      log.error(factsOf(error), 'a request to the approval page was not answered')
      res.destroy()
    })
  }

  /** The calls that wait, newest first. */
  const waiting = (): readonly FoundCall[] =>
    (ifUsable(() => listCalls(stateDir, now())) ?? []).filter(({ state }) => state === 'pending')

  /** True while a call waits for a person who was told of this page. */
  const isAwaited = (origin: string): boolean =>
    waiting().some(({ link, code }) => linkedCodes.has(code) || link?.startsWith(`${origin}/`) === true)

  const end = async (): Promise<void> => {
    const ending = served
    served = undefined
    files.removeAll()
    const page = await ending?.catch(() => undefined)
    page?.stopChecking()
    await page?.server.close()
  }

  const endIfIdle = (origin: string): void => {
    if (now() - usedAt < idleMs || isAwaited(origin)) return
    log.debug({}, 'the approval page ends, since nothing waits')
    void end()
  }

  const listenAt = (port: number): Promise<LoopbackServer> =>
    listenOnLoopback({ port, onRequest, log, ...(options.listen && { listen: options.listen }) })

  /** The port of links that were given out before this process began: they work again, if it is free. */
  const listenAgain = async (): Promise<LoopbackServer> => {
    const port = settings.pagePort === 0 ? portOfLinks(waiting()) : undefined
    try {
      return await listenAt(port ?? settings.pagePort)
    } catch (error) {
      if (port === undefined || !(error instanceof SetupError)) throw error
      return listenAt(0)
    }
  }

  const begin = async (): Promise<Served> => {
    await requireLoopbackName(options.lookUp)
    const server = await listenAgain()
    const { origin } = new URL(`http://localhost:${server.port}`)
    current = origin
    origins.add(origin)
    log.info({ port: server.port }, 'the approval page is open')
    const stopChecking = (options.every ?? everyFew)(checkMs, () => endIfIdle(origin))
    return { origin, server, stopChecking }
  }

  const serve = async (): Promise<string> => {
    if (isClosed) throw new SetupError('There is no approval page: the program ends.', 'Start it again.')
    usedAt = now()
    served ??= begin()
    const starting = served
    try {
      return (await starting).origin
    } catch (error) {
      // The next call tries again.
      if (served === starting) served = undefined
      throw error
    }
  }

  /** Opens what was written or named by this program, unless the operator wants none of it. */
  const openWith = async (work: () => Promise<boolean>): Promise<boolean> => {
    if (settings.openBrowser === 'never') return false
    try {
      return await work()
    } catch (error) {
      if (error instanceof SetupError) throw error
      log.warn(factsOf(error), 'the approval page could not be opened in a browser')
      return false
    }
  }

  const openOwn = (path: string, person?: string): Promise<boolean> =>
    openWith(async () => {
      // No file with the key is written for nobody.
      if (!hasScreen(desktop)) return false
      const origin = await serve()
      const isOpened = await openInBrowser(desktop, files.write({ origin, key: key.text, path, person }))
      if (!isOpened) files.removeAll()
      return isOpened
    })

  const linkTo = (origin: string, code: string): string => {
    linkedCodes.add(code)
    return `${origin}/approve/${code}`
  }
  return {
    start: async () => {
      const origin = await serve()
      return (code) => linkTo(origin, code)
    },
    linkFor: async (code) => linkTo(await serve(), code),
    keyLinkFor: async (code) => `${linkTo(await serve(), code)}?key=${key.text}`,
    openInBrowser: (code) => {
      linkedCodes.add(code)
      return openOwn(`/approve/${code}`)
    },
    openPasskeys: (person) => openOwn('/passkeys', person),
    origins: () => [...origins],
    close: async () => {
      isClosed = true
      await end()
    },
  }
}
