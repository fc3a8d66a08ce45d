import { describe, expect } from 'vitest'
import type { Environment } from '../../../../src/config/settings.ts'
import { consentTest as test } from '../../../support/consent/fixtures.ts'
import {
  type Column,
  columns,
  type Matter,
  type Outcome,
  play,
  type YesWay,
} from '../../../support/consent-matrix/cells.ts'
import { overHttp } from '../../../support/consent-matrix/over-http.ts'
import { overStdio } from '../../../support/consent-matrix/over-stdio.ts'
import type { TestSandbox } from '../../../support/sandbox.ts'
import { openTestService } from '../../../support/service/service.ts'
import { pageSettings } from '../../../support/service-page/page.ts'

// Modes x settings x transports and revisions x ways to say yes: how many requests arrive at the sandbox, and what the
// assistant is told at last. (Every answer to a form: ../matrix.test.ts; each setting with each other: ../../approvals/forged/ways.test.ts.)

type Row = Readonly<Partial<Record<YesWay, Outcome>>>

const sent: Outcome = [1, 'ran']
const gone: Outcome = [0, 'no such tool']

/** A row in which every way has the same outcome, but for those that are named. */
const row = (usual: Outcome, ways: readonly YesWay[], others: Row = {}): Row => ({
  ...Object.fromEntries(ways.map((way) => [way, usual])),
  ...others,
})

const ofStdio = ['form', 'page', 'link', 'terminal', 'passkey', 'nothing'] as const
const ofHttp = ['form', 'page', 'own', 'link', 'terminal', 'passkey', 'nothing'] as const
/** By another approver, who is logged in and has a passkey. */
const byEve = { page: sent, passkey: sent }

/** Modes x settings. */
type Table = Readonly<Record<string, Readonly<Partial<Record<Column, Row>>>>>
type Open = (sandbox: TestSandbox, settings: Environment) => Promise<Matter>

/** The same in both revisions. */
const stdio: Table = {
  confirm: {
    usual: row(sent, ofStdio, { link: [0, 'ask: page or terminal'], nothing: [0, 'ask: page or terminal'] }),
    'APPROVE_BY=page': row([0, 'ask: page'], ofStdio, byEve),
    'PASSKEY_FOR=execute': row([0, 'ask: passkey'], ofStdio, { passkey: sent }),
  },
  unattended: {
    usual: row(sent, ofStdio),
    'APPROVE_BY=page': row(sent, ofStdio),
    'PASSKEY_FOR=execute': row([0, 'ask: passkey'], ofStdio, { passkey: sent }),
  },
  'read-only': {
    usual: row(gone, ofStdio),
    'APPROVE_BY=page': row(gone, ofStdio),
    'PASSKEY_FOR=execute': row(gone, ofStdio),
  },
}

/** The same in both revisions. */
const http: Table = {
  confirm: {
    usual: row([0, 'ask: page of the service'], ofHttp, { ...byEve, own: sent }),
    'APPROVE_BY=page': row([0, 'ask: page of the service'], ofHttp, { ...byEve, own: sent }),
    'PASSKEY_FOR=execute': row([0, 'ask: passkey on the page of the service'], ofHttp, { passkey: sent }),
    'FOUR_EYES=execute': row([0, 'ask: another person'], ofHttp, byEve),
  },
  unattended: {
    usual: row(sent, ofHttp),
    'APPROVE_BY=page': row(sent, ofHttp),
    'PASSKEY_FOR=execute': row([0, 'ask: passkey on the page of the service'], ofHttp, { passkey: sent }),
  },
  'read-only': {
    usual: row(gone, ofHttp),
    'APPROVE_BY=page': row(gone, ofHttp),
    'PASSKEY_FOR=execute': row(gone, ofHttp),
    'FOUR_EYES=execute': row(gone, ofHttp),
  },
}

/** Where forms count as well: clients of 2025 show none over HTTP. */
const withForms = (form: Outcome): Table => ({
  ...http,
  confirm: {
    ...http['confirm'],
    'APPROVE_BY=client,page,terminal': row(sent, ofHttp, {
      form,
      link: [0, 'ask: page of the service or terminal'],
      nothing: [0, 'ask: page of the service or terminal'],
    }),
  },
})

const transports: Readonly<Record<string, readonly [Table, Open]>> = {
  'stdio, 2025': [stdio, (sandbox, settings) => overStdio(sandbox, 'legacy', settings)],
  'stdio, 2026': [stdio, (sandbox, settings) => overStdio(sandbox, 'modern', settings)],
  'HTTP, 2025': [
    withForms([0, 'ask: page of the service or terminal']),
    (sandbox, settings) => overHttp(sandbox, '2025-11-25', settings),
  ],
  'HTTP, 2026': [withForms(sent), (sandbox, settings) => overHttp(sandbox, '2026-07-28', settings)],
}

describe.each(Object.entries(transports))('%s', (_transport, [table, open]) => {
  describe.each(Object.keys(table))('%s', (mode) => {
    test.for(Object.entries(table[mode] ?? {}) as [Column, Row][])(
      '%s',
      async ([column, expected], { sandbox }) => {
        const matter = await open(sandbox, { QUALYS_MODE: mode, ...columns[column] })
        const outcomes: Record<string, Outcome> = {}
        for (const way of Object.keys(expected) as YesWay[]) outcomes[way] = await play(sandbox, matter, way)
        expect(outcomes).toEqual(expected)
      },
    )
  })
})

test('unattended with FOUR_EYES=execute: the service does not start', async ({ sandbox }) => {
  const settings = { ...pageSettings, QUALYS_MODE: 'unattended', QUALYS_FOUR_EYES: 'execute' }
  await expect(openTestService(sandbox, { settings })).rejects.toThrow(
    /^QUALYS_FOUR_EYES asks for a second person, but in QUALYS_MODE=unattended nobody is asked/,
  )
})
