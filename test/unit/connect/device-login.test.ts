import { expect, test } from 'vitest'
import { logIn } from '../../../src/service/connect/tokens/device-login.ts'
import type { FormAnswer } from '../../../src/service/connect/tokens/token-request.ts'
import { TokenFault } from '../../../src/service/connect/tokens/token-source.ts'
import { codeAnswer, memoryIssuer, pending, place, tokenAnswer } from '../../support/connect/memory-issuer.ts'
import { orderedClock } from '../../support/connect/ordered-clock.ts'

/** Logs in at an issuer that answers so. */
function login(...answers: readonly (FormAnswer | Error)[]) {
  const { forms, postForm } = memoryIssuer(...answers)
  const clock = orderedClock()
  const announced: string[] = []
  const done = logIn({
    place,
    clientId: 'cli',
    postForm,
    clock,
    now: () => 1_000_000,
    announce: (sentence) => announced.push(sentence),
    signal: new AbortController().signal,
  })
  return { done, forms, slept: clock.slept, announced }
}

test('the person gets address and code, and the issuer is asked until they have typed it', async () => {
  const { done, forms, slept, announced } = login(codeAnswer(), pending, pending, tokenAnswer('a'))
  const { accessToken, refreshToken, expiresAt } = await done
  expect([accessToken.reveal(), refreshToken?.reveal(), expiresAt]).toEqual([
    'canary-access-a',
    'canary-refresh-a',
    1_600_000,
  ])
  expect(forms.map(({ url }) => url)).toEqual([place.deviceEndpoint, ...Array(3).fill(place.tokenEndpoint)])
  expect(forms[0]?.form).toEqual({ client_id: 'cli', scope: 'qualys.read', resource: place.resource })
  expect(forms[1]?.form).toEqual({
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: 'canary-device-code',
    client_id: 'cli',
    resource: place.resource,
  })
  expect(slept).toEqual([5_000, 5_000, 5_000])
  expect(announced).toEqual([
    'Log in: open https://login.example.com/activate in a browser within 10 min and enter the code ABCD-EFGH.',
  ])
})

test('the issuer says how often it may be asked, and asks for more time', async () => {
  const slow = { error: 'slow_down' }
  const { done, slept } = login(codeAnswer({ interval: 2 }), pending, slow, slow, pending, tokenAnswer('a'))
  await done
  expect(slept).toEqual([2_000, 2_000, 7_000, 12_000, 12_000])
})

test('an issuer that is away is asked less often', async () => {
  const { done, slept } = login(codeAnswer(), new TokenFault('away'), tokenAnswer('a'))
  await done
  expect(slept).toEqual([5_000, 10_000])
})

test('an address with the code in it is told as well', async () => {
  const complete = 'https://login.example.com/activate?user_code=ABCD'
  const { done, announced } = login(codeAnswer({ verification_uri_complete: complete }), tokenAnswer('a'))
  await done
  expect(announced[0]).toContain(`(or ${complete})`)
})

test.each([
  ['the code ends', [codeAnswer({ expires_in: 12 }), pending], /Nobody logged in before the code ended/],
  ['the issuer ends the code', [codeAnswer(), { error: 'expired_token' }], /Nobody logged in/],
  [
    'the person declines',
    [codeAnswer(), { error: 'access_denied' }],
    /access_denied\): the person declined it/,
  ],
  ['the client is unknown', [{ error: 'invalid_client' }], /check QUALYS_CONNECT_CLIENT_ID/],
  ['another error', [{ error: 'invalid_target' }], /refuses the login \(invalid_target\): ask its operator/],
  ['no code', [{ body: {} }], /an answer without a code/],
  ['a strange address', [codeAnswer({ verification_uri: 'file:///etc/passwd' })], /an answer without a code/],
  ['no token', [codeAnswer(), { body: { token_type: 'Bearer' } }], /no bearer token/],
  ['a token of another kind', [codeAnswer(), tokenAnswer('a', { token_type: 'DPoP' })], /no bearer token/],
  [
    'a token that breaks headers',
    [codeAnswer(), tokenAnswer('a', { access_token: 'a\r\nb' })],
    /no bearer token/,
  ],
] as const)('%s: the login fails', async (_why, answers, sentence) => {
  const { done } = login(...answers)
  await expect(done).rejects.toThrow(TokenFault)
  await expect(done).rejects.toThrow(sentence)
})

test('control characters of the issuer do not reach the terminal', async () => {
  const { done, announced } = login(codeAnswer({ user_code: '\u001b[2JAB\nCD' }), tokenAnswer('a'))
  await done
  expect(announced[0]).toMatch(/enter the code AB CD\.$/)
})
