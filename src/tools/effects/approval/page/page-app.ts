import { setTimeout as sleep } from 'node:timers/promises'
import { QualysError } from '../../../../shared/errors.ts'
import { factsOf } from '../../../../shared/log.ts'
import { approveCall, declineCall, findCall, listCalls } from '../pending/pending-calls.ts'
import type { CallStore, PageApp, PageOptions, PageRequest, PageResponse } from './contract.ts'
import { noticePage } from './html/notice-view.ts'
import { script } from './html/script.ts'
import { style } from './html/style.ts'
import { decideCall, showCall } from './routes/calls.ts'
import type { PageContext, Visit } from './routes/context.ts'
import { showDecisions, showWaiting } from './routes/lists.ts'
import { openPage } from './routes/open.ts'
import { approveByPasskey } from './routes/passkey-approval.ts'
import { passkeyRoutes } from './routes/passkeys.ts'
import { isForScript, openPath, requestFault } from './safety/checks.ts'
import { postedFields } from './safety/fields.ts'
import { formTokens } from './safety/form-token.ts'
import { jsonResponse, pageResponse, withSafety } from './safety/headers.ts'
import { wrongCodes } from './safety/wrong-codes.ts'

/** A route; `code` is that of its path, if it has one. */
type Route = (visit: Visit, code: string) => Promise<PageResponse>

/** The routes of one path, by method. */
interface Routes {
  readonly GET?: Route
  readonly POST?: Route
}

const file = (type: string, body: string): PageResponse => ({
  status: 200,
  headers: { 'content-type': `${type}; charset=utf-8` },
  body,
})

/** Without a viewer: they are the same for everybody. */
const files: Readonly<Record<string, PageResponse>> = {
  '/page.css': file('text/css', style),
  '/page.js': file('text/javascript', script),
}

const notice = (status: number, title: string, text: string): PageResponse =>
  pageResponse(status, noticePage(title, text))

/** A notice, or the same for the script. */
const refused = ({ method, path }: PageRequest, status: number, title: string, text: string): PageResponse =>
  method === 'POST' && isForScript(path) ? jsonResponse(status, { error: text }) : notice(status, title, text)

function wrongMethod(methods: readonly string[]): PageResponse {
  const page = notice(405, 'This is not answered', 'A page is read by GET, and its forms are sent by POST.')
  const allowed = methods.includes('GET') ? ['HEAD', ...methods] : methods
  return { ...page, headers: { ...page.headers, allow: allowed.join(', ') } }
}

const storeOf = ({ stateDir, clock = Date.now }: PageOptions): CallStore => ({
  find: (code) => findCall(stateDir, code, clock()),
  list: () => listCalls(stateDir, clock()),
  approve: (digest, approval) => approveCall(stateDir, digest, approval, clock()),
  decline: (digest, declined) => declineCall(stateDir, digest, declined, clock()),
})

/** A code as a person may type it; what is longer is none. */
const codePath = /^\/approve\/([A-Za-z\d-]{1,32})(\/passkey)?$/

function routesOf(context: PageContext): (path: string) => readonly [Routes, code: string] | undefined {
  const passkeys = passkeyRoutes(context)
  const call: Routes = {
    GET: (visit, code) => showCall(context, visit, code),
    POST: (visit, code) => decideCall(context, visit, code),
  }
  const signature: Routes = { POST: (visit, code) => approveByPasskey(context, visit, code) }
  const showPasskeys: Route = (visit) => passkeys.show(visit)
  const lists: Readonly<Record<string, Routes>> = {
    '/waiting': { GET: (visit) => showWaiting(context, visit), POST: (visit) => showWaiting(context, visit) },
    '/decisions': {
      GET: (visit) => showDecisions(context, visit),
      POST: (visit) => showDecisions(context, visit),
    },
    '/passkeys': { GET: showPasskeys, POST: showPasskeys },
    '/passkeys/options': { POST: passkeys.begin },
    '/passkeys/add': { POST: passkeys.add },
    [openPath]: { POST: (visit) => openPage(context, passkeys, visit) },
  }
  return (path) => {
    const [, code, isSignature] = codePath.exec(path) ?? []
    if (code !== undefined) return [isSignature === undefined ? call : signature, code]
    const routes = Object.hasOwn(lists, path) ? lists[path] : undefined
    return routes && [routes, '']
  }
}

/** The approval page: the same for the server on loopback and for the service (design 13). */
export function pageApp(options: PageOptions): PageApp {
  const {
    authority,
    origin,
    log,
    clock: now = Date.now,
    wait = (ms) => sleep(ms, undefined, { ref: false }),
  } = options
  const context: PageContext = {
    options,
    store: options.store ?? storeOf(options),
    tokens: formTokens(now),
    wrongCode: wrongCodes({ now, wait }),
    now,
  }
  const find = routesOf(context)

  const answer = async (request: PageRequest): Promise<PageResponse> => {
    const fault = requestFault(request, origin())
    if (fault?.status === 405) return wrongMethod(['GET', 'POST'])
    if (fault) return refused(request, fault.status, 'This is not answered', fault.sentence)
    const isPost = request.method === 'POST'
    const known = Object.hasOwn(files, request.path) ? files[request.path] : undefined
    if (known && !isPost) return known
    const [routes, code] = find(request.path) ?? []
    const route = isPost ? routes?.POST : routes?.GET
    if (routes && !route) return wrongMethod(Object.keys(routes))
    if (!route) return notice(404, 'There is no such page', 'The address is wrong.')
    const { fields, values } = isPost ? postedFields(request) : { fields: new URLSearchParams(), values: {} }
    const viewer = await authority.viewerOf(request, isPost ? fields : undefined)
    if ('response' in viewer) return viewer.response
    return route({ request, viewer, fields, values }, code ?? '')
  }

  /** Errors for which somebody can do something say what; others are in the log alone. */
  const answerAnyhow = async (request: PageRequest): Promise<PageResponse> => {
    try {
      return await answer(request)
    } catch (error) {
      log.error(factsOf(error), 'the approval page could not answer a request')
      return error instanceof QualysError
        ? refused(request, 503, 'The page cannot be shown', `${error.message} ${error.next}`)
        : refused(request, 500, 'The page cannot be shown', 'The log of the server says why.')
    }
  }

  return { handle: async (request) => withSafety(await answerAnyhow(request)) }
}
