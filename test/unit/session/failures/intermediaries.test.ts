import { describe, expect, test } from 'vitest'
import {
  emptyRecordError,
  intermediaryError,
  isWebPage,
  notQualysError,
  unreadableBodyError,
  webPageMessage,
} from '../../../../src/session/failures/intermediaries.ts'
import { operationNamed } from '../../../support/session/memory.ts'

// Answers from intermediaries instead of the Qualys API: pages of proxies, login pages, and empty answers.

describe('a web page', () => {
  test.each([
    '<!DOCTYPE html>',
    '<!doctype HTML>',
    '<html>',
    '<HTML lang="en">',
    '<head>',
    '<title>x</title>',
    '<body>',
    '<center>',
    '<h1>x</h1>',
    ' \n\t<html>',
    '<?xml version="1.0"?>\n<html>',
    '<!-- a comment --><html>',
    '<?xml?><!-- a --> <!-- b --><html>',
  ])('%j', (text) => {
    expect(isWebPage(text)).toBe(true)
  })

  test.each([
    '',
    'html',
    '<ServiceResponse>',
    '<htmlx>',
    '<h2>x</h2>',
    '<?xml version="1.0"?><rss/>',
    '<!DOCTYPE SIMPLE_RETURN>',
    '{"html":"<html>"}',
    `${' '.repeat(2_000)}<html>`,
  ])('%j is not one', (text) => {
    expect(isWebPage(text)).toBe(false)
  })
})

describe('a success that cannot be read', () => {
  const next = 'Ask the operator to check the platform address and the proxy with `qualys-mcp doctor`.'
  test.each([
    ['', 'The answer is empty.'],
    [' \n', 'The answer is empty.'],
    ['\ufeff ', 'The answer is empty.'],
    ['<html>', webPageMessage],
    ['OK', 'The answer is no JSON.'],
  ])('%j', (text, message) => {
    expect(unreadableBodyError(text, 'The answer is no JSON.')).toMatchObject({
      kind: 'drift',
      message,
      next,
    })
  })

  test('something else', () => {
    expect(notQualysError('What it is.')).toMatchObject({ kind: 'drift', message: 'What it is.', next })
  })

  test('nothing', () => {
    expect(emptyRecordError(operationNamed('saq_get_user'))).toMatchObject({
      kind: 'drift',
      message: 'Qualys answered saq_get_user with nothing.',
      next: 'Look the id up with the search tool; if it is there, report it.',
    })
  })
})

describe('a refusal by an intermediary', () => {
  test.each([
    [
      407,
      'A proxy in between asks for user name and password (407).',
      'Ask the operator to put them into HTTPS_PROXY, as http://user:password@host:port.',
    ],
    [
      421,
      'What answers at this address does not answer for Qualys (421).',
      'Ask the operator to check the platform, or the two URLs, and the proxy with `qualys-mcp doctor`.',
    ],
    [
      451,
      'The way to Qualys is blocked for legal reasons (451).',
      'Ask the operator which proxy or firewall blocks it, and whether Qualys is allowed in this country or network.',
    ],
    [
      511,
      'The network wants somebody to log in before it lets anything through (511).',
      'Ask the operator to log in to the network, or to set HTTPS_PROXY.',
    ],
  ])('%i, whatever comes with it', (status, message, next) => {
    for (const text of ['', '<html>', '{"errorCode":"1"}'])
      expect(intermediaryError(status, text)).toMatchObject({
        kind: 'setup',
        message,
        next,
        details: { status },
      })
  })

  test.each([400, 403])('%i with a web page', (status) => {
    expect(intermediaryError(status, '<html>', { status, code: 'x' })).toMatchObject({
      kind: 'setup',
      message: `Not the Qualys API, but a web server, proxy or firewall in front of it refuses the call (${status}, with a web page).`,
      next: 'Ask the operator to check the platform address, the proxy and the IP allow-list with `qualys-mcp doctor`.',
      details: { status, code: 'x' },
    })
    expect(intermediaryError(status, '{}')).toBeUndefined()
  })

  test.each([200, 401, 402, 404, 405, 409, 413, 414, 429, 500, 502, 503])(
    '%i with a web page may come from Qualys itself',
    (status) => {
      expect(intermediaryError(status, '<html>')).toBeUndefined()
    },
  )
})
