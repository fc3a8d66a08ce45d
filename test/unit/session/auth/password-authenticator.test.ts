import { describe, expect, test } from 'vitest'
import { type Authenticator, passwordAuthenticator } from '../../../../src/session/auth/authenticator.ts'
import { LoginError } from '../../../../src/shared/errors.ts'
import { Secret } from '../../../../src/shared/secrets.ts'

// User name and password with every request: since accounts lock, a refusal blocks the next requests for a while.

describe('access by password only', () => {
  const login = { username: 'acme_ab1', password: new Secret('p:ß') }
  const refused = (name: string) => new LoginError(name, '')
  const headerOf = (access: Authenticator) =>
    access.run(({ send }) => send(async (header) => header()), undefined)
  const refuse = (access: Authenticator, error: Error) =>
    access.run(async () => Promise.reject(error), undefined).catch(() => undefined)

  test('gives the same header until it is refused, then the refusal, then the header again', async () => {
    let now = 1_000
    const access = passwordAuthenticator(login, () => now)
    const header = await headerOf(access)
    expect(header).toBe(`Basic ${Buffer.from('acme_ab1:p:ß').toString('base64')}`)
    expect(await access.run(async ({ refresh: another }) => another(), undefined)).toBe(false)
    const error = refused('refused')
    await refuse(access, error)
    await expect(headerOf(access)).rejects.toBe(error)
    now += 29_999
    await expect(headerOf(access)).rejects.toBe(error)
    now += 1
    expect(await headerOf(access)).toBe(header)
  })

  test('another failure is no refusal', async () => {
    const access = passwordAuthenticator(login)
    await refuse(access, new Error('away'))
    expect(await headerOf(access)).toMatch(/^Basic /)
  })

  test('until one login is verified, requests go one at a time; then together', async () => {
    const access = passwordAuthenticator(login)
    let inside = 0
    let most = 0
    const enter = () =>
      access.run(async () => {
        most = Math.max(most, ++inside)
        await new Promise((done) => setImmediate(done))
        inside--
      }, undefined)
    await Promise.allSettled([
      access.run(async () => {
        most = Math.max(most, ++inside)
        await new Promise((done) => setImmediate(done))
        inside--
        throw new Error('away')
      }, undefined),
      enter(),
    ])
    expect(most).toBe(1)
    await Promise.all([enter(), enter(), enter()])
    expect(most).toBeGreaterThan(1)
  })

  test('waiting requests are stopped by a refusal, and do not prolong it', async () => {
    let now = 0
    const access = passwordAuthenticator(login, () => now)
    await headerOf(access)
    const error = refused('refused')
    let go = (): void => undefined
    const waiting = access.run(
      ({ send }) =>
        send(async (header) => {
          await new Promise<void>((resolve) => {
            go = resolve
          })
          return header()
        }),
      undefined,
    )
    await refuse(access, error)
    now = 29_000
    go()
    await expect(waiting).rejects.toBe(error)
    now = 30_000
    await expect(headerOf(access)).resolves.toMatch(/^Basic /)
  })

  test('a request that is cancelled during its wait leaves the queue', async () => {
    const access = passwordAuthenticator(login)
    let end = (): void => undefined
    const first = access.run(
      () =>
        new Promise<void>((resolve) => {
          end = resolve
        }),
      undefined,
    )
    const gone = new AbortController()
    const second = access.run(async () => 'in', gone.signal)
    gone.abort(new Error('gone'))
    await expect(second).rejects.toThrow('gone')
    end()
    await first
  })
})
