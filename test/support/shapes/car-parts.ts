import type { Outcome, Shape } from './shape.ts'

// Parts of the gateway's answers, and the errors they become.

export const page = (title: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body><center><h1>${title}</h1></center><hr><center>nginx</center></body>\r\n</html>`
export const html = { contentType: 'text/html' }
export const spring = (status: number, error: string, message?: string): object => ({
  timestamp: '2026-11-22T08:00:00.000+00:00',
  status,
  error,
  ...(message !== undefined && { message }),
  path: '/sm/v1/x',
})
export const envelope = (errorCode: unknown, message: string): object => ({ errorCode, message, body: null })

const arguments_ = /^Check the (filter|arguments)|^Change what the reason names/
export const input = (says: RegExp): Outcome => ['input', says, arguments_]
export const permission = (says: RegExp): Outcome => [
  'setup',
  says,
  /whether CAR is licensed, API access is on.*CAR role/,
]
export const tryAgain = /^Try again in some minutes;/
/** The gateway knows the list, does not document the record, and documents the file. */
export const noPath = (status: number): Pick<Shape, 'list' | 'record' | 'file' | 'effect'> => ({
  list: [
    'setup',
    new RegExp(`Qualys answered ${status} to POST /sm/v2/jobs/search: .*may have been retired`),
    /QUALYS_ROUTES/,
  ],
  record: [
    'setup',
    new RegExp(`answered ${status} to GET .*is not public, and the guess does not hold`),
    /QUALYS_ROUTES=/,
  ],
  file: ['setup', new RegExp(`answered ${status} to GET /sm/v1/scripts/export: .*retired`), /qualys_status/],
  effect: [
    'setup',
    new RegExp(`answered ${status} to POST /sm/v1/scripts/\\{scriptId\\}/clone`),
    /qualys_status/,
  ],
})
