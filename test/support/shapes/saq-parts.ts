import { type Outcome, type Shape, unclear } from './shape.ts'

// Parts of the API server's answers, and the errors they become.

export const page = (title: string): string =>
  `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${title}</title>\n</head><body>\n<h1>${title}</h1>\n</body></html>`

export const input = (says: RegExp): Outcome => [
  'input',
  says,
  /^Check the (filter|arguments)|^Change what the reason names/,
]
export const permission = (says: RegExp): Outcome => [
  'setup',
  says,
  /whether SAQ is licensed, API access is on.*SAQ role/,
]
export const login = (says: RegExp): Outcome => [
  'setup',
  says,
  /user name and password, the platform .* not tried again for 30 s/,
]
export const busy = (says: RegExp): Outcome => ['busy', says, /^Call again in \d+ s\.$/]
export const unknown = (says: RegExp): Pick<Shape, 'all' | 'effect'> => ({
  all: ['vendor', says, /ask Qualys support/],
  effect: unclear(says),
})
export const noPath = (status: number): Outcome => [
  'setup',
  new RegExp(`answered ${status} to \\w+ /qps/rest/1\\.0/.*retired, or SAQ is not enabled`),
  /QUALYS_ROUTES|Ask the operator/,
]
