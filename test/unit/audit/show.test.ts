import { createHash, randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SettingsError } from '../../../src/shared/errors.ts'
import { AuditLog } from '../../../src/tools/effects/audit/audit-log.ts'
import { showAudit } from '../../../src/tools/effects/audit/show/show-audit.ts'
import type { AuditCaller, AuditEvent } from '../../../src/tools/tool.ts'

// The calls of an audit log, as a person reads them.

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-show-'))
  path = join(folder, 'audit.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const program = {
  version: '1.2.3',
  platform: 'EU2',
  mode: 'confirm',
  confirm: ['execute'],
  limits: ['QUALYS_MAX_BULK'],
}
const caller: AuditCaller = { account: 'https://gw somebody', client: { name: 'a client', version: '7' } }
const [id, other] = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb']
const shown = {
  headline: 'Run a script (execute): 2 hosts',
  warnings: ['Every host reboots.'],
  blocks: [
    { label: 'script 7', values: ['T'] },
    { text: 'active', depth: 1 },
    { label: 'options', values: ['x  y', '"z"'], depth: 2 },
    'compared with what is stored:',
    { excerpt: ['  "echo  two"'], sha256: 'abc' },
    {
      label: 'hosts',
      columns: ['id', 'name'],
      rows: [
        ['1', 'a'],
        ['2', 'b'],
      ],
    },
  ],
}

type Facts = Readonly<Record<string, unknown>>
type Event = readonly [event: AuditEvent, facts?: Facts]

const openLog = () => new AuditLog({ path, redact: (text) => text, program })

function write(log: AuditLog, call: string, attempt: string, events: readonly Event[], who = caller): void {
  for (const [event, facts = {}] of events)
    log.record(event, { tool: 'car_execute_script', call, attempt, ...facts }, who)
}

const asked: Event = ['asked', { effect: 'execute', arguments: { scriptId: '7' } }]
const approved: Event = [
  'approved',
  { effect: 'execute', by: 'a person, in a terminal', shown, targets: { hosts: ['1', '2'] }, digest: 'd1' },
]
const answered: Event = ['answered', { outcome: 'done', id: 'run-1' }]
const done: readonly Event[] = [asked, approved, ['sent'], answered]

const show = async (call?: string): Promise<string[]> => (await showAudit(path, call)).lines
const withoutTimes = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replaceAll(/\d{4}-[\dT:.-]+Z/g, 'TIME').replaceAll(/\b[\d.]+ s\b/g, 'N s'))

test('the list has one line for each call, the newest last, with what became of it', async () => {
  const log = openLog()
  write(log, id, '1', done)
  write(log, other, '2', [asked, ['refused', { kind: 'setup', limit: 'QUALYS_MAX_BULK' }]])
  write(log, id, '3', [asked, ['refused', { kind: 'declined' }]])
  write(log, id, '4', [asked, approved, ['sent']])
  write(log, id, '5', [asked, approved])
  write(log, id, '6', [asked])
  log.close()
  expect(withoutTimes(await show())).toEqual([
    `TIME  ${id}  car_execute_script (execute)  done`,
    `TIME  ${other}  car_execute_script (execute)  refused (QUALYS_MAX_BULK)`,
    `TIME  ${id}  car_execute_script (execute)  refused (declined)`,
    `TIME  ${id}  car_execute_script (execute)  sent, no answer logged`,
    `TIME  ${id}  car_execute_script (execute)  approved, not sent`,
    `TIME  ${id}  car_execute_script (execute)  asked, not decided`,
  ])
})

test.each([
  [199, 199, undefined],
  [200, 200, undefined],
  [201, 201, '(1 earlier call)'],
  [1_500, 201, '(1,300 earlier calls)'],
])('of %i calls the list has the newest 200', async (count, lines, first) => {
  const log = openLog()
  for (let at = 0; at < count; at += 1) write(log, id, String(at), [asked])
  log.close()
  const list = await show()
  expect(list).toHaveLength(lines)
  if (first !== undefined) expect(list[0]).toBe(first)
})

test('an emptied file is told', async () => {
  writeFileSync(path, '')
  chmodSync(path, 0o600)
  expect(await showAudit(path, undefined)).toEqual({
    lines: [
      'no call of a tool with an effect',
      '',
      'the file is empty: its lines were taken away, or nothing was ever written',
    ],
    ok: false,
  })
})

test.each(['/dev/null', tmpdir()])(
  'what is no regular file, and may never end, is refused: %s',
  async (file) => {
    await expect(showAudit(file, undefined)).rejects.toThrow(
      'The audit log is no regular file: name the one that QUALYS_AUDIT_FILE names for the server.',
    )
  },
)

test('a preview that nobody read, or that was declined, is shown as one', async () => {
  const log = openLog()
  write(log, id, '1', [asked, ['approved', { by: 'settings', shown, digest: 'd1', masked: true }]])
  write(log, other, '2', [
    asked,
    ['refused', { kind: 'declined', why: 'No.', digest: 'd2', record: {}, shown }],
  ])
  log.close()
  const preview = ['        Run a script (execute): 2 hosts', '        ! Every host reboots.']
  const unasked = await show(id)
  const start = unasked.indexOf('    preview, which nobody had to read:')
  expect(unasked.slice(start - 1, start + 3)).toEqual([
    '    by: nobody was asked, the settings allow it',
    '    preview, which nobody had to read:',
    ...preview,
  ])
  expect(unasked).toContain(
    '    (what looks like a credential is masked in the log, and stood in the preview)',
  )
  const declined = await show(other)
  const refusal = declined.findIndex((line) => line.startsWith('refused'))
  expect(declined.slice(refusal + 1, refusal + 7)).toEqual([
    '    kind: declined',
    '    why: No.',
    '    digest: d2',
    '    preview:',
    ...preview,
  ])
})

test('a call says who asked, what was shown, who said yes, what was sent and what came back', async () => {
  const log = openLog()
  write(log, id, '1', done)
  log.close()
  expect(withoutTimes(await show(id))).toEqual([
    `call ${id}: car_execute_script`,
    'asked TIME (line 2)',
    '    account: https://gw somebody',
    '    client: a client 7',
    '    server: qualys-mcp 1.2.3, platform EU2, mode confirm (asks for execute)',
    '    limits set: QUALYS_MAX_BULK',
    '    arguments:',
    '        scriptId: 7',
    'approved TIME, N s later (line 3)',
    '    by: a person, in a terminal',
    '    shown:',
    '        Run a script (execute): 2 hosts',
    '        ! Every host reboots.',
    '        script 7: "T"',
    '          active',
    String.raw`            options: "x  y", "\"z\""`,
    '        compared with what is stored:',
    '          "echo  two"',
    '          (the whole text is sealed with the hash abc)',
    '        hosts (id, name):',
    '          "1", "a"',
    '          "2", "b"',
    '    ids of hosts (2):',
    '        1, 2',
    '    digest: d1',
    'sent TIME, N s later (line 4)',
    'answered TIME, N s later (line 5)',
    '    outcome: done',
    '    id: run-1',
    'in all N s',
  ])
})

test('a text that only looks like lines of a preview is one line', async () => {
  const log = openLog()
  const blocks = ['not known: x\nhosts: "a"', 'not known: x\n  "y"\naccount: "a"']
  write(log, id, '1', [asked, ['approved', { shown: { ...shown, blocks }, digest: 'd1' }]])
  log.close()
  const lines = await show(id)
  expect(lines).toContain(String.raw`        not known: x\nhosts: "a"`)
  expect(lines).toContain(String.raw`        not known: x\n  "y"\naccount: "a"`)
})

test('another account or client than that of the first line is said', async () => {
  const log = openLog()
  write(log, id, '1', done)
  write(log, other, '2', done, { account: 'https://qps other', client: { name: 'a client', version: '8' } })
  log.close()
  const text = (await show(other)).join('\n')
  expect(text).toContain('account: https://qps other\n    client: a client 8')
  const [, , , , , ownLine = ''] = readFileSync(path, 'utf8').split('\n')
  expect(JSON.parse(ownLine).facts).toMatchObject({
    account: 'https://qps other',
    client: { name: 'a client', version: '8' },
  })
})

describe('calls with the same id', () => {
  test('are shown one by one', async () => {
    const log = openLog()
    write(log, id, '1', done)
    write(log, id, '2', [asked, ['refused', { kind: 'declined', why: 'The person said no.' }]])
    log.close()
    const lines = await show(id)
    expect(lines.filter((line) => line.startsWith('call '))).toEqual([
      `call ${id} (1 of 2): car_execute_script`,
      `call ${id} (2 of 2): car_execute_script`,
    ])
    expect(lines).toContain('    why: The person said no.')
  })

  test('that run at the same time are kept apart', async () => {
    const log = openLog()
    for (const event of done)
      for (const attempt of ['1', '2'])
        write(log, id, attempt, [
          event[0] === 'answered' ? ['answered', { outcome: `of ${attempt}` }] : event,
        ])
    log.close()
    expect(withoutTimes(await show())).toEqual([
      `TIME  ${id}  car_execute_script (execute)  of 1`,
      `TIME  ${id}  car_execute_script (execute)  of 2`,
    ])
  })

  test('that bring the answer to a question belong to the call that asked it', async () => {
    const log = openLog()
    write(log, id, '1', [asked])
    write(log, id, '2', [['asked', { ...asked[1], again: true }], approved, ['sent'], answered])
    log.close()
    expect(withoutTimes(await show())).toEqual([`TIME  ${id}  car_execute_script (execute)  done`])
    expect((await show(id)).filter((line) => /^\w+ \d{4}/.test(line))).toHaveLength(5)
  })
})

test('several chains in one file are kept apart, each with its own first line', async () => {
  const [one, two] = [openLog(), openLog()]
  for (const event of done) {
    write(one, id, '1', [event])
    write(two, id, '1', [event], { account: 'https://gw another' })
  }
  for (const log of [one, two]) log.close()
  const accounts = (await show(id)).filter((line) => line.includes('account: '))
  expect(accounts).toEqual(['    account: https://gw somebody', '    account: https://gw another'])
})

/** A line with a hash that fits. */
function lineOf(entry: object): string {
  const body = JSON.stringify(entry)
  return `${body.slice(0, -1)},"hash":"${createHash('sha256').update(body).digest('hex')}"}\n`
}

test('lines of earlier versions, without a first line, an attempt and a preview', async () => {
  const chain = randomUUID()
  const facts = { tool: 'car_clone_script', call: id }
  const events = [
    ['asked', { effect: 'create', arguments: { scriptId: '7' } }],
    ['approved', { by: 'settings', digest: 'd' }],
    ['sent', {}],
    ['answered', { outcome: 'done' }],
  ] as const
  const twice = [...events, ...events]
  writeFileSync(
    path,
    twice
      .map(([event, more], seq) =>
        lineOf({
          chain,
          seq,
          prev: '',
          time: '2026-11-29T00:29:37.100Z',
          event,
          facts: { ...facts, ...more },
        }),
      )
      .join(''),
  )
  const { lines, ok } = await showAudit(path, id)
  expect(ok).toBe(true)
  expect(lines.filter((line) => line.startsWith('call '))).toHaveLength(2)
  expect(lines).toContain('    what was shown is not in the log: an earlier version wrote it')
  expect(lines).toContain('    by: nobody was asked, the settings allow it')
})

test('damaged lines are left out and told', async () => {
  const log = openLog()
  write(log, id, '1', done)
  log.close()
  const lines = readFileSync(path, 'utf8').split('\n')
  lines[4] = (lines[4] ?? '').replace('"done"', '"none"')
  writeFileSync(path, ['no JSON', ...lines].join('\n'))
  const shownLines = await showAudit(path, undefined)
  expect(shownLines.ok).toBe(false)
  expect(withoutTimes(shownLines.lines)).toEqual([
    `TIME  ${id}  car_execute_script (execute)  sent, no answer logged`,
    '',
    'line 1 is left out: it is no line of an audit log',
    'line 6 is left out: it was changed, for it does not fit its own hash',
  ])
})

test('text of the file controls no terminal, and starts no line of its own', async () => {
  const hostile = '\u001b[2J\u009b31m\r\ncall 0000: forged\n\u202e\u200b'
  const log = openLog()
  const deep = { [hostile]: [hostile, { [hostile]: hostile }] }
  write(
    log,
    id,
    '1',
    [
      ['asked', { effect: hostile, arguments: deep }],
      [
        'approved',
        {
          ...{ by: hostile, digest: hostile, sends: deep, targets: { [hostile]: [hostile] } },
          shown: {
            headline: hostile,
            warnings: [hostile, deep],
            blocks: [
              ...[hostile, deep, { label: hostile, rows: [hostile] }, { text: hostile, depth: 1 }],
              ...[
                { label: hostile, values: [hostile] },
                { excerpt: [hostile], sha256: hostile },
              ],
              { label: hostile, columns: [hostile], rows: [[hostile, hostile]] },
              { label: hostile, columns: [hostile], rows: [hostile, [deep]] },
            ],
          },
        },
      ],
      ['answered', { outcome: hostile, [hostile]: hostile }],
    ],
    { account: hostile, client: { name: hostile, version: hostile } },
  )
  log.record('asked', { call: hostile, tool: hostile }, {})
  log.close()
  for (const lines of [await show(), await show(id), await show(hostile)]) {
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(line).toMatch(/^[ -~…]*$/)
    expect(lines.filter((line) => /^call 0000/.test(line))).toEqual([])
  }
})

test.each<readonly [string, unknown]>([
  ['a list', []],
  ['a text', 'x'],
  ['a list in the place of a text', { headline: [], warnings: 'x', blocks: { a: 1 } }],
  ['rows that are none', { headline: 'x', warnings: [], blocks: [{ label: 1, rows: 2 }, null, 3] }],
  [
    'parts that are none',
    {
      ...{ headline: 'x', warnings: [] },
      blocks: [
        ...[{ text: 'x', depth: 9 }, { text: 1 }, { values: ['x'] }, { label: 'x', values: 'y' }],
        ...[
          { label: 'x', columns: 'y', rows: [['z']] },
          { label: 'x', columns: ['y'], rows: ['z'] },
        ],
        { label: 'x', values: ['y'], depth: 1e9 },
      ],
    },
  ],
])('a preview of another form is no failure: %s', async (_what, odd) => {
  const log = openLog()
  write(log, id, '1', [asked, ['approved', { shown: odd, targets: odd, sends: odd }]])
  log.close()
  expect((await show(id)).length).toBeGreaterThan(5)
})

test('another id is answered with the nearest', async () => {
  const log = openLog()
  write(log, id, '1', done)
  write(log, other, '2', done)
  log.close()
  await expect(showAudit(path, 'bbbbbbbbbbbbbbbc')).rejects.toThrow(SettingsError)
  await expect(showAudit(path, 'bbbbbbbbbbbbbbbc')).rejects.toThrow(
    `No call of this log has the id bbbbbbbbbbbbbbbc: did you mean ${other}?`,
  )
})

test('a call that is not in the log, and a log that is not there, are a sentence', async () => {
  writeFileSync(path, '')
  await expect(showAudit(path, id)).rejects.toThrow(`has the id ${id}: it holds no call`)
  await expect(showAudit(join(folder, 'none'), undefined)).rejects.toThrow(/^There is no such file/)
})

test.skipIf(process.platform === 'win32')('a file that others may write proves nothing', async () => {
  const log = openLog()
  write(log, id, '1', done)
  log.close()
  chmodSync(path, 0o666)
  const { lines, ok } = await showAudit(path, id)
  expect(ok).toBe(false)
  expect(lines.at(-1)).toBe('the file proves nothing: other users may write it (mode 0666)')
})
