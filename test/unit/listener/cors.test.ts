import { expect, test } from 'vitest'
import { corsHeaders } from '../../../src/service/network/cors.ts'

const allowed = ['https://inspector.example.com']

test('an origin that the operator names may read answers', () => {
  expect(corsHeaders('https://inspector.example.com', allowed)).toEqual({
    vary: 'Origin',
    'access-control-allow-origin': 'https://inspector.example.com',
    'access-control-expose-headers': 'Mcp-Session-Id, WWW-Authenticate, Retry-After',
  })
})

test.each(['https://evil.example', 'https://inspector.example.com.evil.example', 'null', '*', undefined])(
  'no other origin may: %s',
  (origin) => {
    expect(corsHeaders(origin, allowed)).toEqual({ vary: 'Origin' })
  },
)

test('without such origins there are no such headers', () => {
  expect(corsHeaders('https://inspector.example.com', [])).toEqual({})
  expect(corsHeaders('https://inspector.example.com', undefined)).toEqual({})
})
