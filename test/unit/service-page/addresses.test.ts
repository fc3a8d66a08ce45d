import { describe, expect, test } from 'vitest'
import { isPagePath, returnPathOf } from '../../../src/service/page/page-paths.ts'
import { cookieIn, removeCookie, setCookie } from '../../../src/service/page/session/cookies.ts'
import { newId } from '../../../src/service/page/session/random-id.ts'

// The paths of the page, where a login may lead back to, and its cookies.

test.each([
  '/waiting',
  '/decisions',
  '/passkeys',
  '/passkeys/add',
  '/approve/ABCD-EFGH',
  '/approve/ABCD-EFGH/passkey',
  '/page.css',
  '/page.js',
  '/login',
  '/login/done',
  '/login/issuer',
  '/logout',
])('the page answers %s', (path) => {
  expect(isPagePath(path)).toBe(true)
})

test.each([
  '/',
  '/mcp',
  '/open',
  '/approve',
  '/waiting/',
  '/login/x',
  '/healthz',
  '/metrics',
  '/Waiting',
  '//waiting',
])('the page does not answer %s', (path) => {
  expect(isPagePath(path)).toBe(false)
})

test.each(['/approve/ABCD-EFGH', '/approve/abcdefgh', '/waiting', '/decisions', '/passkeys'])(
  'a login leads back to %s',
  (path) => {
    expect(returnPathOf(path)).toBe(path)
  },
)

test.each([
  '',
  '/login',
  '/logout',
  '/mcp',
  '//evil.example',
  '/\\evil.example',
  'https://evil.example/waiting',
  '/approve//evil.example',
  '/approve/\\evil.example',
  '/approve/..',
  '/approve/ABCD-EFGH/passkey',
  '/approve/ABCD-EFGH?x=y',
  '/approve/ABCD-EFGH#x',
  '/approve/%2f%2fevil.example',
  '/approve/ABCD\r\nset-cookie:x=y',
  '/waiting\n',
  '/passkeys/add',
  `/approve/${'A'.repeat(33)}`,
])('a login for %j leads to the list', (path) => {
  expect(returnPathOf(path)).toBe('/waiting')
})

describe('a cookie', () => {
  const id = newId()
  const other = newId()

  test('is found among others, by its whole name', () => {
    for (const cookie of [`a=${id}`, `x=y; a=${id}; z=w`, `a=${id};aa=${other}`, `b=a=${other}; a=${id}`])
      expect(cookieIn({ cookie }, 'a')).toBe(id)
  })

  test.each([
    '',
    'a',
    'a=',
    'aa=x',
    `A=${id}`,
    `a="${id}"`,
    `a=${id}x`,
    `a=${id.slice(1)}`,
    `a=${id}; a=${other}`,
    `a=${other}; a=${id}`,
    `a=${id}, a=${other}`,
    `a=${'!'.repeat(43)}`,
  ])('is none in %j', (cookie) => {
    expect(cookieIn({ cookie }, 'a')).toBeUndefined()
  })

  test('is for this host, TLS, and no script', () => {
    expect(setCookie('__Host-a', 'id', 60)).toBe(
      '__Host-a=id; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=Lax',
    )
    expect(removeCookie('__Host-a')).toBe('__Host-a=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax')
  })
})
