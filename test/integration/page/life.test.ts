import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SetupError } from '../../../src/shared/errors.ts'
import { silentLog } from '../../../src/shared/log.ts'
import { type Listen, listenOnLoopback } from '../../../src/tools/effects/approval/page/local/listener.ts'
import { approveCall, findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { ask, localFixture } from '../../support/page/local.ts'

const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
)

const systemError = (code: string): Error => Object.assign(new Error(code), { code })

const listenAs = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, ipv6Only: true }, () => resolve((server.address() as AddressInfo).port))
  })

/** A program that has a port of one address; ends with the test. */
async function occupy(host: string): Promise<number> {
  const server = createServer((_, res) => void res.end('another program'))
  onTestFinished(() => void server.close())
  return listenAs(server, host, 0)
}

const options = { port: 0, onRequest: () => undefined, log: silentLog }

describe('the port of a page', () => {
  test.each(hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'])(
    'is not used if another program has it on %s',
    async (host) => {
      const pagePort = await occupy(host)
      const { page } = localFixture({ settings: { pagePort, openBrowser: 'never' } })
      const error = await page.linkFor('ABCD-EFGH').catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(SetupError)
      expect((error as SetupError).message).toBe(
        `There is no approval page: port ${pagePort} (QUALYS_PAGE_PORT) is in use on this machine.`,
      )
      expect(page.origins()).toEqual([])
      // Nothing of the page listens on the other address.
      const other = createServer()
      onTestFinished(() => void other.close())
      await expect(listenAs(other, host === '::1' ? '127.0.0.1' : '::1', pagePort)).resolves.toBe(pagePort)
    },
  )

  test('is tried again with the next call', async () => {
    const server = createServer()
    const pagePort = await listenAs(server, '127.0.0.1', 0)
    const { page, wait } = localFixture({ settings: { pagePort, openBrowser: 'never' } })
    const code = wait()
    await expect(page.linkFor(code)).rejects.toBeInstanceOf(SetupError)
    await new Promise((resolve) => server.close(resolve))
    expect(await page.linkFor(code)).toBe(`http://localhost:${pagePort}/approve/${code}`)
  })

  test('is another one if a free one is free on one address alone', async () => {
    const taken: number[] = []
    const listen: Listen = async (server, address, port) => {
      if (address === '127.0.0.1') return void (await listenAs(server, address, port))
      if (taken.length === 3) throw systemError('EADDRNOTAVAIL')
      taken.push(port)
      throw systemError('EADDRINUSE')
    }
    const server = await listenOnLoopback({ ...options, listen })
    onTestFinished(server.close)
    expect(taken).toHaveLength(3)
    expect(taken).not.toContain(server.port)
  })

  test('is given up after ten that are not free', async () => {
    let count = 0
    const listen: Listen = async () => {
      count++
      throw systemError('EADDRINUSE')
    }
    await expect(listenOnLoopback({ ...options, listen })).rejects.toThrow(
      'There is no approval page: no port is free on both loopback addresses.',
    )
    expect(count).toBe(10)
  })

  test.each(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])('is bound once where there is no ::1 (%s)', async (code) => {
    const listen: Listen = async (server, address, port) => {
      if (address === '::1') throw systemError(code)
      await listenAs(server, address, port)
    }
    const { page, wait } = localFixture({ listen })
    expect((await ask(await page.linkFor(wait()))).status).toBe(200)
  })

  test.each([
    ['EACCES', '127.0.0.1'],
    ['EACCES', '::1'],
    ['EADDRNOTAVAIL', '127.0.0.1'],
  ])('that cannot be used is told in one sentence (%s on %s)', async (code, bad) => {
    const listen: Listen = async (server, address, port) => {
      if (address === bad) throw systemError(code)
      await listenAs(server, address, port)
    }
    const error = await listenOnLoopback({ ...options, listen }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(SetupError)
    expect((error as SetupError).message).toContain(code)
  })
})

test.each<[string, () => Promise<readonly { readonly address: string }[]>]>([
  ['no name', () => Promise.reject(systemError('ENOTFOUND'))],
  ['no address', async () => []],
  ['an address elsewhere', async () => [{ address: '192.0.2.1' }]],
  ['one address elsewhere', async () => [{ address: '127.0.0.1' }, { address: '192.0.2.1' }]],
])('without the name localhost there is no page: %s', async (_, lookUp) => {
  const { page } = localFixture({ lookUp })
  const error = await page.linkFor('ABCD-EFGH').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(SetupError)
  expect((error as SetupError).message).toBe(
    'There is no approval page: the name localhost does not lead to this machine.',
  )
})

describe('the end of a page', () => {
  /** A page whose time and checks a test has in hand. */
  function timed() {
    let time = Date.now()
    let check: (() => void) | undefined
    const fixture = localFixture({
      clock: () => time,
      every: (_, call) => {
        check = call
        return () => {
          check = undefined
        }
      },
    })
    return {
      ...fixture,
      pass: (ms: number): void => {
        time += ms
        check?.()
      },
      isOpen: (): boolean => check !== undefined,
    }
  }

  const isGone = (link: string): Promise<boolean> =>
    ask(link).then(
      () => false,
      () => true,
    )

  test('comes when nothing waits and nobody has looked for a minute', async () => {
    const { page, stateDir, wait, pass } = timed()
    const code = wait()
    const link = await page.linkFor(code)
    pass(120_000)
    expect((await ask(link)).status).toBe(200)
    const call = findCall(stateDir, code)
    approveCall(stateDir, call?.digest ?? '', { way: 'terminal', by: 'terminal', at: Date.now() })
    pass(59_000)
    expect((await ask(link)).status).toBe(200)
    pass(59_000)
    expect((await ask(link)).status).toBe(200)
    pass(60_000)
    await expect.poll(() => isGone(link)).toBe(true)
  })

  test('does not come while a call waits that somebody was told of', async () => {
    const { page, wait, pass, isOpen } = timed()
    const link = (await page.start())(wait())
    for (let minute = 0; minute < 9; minute++) pass(60_000)
    expect(isOpen()).toBe(true)
    expect((await ask(link)).status).toBe(200)
  })

  test('is followed by another start, whose earlier origins are known', async () => {
    const { page, wait, pass, isOpen } = timed()
    const first = new URL(await page.linkFor('ZZZZ-ZZZZ')).origin
    pass(60_000)
    await expect.poll(isOpen).toBe(false)
    const second = new URL(await page.linkFor(wait())).origin
    expect(new Set(page.origins())).toEqual(new Set([first, second]))
  })

  test('comes with the program, and no page after it', async () => {
    const { page, wait } = timed()
    const link = await page.linkFor(wait())
    await page.close()
    expect(await isGone(link)).toBe(true)
    await expect(page.linkFor('ABCD-EFGH')).rejects.toBeInstanceOf(SetupError)
  })

  test('comes although it is about to start', async () => {
    const { page } = timed()
    const starting = page.linkFor('ABCD-EFGH')
    await page.close()
    expect(await isGone(await starting)).toBe(true)
  })
})

test('nothing is opened before it is needed', async () => {
  const { page } = localFixture({ listen: () => Promise.reject(new Error('unexpected')) })
  expect(page.origins()).toEqual([])
})
