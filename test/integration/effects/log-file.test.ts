import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { verifyAudit } from '../../../src/commands/audit.ts'
import { canary } from '../../support/canary.ts'
import { timesSeen } from '../../support/effects/bench.ts'
import { leaks } from '../../support/leak-search.ts'
import { Audited, whole } from './audited.ts'

// What the audit log does not hold, and what it stops when it cannot be written.

const executing = 'POST /sm/v1/scripts/19218/execute'
const route = 'POST /sm/v1/scripts/{scriptId}/execute'
const listing = 'POST /sm/v2/jobs/search'
const log = new Audited()

describe('what it does not hold', () => {
  test('content, secrets and tokens', async () => {
    const [password, secret] = [canary('password'), canary('parameter')]
    const server = await log.serve({ QUALYS_SECRET_DB_PASSWORD: secret, QUALYS_SECRET_OTHER: password })
    const content = `Write-Output "${'hush '.repeat(50)}"`
    const script = {
      typeId: 1,
      subType: 'Detection',
      languageId: 201,
      platform: 'WINDOWS',
      severity: 2,
      title: 'Audited',
    }
    const params = [{ key: 'path', secret: 'db-password' }]
    const made = await server.call('car_create_script', { ...script, content, params })
    expect(made.isError, made.text).toBe(false)
    expect(log.factsOf('asked')?.['arguments']).toEqual({
      ...script,
      typeId: '1',
      languageId: '201',
      params,
      content: `sha256 ${createHash('sha256').update(content).digest('hex')}`,
    })
    // And what Qualys says back of them.
    const body = { errorCode: '400', message: `no: ${secret} and Bearer ${password}1234`, body: null }
    await log.sandbox.control.faults([{ route: 'POST /sm/v5/script', kind: 'reply', status: 400, body }])
    await server.call('car_create_script', { ...script, content })
    await log.sandbox.control.faults([
      { route: 'POST /sm/v5/script', kind: 'reply', body: { errorCode: '0', body: { id: secret } } },
    ])
    await server.call('car_create_script', { ...script, content: `${content} ` })
    const text = readFileSync(log.file, 'utf8')
    expect(log.events()).toHaveLength(3 * whole.length)
    expect(leaks(text)).toEqual([])
    expect(text).not.toContain('hush')
    for (const { headers } of await log.sandbox.control.requests()) {
      const [, token] = /^Bearer (.+)$/.exec(headers['authorization'] ?? '') ?? []
      if (token !== undefined) expect(text).not.toContain(token)
    }
  })

  test('what looks like a token, though somebody passed one', async () => {
    const server = await log.serve()
    const token = `ghp_${'a1B2'.repeat(9)}`
    const params = [{ key: 'path', value: token }]
    const { text, isError } = await log.execute(server, { ...log.run(), params })
    expect(isError, text).toBe(true)
    expect(existsSync(log.file) && readFileSync(log.file, 'utf8').includes(token)).toBe(false)
    expect(text).not.toContain(token)
  })

  test('calls that only read', async () => {
    const server = await log.serve()
    await server.call('car_search_jobs', {})
    await server.call('car_get_script', { scriptId: 19218 })
    expect(existsSync(log.file)).toBe(false)
  })
})

describe('a log that cannot be written', () => {
  const unwritable = { kind: 'setup' }
  const says = /^The audit log \(QUALYS_AUDIT_FILE\) cannot be written: its folder does not exist\./

  test('from the start: effects are refused before anything is asked at Qualys, reading goes on', async () => {
    rmSync(log.logs, { recursive: true })
    const server = await log.serve()
    const { text, error } = await log.execute(server)
    expect(error).toMatchObject(unwritable)
    expect(text).toMatch(says)
    expect(await log.sandbox.control.requests()).toEqual([])
    expect((await server.call('car_search_jobs', {})).isError).toBe(false)
    expect((await server.call('qualys_status', {})).isError).toBe(false)
  })

  test('any more, once it was approved: nothing is sent', async () => {
    const server = await log.serve()
    await log.sandbox.control.faults([{ route: listing, kind: 'delay', ms: 100 }])
    const call = log.execute(server)
    await expect.poll(() => timesSeen(log.sandbox.control, listing), { interval: 2, timeout: 30_000 }).toBe(1)
    expect(log.events()).toEqual(['asked', 'approved'])
    rmSync(log.logs, { recursive: true })
    const { text, error } = await call
    expect(error).toMatchObject(unwritable)
    expect(text).toMatch(says)
    expect(await timesSeen(log.sandbox.control, executing)).toBe(0)
    expect(server.log.join('\n')).toContain('"error":"The audit log (QUALYS_AUDIT_FILE) cannot be written')
  })

  test('any more, once it was sent: the answer is not lost, and the next effect is refused', async () => {
    const server = await log.serve()
    await log.sandbox.control.faults([{ route, kind: 'delay', ms: 100 }])
    const call = log.execute(server)
    await expect
      .poll(() => timesSeen(log.sandbox.control, executing), { interval: 2, timeout: 30_000 })
      .toBe(1)
    rmSync(log.logs, { recursive: true })
    const { text, isError } = await call
    expect(isError, text).toBe(false)
    expect(text).toContain('script 19218 started')
    expect(server.log.join('\n')).toContain('"error":"The audit log (QUALYS_AUDIT_FILE) cannot be written')

    const next = await log.execute(server)
    expect(next.error).toMatchObject(unwritable)
    expect(await timesSeen(log.sandbox.control, executing)).toBe(1)

    mkdirSync(log.logs)
    await log.sandbox.control.faults([])
    expect((await log.execute(server)).isError).toBe(false)
    expect(log.events()).toEqual(whole)
  })

  test('any more, with a lost answer: what is not known is told all the same', async () => {
    const server = await log.serve()
    await log.sandbox.control.faults([
      { route, kind: 'delay', ms: 100 },
      { route, kind: 'resetAfterBody' },
    ])
    const call = log.execute(server)
    await expect
      .poll(() => timesSeen(log.sandbox.control, executing), { interval: 2, timeout: 30_000 })
      .toBe(1)
    rmSync(log.logs, { recursive: true })
    const { text, error } = await call
    expect(error).toMatchObject({ kind: 'unclear' })
    expect(text).toContain('Probably it is run')
  })

  test('under its name, since it was rotated away: each file holds a chain of its own', async () => {
    const server = await log.serve()
    await log.execute(server)
    renameSync(log.file, `${log.file}.1`)
    await log.execute(server)
    await log.close()
    for (const one of [log.file, `${log.file}.1`])
      expect(await verifyAudit(one)).toEqual({ lines: ['1 chain, 5 lines: intact'], ok: true })
  })
})
