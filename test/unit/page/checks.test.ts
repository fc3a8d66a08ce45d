import { expect, test } from 'vitest'
import type { PageRequest } from '../../../src/tools/effects/approval/page/contract.ts'
import { maxBodyBytes, requestFault } from '../../../src/tools/effects/approval/page/safety/checks.ts'
import { origin } from '../../support/page/page.ts'

// Which requests are answered at all: the table of design 13.

const form = 'application/x-www-form-urlencoded'
const json = 'application/json'

const fault = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = Buffer.alloc(0),
): number | undefined =>
  requestFault(
    { method, path, query: new URLSearchParams(), headers: headers as PageRequest['headers'], body },
    origin,
  )?.status

const call = '/approve/ABCD-EFGH'

test.each<[string, string, Record<string, string>, number | undefined]>([
  ['a program', call, {}, undefined],
  ['an address that was typed', call, { site: 'none', mode: 'navigate', dest: 'document' }, undefined],
  ['a link of a chat', call, { site: 'cross-site', mode: 'navigate', dest: 'document' }, undefined],
  ['a link of another port', call, { site: 'same-site', mode: 'navigate', dest: 'document' }, undefined],
  ['a frame of another page', call, { site: 'cross-site', mode: 'navigate', dest: 'iframe' }, 403],
  ['a frame of this page', call, { site: 'same-origin', mode: 'navigate', dest: 'iframe' }, 403],
  ['an object', call, { site: 'cross-site', mode: 'navigate', dest: 'object' }, 403],
  ['a picture of another page', call, { site: 'cross-site', mode: 'no-cors', dest: 'image' }, 403],
  ['a picture of another port', call, { site: 'same-site', mode: 'no-cors', dest: 'image' }, 403],
  ['a script that reads it', call, { site: 'cross-site', mode: 'cors', dest: 'empty' }, 403],
  ['what a browser loads by itself', call, { site: 'none', mode: 'no-cors' }, 403],
  ['the style of the page', '/page.css', { site: 'same-origin', mode: 'no-cors', dest: 'style' }, undefined],
  ['an older browser', call, { origin: 'https://evil.example' }, 403],
])('GET by %s', (_, path, { site, mode, dest, origin: from }, status) => {
  const headers = {
    ...(site !== undefined && { 'sec-fetch-site': site }),
    ...(mode !== undefined && { 'sec-fetch-mode': mode }),
    ...(dest !== undefined && { 'sec-fetch-dest': dest }),
    ...(from !== undefined && { origin: from }),
  }
  expect(fault('GET', path, headers)).toBe(status)
  expect(fault('HEAD', path, headers)).toBe(status)
})

const own = { origin, 'sec-fetch-site': 'same-origin' }

test.each<[string, string, Record<string, string>, number | undefined]>([
  ['this page', call, own, undefined],
  ['this page in an older browser', call, { origin }, undefined],
  ['a program without an origin', call, {}, 403],
  [
    'another port of this machine',
    call,
    { origin: 'http://localhost:1', 'sec-fetch-site': 'same-site' },
    403,
  ],
  ['the same page by its address', call, { origin: 'http://127.0.0.1:40123' }, 403],
  ['another site', call, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
  ['another site that knows the origin', call, { origin, 'sec-fetch-site': 'cross-site' }, 403],
  ['a file', call, { origin: 'null', 'sec-fetch-site': 'cross-site' }, 403],
  [
    'a file with the key',
    '/open',
    { origin: 'null', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    undefined,
  ],
  ['a program with the key', '/open', { origin: 'null' }, undefined],
  ['this page with the key', '/open', { ...own, 'sec-fetch-mode': 'navigate' }, undefined],
  ['a script without an origin', '/open', { origin: 'null', 'sec-fetch-mode': 'no-cors' }, 403],
  [
    'a frame without an origin',
    '/open',
    { origin: 'null', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    403,
  ],
  ['another site with the key', '/open', { origin: 'https://evil.example' }, 403],
  ['nobody with the key', '/open', {}, 403],
])('POST by %s', (_, path, headers, status) => {
  expect(fault('POST', path, { ...headers, 'content-type': form })).toBe(status)
})

test.each<[string, string, Record<string, string>, number | undefined]>([
  ['a form', call, { 'content-type': form }, undefined],
  ['a form in UTF-8', call, { 'content-type': `${form}; charset=UTF-8` }, undefined],
  ['a form in another encoding', call, { 'content-type': `${form};charset=utf-7` }, 415],
  ['plain text, which any page may send', call, { 'content-type': 'text/plain' }, 415],
  ['nothing said', call, {}, 415],
  ['JSON for a form', call, { 'content-type': json }, 415],
  ['a form for the script', `${call}/passkey`, { 'content-type': form }, 415],
  ['JSON for the script', `${call}/passkey`, { 'content-type': json }, undefined],
  ['JSON for options', '/passkeys/options', { 'content-type': json }, undefined],
  ['a compressed form', call, { 'content-type': form, 'content-encoding': 'gzip' }, 415],
])('a body of %s', (_, path, headers, status) => {
  expect(fault('POST', path, { ...own, ...headers })).toBe(status)
})

test('a body of more than 64 KiB is refused', () => {
  const headers = { ...own, 'content-type': form }
  expect(fault('POST', call, headers, Buffer.alloc(maxBodyBytes))).toBeUndefined()
  expect(fault('POST', call, headers, Buffer.alloc(maxBodyBytes + 1))).toBe(413)
})

test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'get', ''])('the method %j is refused', (method) => {
  expect(fault(method, call, own)).toBe(405)
})
