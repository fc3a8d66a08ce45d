import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { verifyAudit } from '../../../src/tools/effects/audit/verify-audit.ts'
import { canary } from '../../support/canary.ts'
import { addressesOf, interceptedPlatform } from '../../support/effects/altered-platform.ts'
import { effectTest, executeOn, runOn, sentEvents } from '../../support/effects/fixtures.ts'
import { countRequests, type UnattendedServer } from '../../support/effects/unattended.ts'
import { leaks } from '../../support/leak-search.ts'

// What the audit log leaves out, and what is refused when it cannot be written.

const executing = 'POST /sm/v1/scripts/19218/execute'
const route = 'POST /sm/v1/scripts/{scriptId}/execute'
const listing = 'POST /sm/v2/jobs/search'
const test = effectTest().extend<{
  /** A server whose requests trigger an action when they arrive. */
  serveWith: (hooks: Readonly<Record<string, () => unknown>>) => Promise<UnattendedServer>
}>({
  serveWith: async ({ sandbox, serve }, use) =>
    use(async (hooks) => serve(addressesOf(await interceptedPlatform(sandbox, hooks)))),
})

describe('what it does not hold', () => {
  test('content, secrets and tokens', async ({ sandbox, serve, audit }) => {
    const [password, secret] = [canary('password'), canary('parameter')]
    const stored = (await sandbox.control.dump('scripts')).find(({ id }) => id === 25209)
    const pin = createHash('sha256')
      .update(Buffer.from(String(stored?.['content']), 'base64'))
      .digest('hex')
    const server = await serve({
      QUALYS_SECRET_DB_PASSWORD: secret,
      QUALYS_SECRET_DB_PASSWORD_FOR: `25209@${pin}`,
      QUALYS_SECRET_OTHER: password,
    })
    const content = `Write-Output "${'hush '.repeat(50)}"`
    const script = {
      typeId: 1,
      subType: 'Detection',
      languageId: 201,
      platform: 'WINDOWS',
      severity: 2,
      title: 'Audited',
    }
    const run = {
      scriptId: '25209',
      assetIds: ['21789601'],
      params: [{ key: 'path', secret: 'db-password' }],
    }
    const made = await server.call('car_execute_script', run)
    expect(made.isError, made.text).toBe(false)
    expect(audit.factsOf('asked')?.['arguments']).toEqual(run)
    // Qualys' answers to them, too.
    const body = { errorCode: '400', message: `no: ${secret} and Bearer ${password}1234`, body: null }
    await sandbox.control.faults([{ route: 'POST /sm/v5/script', kind: 'reply', status: 400, body }])
    await server.call('car_create_script', { ...script, content })
    await sandbox.control.faults([
      { route: 'POST /sm/v5/script', kind: 'reply', body: { errorCode: '0', body: { id: secret } } },
    ])
    await server.call('car_create_script', { ...script, content: `${content} ` })
    const text = readFileSync(audit.file, 'utf8')
    expect(audit.events()).toHaveLength(3 * sentEvents.length)
    expect(leaks(text)).toEqual([])
    expect(text).toContain(`"content":"sha256 ${createHash('sha256').update(content).digest('hex')}"`)
    // The preview shows a part of it, as it showed it to a person.
    for (const { facts } of audit.lines())
      expect(JSON.stringify({ ...facts, shown: '' })).not.toContain('hush')
    for (const { headers } of await sandbox.control.requests()) {
      const [, token] = /^Bearer (.+)$/.exec(headers['authorization'] ?? '') ?? []
      if (token !== undefined) expect(text).not.toContain(token)
    }
  })

  test('what looks like a token, even if it was passed as an argument', async ({
    server,
    audit,
    objects,
  }) => {
    const token = `ghp_${'a1B2'.repeat(9)}`
    const params = [{ key: 'path', value: token }]
    const { text, isError } = await server.call('car_execute_script', { ...runOn(objects), params })
    expect(isError, text).toBe(true)
    expect(existsSync(audit.file) && readFileSync(audit.file, 'utf8').includes(token)).toBe(false)
    expect(text).not.toContain(token)
  })

  test('calls that only read', async ({ server, audit }) => {
    await server.call('car_search_jobs', {})
    await server.call('car_get_script', { scriptId: 19218 })
    expect(existsSync(audit.file)).toBe(false)
  })
})

describe('a log file that cannot be written', () => {
  const unwritable = { kind: 'setup' }
  const says = /^The audit log \(QUALYS_AUDIT_FILE\) cannot be written: its folder does not exist\./

  test('from the start: effects are refused before any request, reading works', async ({
    sandbox,
    server,
    audit,
    objects,
  }) => {
    rmSync(audit.folder, { recursive: true })
    const { text, error } = await executeOn(server, objects)
    expect(error).toMatchObject(unwritable)
    expect(text).toMatch(says)
    expect(await sandbox.control.requests()).toEqual([])
    expect((await server.call('car_search_jobs', {})).isError).toBe(false)
    expect((await server.call('qualys_status', {})).isError).toBe(false)
  })

  test('after the approval: nothing is sent', async ({ sandbox, serveWith, audit, objects }) => {
    let events: string[] = []
    const server = await serveWith({
      [listing]: () => {
        events = audit.events()
        rmSync(audit.folder, { recursive: true })
      },
    })
    const { text, error } = await executeOn(server, objects)
    expect(events).toEqual(['asked', 'approved'])
    expect(error).toMatchObject(unwritable)
    expect(text).toMatch(says)
    expect(await countRequests(sandbox.control, executing)).toBe(0)
    expect(server.log.join('\n')).toContain('"error":"The audit log (QUALYS_AUDIT_FILE) cannot be written')
  })

  test('after sending: the answer is not lost, and the next effect is refused', async ({
    sandbox,
    serveWith,
    audit,
    objects,
  }) => {
    const server = await serveWith({ [executing]: () => rmSync(audit.folder, { recursive: true }) })
    const { text, isError } = await executeOn(server, objects)
    expect(isError, text).toBe(false)
    expect(text).toMatch(/script 19218 "[^"]*" started/)
    expect(server.log.join('\n')).toContain('"error":"The audit log (QUALYS_AUDIT_FILE) cannot be written')

    const next = await executeOn(server, objects)
    expect(next.error).toMatchObject(unwritable)
    expect(await countRequests(sandbox.control, executing)).toBe(1)

    mkdirSync(audit.folder)
    expect((await executeOn(server, objects)).isError).toBe(false)
    expect(audit.events()).toEqual(sentEvents)
  })

  test('after sending, with a lost answer: the unknown outcome is still reported', async ({
    sandbox,
    serveWith,
    audit,
    objects,
  }) => {
    await sandbox.control.knobs({ jobDelayMs: 0 })
    await sandbox.control.faults([{ route, kind: 'resetAfterBody' }])
    const server = await serveWith({ [executing]: () => rmSync(audit.folder, { recursive: true }) })
    const { text, error } = await executeOn(server, objects)
    expect(error).toMatchObject({ kind: 'unclear' })
    expect(text).toContain('Probably it is run')
  })

  test('because it was rotated away: each file holds a chain of its own', async ({
    server,
    audit,
    objects,
  }) => {
    await executeOn(server, objects)
    renameSync(audit.file, `${audit.file}.1`)
    await executeOn(server, objects)
    await server.close()
    for (const one of [audit.file, `${audit.file}.1`])
      expect(await verifyAudit(one)).toEqual({ lines: ['1 chain, 6 lines: intact'], ok: true })
  })
})
