import { ApiError } from '../http/api-error.ts'
import { errorEnvelope } from '../http/envelope.ts'
import { Refusal } from '../http/reply.ts'
import { webPage } from '../http/web-page.ts'
import { authenticate } from './api-authentication.ts'
import type { VirtualHost } from './virtual-host.ts'

/** The API server: user name and password with every request, XML, and errors inside HTTP 200. */
export const apiServer: VirtualHost = {
  authenticate,
  notFound: () => webPage(404, 'Not Found'),
  methodNotAllowed: (_, allowed) => webPage(405, 'Method Not Allowed', { allow: allowed.join(', ') }),
  replyToError: (error, { knobs }, request) => {
    if (error instanceof Refusal) return error.reply
    if (!(error instanceof ApiError)) return undefined
    const isLoginFailure = error.code === 'INVALID_CREDENTIALS'
    const reply = errorEnvelope(request, error, isLoginFailure ? knobs.saqLoginStatus : 200)
    return isLoginFailure && knobs.saqLoginStatus === 401
      ? { ...reply, headers: { 'www-authenticate': 'Basic realm="Qualys"' } }
      : reply
  },
}
