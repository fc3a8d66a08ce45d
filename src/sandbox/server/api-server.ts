import { Complaint } from '../http/api-error.ts'
import { refused } from '../http/envelope.ts'
import { Refusal } from '../http/reply.ts'
import { webPage } from '../http/web-page.ts'
import { signedIn } from './sign-in.ts'
import type { Door } from './virtual-host.ts'

/** The API server: user name and password with every request, XML, and errors inside HTTP 200. */
export const apiServer: Door = {
  admit: signedIn,
  missing: () => webPage(404, 'Not Found'),
  wrongMethod: (_, allowed) => webPage(405, 'Method Not Allowed', { allow: allowed.join(', ') }),
  answerTo: (error, { knobs }, visit) => {
    if (error instanceof Refusal) return error.reply
    if (!(error instanceof Complaint)) return undefined
    const wrong = error.code === 'INVALID_CREDENTIALS'
    const reply = refused(visit, error, wrong ? knobs.saqLoginStatus : 200)
    return wrong && knobs.saqLoginStatus === 401
      ? { ...reply, headers: { 'www-authenticate': 'Basic realm="Qualys"' } }
      : reply
  },
}
