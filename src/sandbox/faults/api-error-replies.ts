import { ApiError, apiAccessDenied, wrongCredentials } from '../http/api-error.ts'
import { errorEnvelope, type RequestHead } from '../http/envelope.ts'
import type { Reply } from '../http/reply.ts'
import { webPage } from '../http/web-page.ts'
import type { Fault } from './faults.ts'

/**
 * A status and the API server's body for it: an envelope for statuses with a known one, otherwise an HTML
 * page.
 */
export function statusReply(status: number, head: RequestHead): Reply {
  const unknown = new ApiError('INVALID_REQUEST', 'Fault of the sandbox', 'Switch the fault off.')
  const errors: Readonly<Record<number, ApiError>> = {
    400: unknown,
    401: wrongCredentials(),
    403: apiAccessDenied(),
  }
  const error = errors[status]
  return error ? errorEnvelope(head, error, status) : webPage(status, 'Fault of the sandbox')
}

/** A code inside HTTP 200, as in most refusals of the API server (qualys-platform.md 4.3). */
export function errorInside(code: string, head: RequestHead): Reply {
  return errorEnvelope(head, { code, message: 'Fault of the sandbox', resolution: 'Switch the fault off.' })
}

/** Texts for the limit codes of appendix_d.htm, and for an account that was never activated. */
const limitTexts: Readonly<Record<number, (seconds: number | undefined) => string>> = {
  1960: () => 'This API cannot be run again until 1 currently running instance has finished.',
  1965: (seconds) =>
    seconds === undefined
      ? 'This API cannot be run again yet.'
      : `This API cannot be run again for another ${seconds} seconds.`,
  2003: () => 'Registration must be completed before API requests will be served for this account.',
}

/** 409 with the code inside: 1965 for the rate, 1960 for concurrency (appendix_d.htm). */
export function rateLimitReply(fault: Fault, headers: Record<string, string>, hint: Fault['hint']): Reply {
  const { status = 409, code = 1965, toWaitSec = 1, emptyBody = false } = fault
  const isInText = hint === 'toWait' || hint === 'retryAfter' || hint === 'text'
  const text = limitTexts[Number(code)]?.(isInText ? toWaitSec : undefined) ?? 'Fault of the sandbox'
  const items =
    hint === 'item'
      ? `\n    <ITEM_LIST>\n      <ITEM>\n        <KEY>SECONDS_TO_WAIT</KEY>\n        <VALUE>${toWaitSec}</VALUE>\n      </ITEM>\n    </ITEM_LIST>`
      : ''
  const body = `<?xml version="1.0" encoding="UTF-8" ?>
<!DOCTYPE SIMPLE_RETURN SYSTEM "https://qualysapi.qualys.com/api/2.0/simple_return.dtd">
<SIMPLE_RETURN>
  <RESPONSE>
    <DATETIME>${new Date().toISOString().slice(0, 19)}Z</DATETIME>
    <CODE>${code}</CODE>
    <TEXT>${text}</TEXT>${items}
  </RESPONSE>
</SIMPLE_RETURN>
`
  const content = emptyBody ? { text: '', type: '' } : { text: body, type: 'text/xml' }
  return { status, headers, content }
}
