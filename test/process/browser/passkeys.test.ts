import { createHash, randomBytes } from 'node:crypto'
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import { afterAll, beforeAll, expect } from 'vitest'
import { addAuthenticator } from '../../support/browser/authenticator.ts'
import { browserTest as test } from '../../support/browser/fixtures.ts'
import { createPasskey, signWithPasskey } from '../../support/browser/passkey-calls.ts'
import { type Site, serveSite } from '../../support/browser/site.ts'

// What Chromium does with passkeys on loopback: the approval page rests on it.

const rpId = 'localhost'

let site: Site
let neighbour: Site
beforeAll(async () => {
  const pages = { '/': '<!doctype html><title>A page</title>' }
  site = await serveSite(pages)
  neighbour = await serveSite(pages)
})
afterAll(() => Promise.all([site.close(), neighbour.close()]))

const registration = (id: string) => ({
  challenge: randomBytes(32).toString('base64url'),
  rp: { id, name: 'Test' },
  user: { id: randomBytes(16).toString('base64url'), name: 'ana', displayName: 'Ana' },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
})

const digest = (): string => createHash('sha256').update(randomBytes(8)).digest('base64url')

const assertion = (challenge: string, userVerification = 'required') => ({
  challenge,
  rpId,
  userVerification,
})

test('a passkey registers and signs a digest on localhost', async ({ open }) => {
  const { page } = await open()
  await page.goto(site.origin)
  const authenticator = await addAuthenticator(page)
  const options = registration(rpId)
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: await createPasskey(page, options),
    expectedChallenge: options.challenge,
    expectedOrigin: site.origin,
    expectedRPID: rpId,
  })
  if (!verified) throw new Error('The registration does not verify.')
  const [key] = await authenticator.keys()
  if (!key) throw new Error('The authenticator has no key.')
  await authenticator.setSignCount(key.credentialId, 41)

  const expectedChallenge = digest()
  const { authenticationInfo, ...signed } = await verifyAuthenticationResponse({
    response: await signWithPasskey(page, assertion(expectedChallenge)),
    expectedChallenge,
    expectedOrigin: site.origin,
    expectedRPID: rpId,
    credential: registrationInfo.credential,
    requireUserVerification: true,
  })
  expect(signed.verified).toBe(true)
  expect(authenticationInfo).toMatchObject({ newCounter: 42, userVerified: true })

  // A wrong finger signs nothing where verification is required; where it is not, the signature tells.
  await authenticator.setUserVerified(false)
  await expect(signWithPasskey(page, assertion(digest()))).rejects.toThrow('NotAllowedError')
  const { response } = await signWithPasskey(page, assertion(digest(), 'discouraged'))
  const [flags = 0] = Buffer.from(response.authenticatorData, 'base64url').subarray(32)
  expect({ present: flags & 1, verified: flags & 4 }).toEqual({ present: 1, verified: 0 })
})

test('a page on another port gets a signature, which tells its origin', async ({ open }) => {
  const { page } = await open()
  await page.goto(site.origin)
  const authenticator = await addAuthenticator(page)
  await createPasskey(page, registration(rpId))
  await page.goto(neighbour.origin)
  expect(await authenticator.keys()).toHaveLength(1)
  const { response } = await signWithPasskey(page, assertion(digest()))
  const told = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString())
  expect(told).toMatchObject({ origin: neighbour.origin })
})

test('an authenticator without PIN and fingerprint is refused where verification is required', async ({
  open,
}) => {
  const { page } = await open()
  await page.goto(site.origin)
  await addAuthenticator(page, { userVerification: false })
  await expect(createPasskey(page, registration(rpId))).rejects.toThrow('NotAllowedError')
})

test('on 127.0.0.1 there are no passkeys', async ({ open }) => {
  const { page } = await open()
  await page.goto(site.addressOrigin)
  await addAuthenticator(page)
  await expect(createPasskey(page, registration(rpId))).rejects.toThrow('SecurityError')
  await expect(createPasskey(page, registration('127.0.0.1'))).rejects.toThrow('SecurityError')
  await expect(signWithPasskey(page, assertion(digest()))).rejects.toThrow('SecurityError')
})
