import { describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/settings.ts'
import { canary } from '../../support/canary.ts'
import { processEnvironment, run } from '../../support/command-line/program.ts'
import { leakSearch } from '../../support/leak-search.ts'

const hidden = canary('hidden')
const proxy = canary('proxy')
const claims = Buffer.from(JSON.stringify({ sub: 'operator', exp: 4_000_000_000 })).toString('base64url')
const jwt = `${Buffer.from('{"alg":"HS512"}').toString('base64url')}.${claims}.c2lnbmVk`
const closed = 'http://127.0.0.1:1'
const place = (extra: Environment): Environment => ({
  QUALYS_GATEWAY_URL: closed,
  QUALYS_API_URL: closed,
  QUALYS_MAX_WAIT_SECONDS: '0',
  HTTPS_PROXY: `http://operator:${encodeURIComponent(proxy)}@127.0.0.1:1`,
  ...extra,
})

describe('what stops the start, or a call, does not tell the secret it was about', () => {
  test.each<readonly [string, string[], () => Environment]>([
    ['--client-secret VALUE', ['doctor', '--client-secret', hidden], () => ({})],
    ['--https-proxy VALUE', ['--https-proxy', `http://a:${proxy}@b`], () => ({})],
    ['a misspelt flag with VALUE', ['--pass', hidden], () => ({})],
    ['a variable that is none', ['doctor'], () => ({ QUALYS_SECRET_THING: hidden })],
    [
      'a secret given twice',
      ['doctor'],
      () => ({ QUALYS_PASSWORD: hidden, QUALYS_PASSWORD_FILE: '/dev/null' }),
    ],
    ['the secret in place of its file', ['doctor'], () => ({ QUALYS_PASSWORD_FILE: hidden })],
    ['a JWT in place of its file', ['doctor'], () => place({ QUALYS_TOKEN_FILE: jwt })],
    ['half of the credentials', ['doctor'], () => place({ QUALYS_PASSWORD: hidden })],
    [
      'a proxy where nothing listens',
      ['doctor'],
      () =>
        place({
          QUALYS_GATEWAY_URL: 'https://127.0.0.1:1',
          QUALYS_USERNAME: 'operator',
          QUALYS_PASSWORD: hidden,
        }),
    ],
  ])('%s', async (_what, args, environment) => {
    const { code, stdout, stderr } = await run(args, processEnvironment(environment()))
    expect(code).not.toBe(0)
    expect({ leaked: leakSearch([hidden, jwt, proxy])(stdout + stderr), text: stdout + stderr }).toEqual({
      leaked: [],
      text: expect.stringMatching(/^(qualys-mcp: [^\n]+\n|Settings[\s\S]*|[^\n]+\n)$/),
    })
  })
})
