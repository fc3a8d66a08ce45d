import { describe, expect, test } from 'vitest'
import { hostsLike, told } from '../../support/workflows/digest.ts'

// Which lines are alike: alternatives of one line, lines about several things, lines below headings.

describe('alternatives, of which a host prints one, are values of one place', () => {
  test('two words', async () => {
    const hosts = hostsLike(10, (at) => `nginx ${at < 4 ? 'stopped' : 'running'}\nsshd running`)
    expect((await told(hosts)).slice(1)).toEqual([
      'nginx stopped on 4 (ws-1 ws-2 ws-3); running on 6 (ws-10 ws-5 ws-6)',
    ])
  })

  test('three words in the middle of a line', async () => {
    const hosts = hostsLike(12, (at) => `mode is ${['one', 'two', 'three'][at % 3]} now`)
    expect((await told(hosts)).slice(1)).toEqual([
      'mode is one on 4 (ws-1 ws-10 ws-4); three on 4 (ws-12 ws-3 ws-6); two on 4 (ws-11 ws-2 ws-5)',
    ])
  })

  test('a number or a word', async () => {
    const hosts = hostsLike(10, (at) => `limit is ${at < 5 ? '20' : 'none'}`)
    expect((await told(hosts)).slice(1)).toEqual([
      'limit is 20 on 5 (ws-1 ws-2 ws-3); none on 5 (ws-10 ws-6 ws-7)',
    ])
  })

  test('more words or fewer', async () => {
    const hosts = hostsLike(10, (at) => `state is ${at < 5 ? 'up and' : 'now'} well today`)
    const text = (await told(hosts)).slice(1).join('\n')
    expect(text).toMatch(/up and[^;]* on 5 \(ws-1 ws-2 ws-3\)/)
    expect(text).toMatch(/now[^;]* on 5 \(ws-10 ws-6 ws-7\)/)
  })
})

describe('lines about several things, which a host prints together, are told apart', () => {
  test('services with the same word', async () => {
    const services = ['sshd', 'cron', 'nginx']
    const hosts = hostsLike(10, (at) =>
      services.map((name) => `${name} ${at === 4 && name === 'cron' ? 'stopped' : 'running'}`).join('\n'),
    )
    const [, ...differences] = await told(hosts)
    expect(differences.join('\n')).toContain('only on 1 (ws-5): cron stopped')
    expect(differences.join('\n')).not.toMatch(/sshd|nginx/)
  })

  test('devices with a number', async () => {
    const hosts = hostsLike(20, (at) =>
      ['eth0', 'eth1', 'eth2']
        .map((name) => `${name} ${at === 3 && name === 'eth1' ? 'down' : 'up'} ${1_000 + at * 17}`)
        .join('\n'),
    )
    expect((await told(hosts)).slice(1)).toEqual([
      'only on 1 (ws-4): eth1 down 1051',
      'eth0 up varies: 20 values, 1000 to 1323',
      'eth1 up varies: 19 values, 1000 to 1323',
      'eth2 up varies: 20 values, 1000 to 1323',
    ])
  })

  test('two that changed places on some hosts', async () => {
    const hosts = hostsLike(10, (at) => (at < 5 ? 'root 3\nguest 0' : 'root 0\nguest 3'))
    const text = (await told(hosts)).slice(1).join('\n')
    for (const one of ['root', 'guest']) expect(text).toContain(one)
    expect(text).toMatch(/on 5 \(ws-1 ws-2 ws-3\)/)
    expect(text).toMatch(/on 5 \(ws-10 ws-6 ws-7\)/)
  })

  test('ports with a value that varies', async () => {
    const hosts = hostsLike(30, (at) =>
      ['22', '443', ...(at === 3 ? ['4444'] : [])]
        .map((port) => `LISTEN ${port} pid ${1_000 + at}`)
        .join('\n'),
    )
    const [, ...differences] = await told(hosts)
    expect(differences).toContain('only on 1 (ws-4): LISTEN 4444 pid 1003')
  })

  test('records of a list', async () => {
    const hosts = hostsLike(10, (at) =>
      JSON.stringify(
        ['a', 'b'].map((name) => ({ name, state: (at === 4) === (name === 'b') ? 'up' : 'down' })),
      ),
    )
    const differences = (await told(hosts)).join('\n')
    expect(differences).toMatch(/a \[\]\.state: down on 1 \(ws-5\)/)
    expect(differences).toMatch(/b \[\]\.state: up on 1 \(ws-5\)/)
  })
})

describe('a line that says nothing alone is told below its heading', () => {
  const disks = (states: readonly string[]): string =>
    states.map((state, at) => `[disk ${'CDE'[at]}]\nstate ${state}`).join('\n')

  test('with another state', async () => {
    const hosts = hostsLike(10, (at) => disks(['ok', at === 4 ? 'failed' : 'ok', 'ok']))
    expect((await told(hosts)).slice(1)).toContain('not on 1 (ws-5): [disk D] / state ok')
  })

  test('with swapped states', async () => {
    const hosts = hostsLike(10, (at) => disks(at === 4 ? ['failed', 'ok', 'ok'] : ['ok', 'failed', 'ok']))
    const differences = await told(hosts)
    expect(differences).toContain('not on 1 (ws-5): [disk C] / state ok')
    expect(differences).toContain('only on 1 (ws-5): [disk D] / state ok')
  })

  test('with states swapped on half of the hosts', async () => {
    const hosts = hostsLike(10, (at) => disks(at < 5 ? ['failed', 'ok', 'ok'] : ['ok', 'failed', 'ok']))
    const differences = await told(hosts)
    expect(differences).toContain('only on 5 (ws-10 ws-6 ws-7): [disk C] / state ok')
    expect(differences).toContain('only on 5 (ws-1 ws-2 ws-3): [disk D] / state ok')
  })
})

describe('the order of lines makes no difference', () => {
  test('of a list', async () => {
    const lines = ['sshd running', 'cron running', 'nginx stopped']
    const hosts = hostsLike(9, (at) => [...lines.slice(at % 3), ...lines.slice(0, at % 3)].join('\n'))
    expect((await told(hosts)).slice(1)).toEqual([])
  })

  test('of entries that vary', async () => {
    const hosts = hostsLike(10, (at) => {
      const lines = [`total used ${500 + at}`, `cache left ${900 + at}`]
      return (at % 2 === 0 ? lines : lines.reverse()).join('\n')
    })
    expect((await told(hosts)).slice(1)).toEqual([
      'cache left varies: 10 values, 900 to 909',
      'total used varies: 10 values, 500 to 509',
    ])
  })
})

test('a heading that holds a record is read as a record', async () => {
  const hosts = ['alpha alpha\n{}\nalpha alpha', 'alpha\n{}\nalpha alpha', 'alpha\nalpha\nalpha alpha']
  expect(await told(hostsLike(3, (at) => `${hosts[at]}\ntook 0 ms`))).not.toEqual([])
})
