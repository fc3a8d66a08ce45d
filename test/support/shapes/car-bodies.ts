import { envelope, html, input, noPath, page, permission, spring } from './car-parts.ts'
import type { Outcome, Shape } from './shape.ts'

// Refusals that are recognised by their body (qualys-platform.md 4.1).

export const bodies: readonly Shape[] = [
  {
    name: 'the envelope, failed',
    status: 400,
    body: envelope('CAR-17', 'Bad'),
    all: input(/refuses the request \(400: "Bad"\)/),
    code: 'CAR-17',
  },
  {
    name: 'message and errorCode',
    status: 400,
    body: { message: 'Bad', errorCode: 'X1' },
    all: input(/\(400: "Bad"\)/),
    code: 'X1',
  },
  {
    name: 'message alone',
    status: 400,
    body: { message: 'Invalid input Parameter.' },
    all: input(/"Invalid input Parameter\."/),
  },
  {
    name: '_error',
    status: 400,
    body: { _error: { code: 7, message: 'No such token' } },
    all: input(/"No such token"/),
    code: '7',
  },
  {
    name: 'Spring with a sentence',
    status: 400,
    body: spring(400, 'Bad Request', 'pageSize'),
    all: input(/\(400: "pageSize"\)/),
  },
  {
    name: 'Spring without one',
    status: 400,
    body: spring(400, 'Bad Request', ''),
    all: input(/\(400: "Bad Request"\)/),
  },
  {
    name: 'several sentences',
    status: 400,
    body: { message: ['a is odd', 'b is odd'] },
    all: input(/"a is odd; b is odd"/),
  },
  {
    name: 'CSAM',
    status: 400,
    body: { responseMessage: 'Bad', responseCode: 'FAILED', count: 0 },
    all: input(/"Bad"/),
    code: 'FAILED',
  },
  {
    name: 'PCRS',
    status: 400,
    body: [{ response: { datetime: 'x', code: 1905, text: 'Invalid value' } }],
    all: input(/\(400: "Invalid value"\)/),
    code: '1905',
  },
  { name: 'PCRS, an error in a list', status: 400, body: [{ error: 'No' }], all: input(/"No"/) },
  { name: 'no body', status: 400, all: input(/refuses the request \(400\)/) },
  {
    name: 'a sentence without JSON',
    status: 400,
    body: 'Bad Request',
    contentType: 'text/plain',
    all: input(/\(400\)/),
  },
  {
    name: 'a page of a web server',
    status: 400,
    body: page('400 The plain HTTP request was sent to HTTPS port'),
    ...html,
    all: [
      'setup',
      /^Not the Qualys API, but a web server.*\(400, with a web page\)/,
      /address, the proxy and the IP allow-list/,
    ],
  },
  {
    name: 'a client that CSAM does not know',
    status: 400,
    body: { message: 'Error validating customer from token - Invalid Subscription Id' },
    all: [
      'setup',
      /^CAR does not take this token, though it is a valid one \(400: "Error validating/,
      /whether the subscription and the user have CAR/,
    ],
  },
  {
    name: 'a client without the product',
    status: 401,
    body: spring(401, 'Unauthorized', 'There is no access for the application'),
    all: ['setup', /^CAR does not take this token.*"There is no access for the application"/, /have CAR/],
  },
  {
    name: 'an expired token',
    status: 401,
    body: spring(401, 'Unauthorized', 'JWT expired'),
    all: ['setup', /refuses the token, also a fresh one \(401: "JWT expired"\)/, /doctor/],
  },
  {
    name: 'no token',
    status: 401,
    body: spring(401, 'Unauthorized', 'Not authenticated'),
    all: ['setup', /"Not authenticated"/, /doctor/],
  },
  {
    name: '401 without a word',
    status: 401,
    all: ['setup', /refuses the token, also a fresh one \(401\)/, /doctor/],
  },
  {
    name: 'a licence that ended',
    status: 402,
    body: { message: 'Trial ended' },
    all: permission(/\(402: "Trial ended"\)/),
  },
  {
    name: 'no permission',
    status: 403,
    body: spring(403, 'Forbidden', 'Access is denied'),
    all: permission(/may not do that \(403: "Access is denied"\)/),
  },
  {
    name: '403 without a word',
    status: 403,
    all: [
      'setup',
      /may not do that \(403\)/,
      /CAR role.*; a firewall or the IP allow-list may be the cause, too\.$/,
    ],
  },
  {
    name: '403 of a firewall',
    status: 403,
    body: page('403 Forbidden'),
    ...html,
    all: ['setup', /^Not the Qualys API.*\(403, with a web page\)/, /IP allow-list/],
  },
  { name: 'no such path', status: 404, body: page('404 Not Found'), ...html, ...noPath(404) },
  {
    name: 'no such path, by Spring',
    status: 404,
    body: spring(404, 'Not Found', 'No handler found'),
    ...noPath(404),
  },
  {
    name: 'no such thing',
    status: 404,
    body: envelope('404', 'Script not found'),
    all: ['input', /^Qualys knows no such id \(404: "Script not found"\)/, /search tool.*outside the tags/],
    list: noPath(404).list as Outcome,
  },
  { name: 'no such method', status: 405, body: spring(405, 'Method Not Allowed', 'no'), ...noPath(405) },
  { name: 'gone', status: 410, ...noPath(410) },
]
