import { describe, expect, test } from 'vitest'
import { type Access, passwordAccess } from '../../../src/session/auth/access.ts'
import { LoginError } from '../../../src/shared/errors.ts'
import { Secret } from '../../../src/shared/secrets.ts'

// User name and password with every request: accounts lock, so that a refusal stops the next ones for a while.

describe('access by password, by itself', () => {
  const login = { username: 'acme_ab1', password: new Secret('p:ß') }
  const refused = (name: string) => new LoginError(name, '')
  const headerOf = (access: Access) =>
    access.through(({ send }) => send(async (header) => header()), undefined)
  const refuse = (access: Access, error: Error) =>
    access.through(async () => Promise.reject(error), undefined).catch(() => undefined)

  test('gives the same header until it is refused, then the refusal, then the header again', async () => {
    let now = 1_000
    const access = passwordAccess(login, () => now)
    const header = await headerOf(access)
    expect(header).toBe(`Basic ${Buffer.from('acme_ab1:p:ß').toString('base64')}`)
    expect(await access.through(async ({ another }) => another(), undefined)).toBe(false)
    const error = refused('refused')
    await refuse(access, error)
    await expect(headerOf(access)).rejects.toBe(error)
    now += 29_999
    await expect(headerOf(access)).rejects.toBe(error)
    now += 1
    expect(await headerOf(access)).toBe(header)
  })

  test('another failure is no refusal', async () => {
    const access = passwordAccess(login)
    await refuse(access, new Error('away'))
    expect(await headerOf(access)).toMatch(/^Basic /)
  })

  test('until one is let in, they go one at a time; then together', async () => {
    const access = passwordAccess(login)
    let inside = 0
    let most = 0
    const enter = () =>
      access.through(async () => {
        most = Math.max(most, ++inside)
        await new Promise((done) => setImmediate(done))
        inside--
      }, undefined)
    await Promise.allSettled([
      access.through(async () => {
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

  test('those whose turn has not come are stopped by a refusal, which they do not prolong', async () => {
    let now = 0
    const access = passwordAccess(login, () => now)
    await headerOf(access)
    const error = refused('refused')
    let go = (): void => undefined
    const waiting = access.through(
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

  test('who gives up waiting for the first one leaves', async () => {
    const access = passwordAccess(login)
    let end = (): void => undefined
    const first = access.through(
      () =>
        new Promise<void>((resolve) => {
          end = resolve
        }),
      undefined,
    )
    const gone = new AbortController()
    const second = access.through(async () => 'in', gone.signal)
    gone.abort(new Error('gone'))
    await expect(second).rejects.toThrow('gone')
    end()
    await first
  })
})
