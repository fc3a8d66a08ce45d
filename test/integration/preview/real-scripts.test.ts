import { expect } from 'vitest'
import { searchBlockedCommands } from '../../../src/operations/car/guardrails.ts'
import { consentTest } from '../../support/consent/fixtures.ts'
import { expectWellFormed } from '../../support/consent/previews.ts'
import { eras, yes } from '../../support/consent/raw-client.ts'
import { alteredPlatform } from '../../support/effects/altered-platform.ts'
import { base64Of, signatureLines } from '../../support/preview/scripts.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// What a person reads before real scripts are created and updated.

const guardrailsPath = searchBlockedCommands.route.split(' ')[1]
const script = {
  title: 'A real one',
  typeId: '1',
  subType: 'Detection',
  languageId: '201',
  platform: 'WINDOWS',
  severity: 2,
}
const update = { scriptId: '19218', comment: 'one more line' }
const settings = { QUALYS_UNVERIFIED: 'all' }

/** A platform on which the script of `update` has this content. */
const storing = (sandbox: TestSandbox, content: string | Buffer) =>
  alteredPlatform(sandbox, {
    answer: (path, answer) => {
      const body = answer['body']
      if (!path.endsWith('/scripts/19218') || typeof body !== 'object') return undefined
      return { ...answer, body: { ...body, content: Buffer.from(content as string).toString('base64') } }
    },
  })

const guardrailReads = async ({ control }: TestSandbox): Promise<number> =>
  (await control.requests()).filter(({ path }) => path === guardrailsPath).length

consentTest.for(eras)(
  'real-blocked-after-yes, %s: a person reads of blocked commands before the yes, and Qualys decides',
  async (era, { sandbox, connect }) => {
    const client = await connect(era, { settings })
    const args = { ...script, content: '# Restart\n$all = get-service\nCopy-Item a b\n# curl\n' }
    const { text } = await client.callAndAnswer('car_create_script', args, yes)
    const preview = String(client.questions[0]?.['message'])
    expectWellFormed(preview)
    expect(preview.split('\n').slice(0, 3)).toEqual([
      'Create a script (create)',
      '! Line 2 holds "Get-Service", which a guardrail blocks: Qualys may refuse the script.',
      'language 201: "PowerShell-Command", "WINDOWS"',
    ])
    expect(text).toContain('The script contains a blocked command: Get-Service')
    // Once for the question and the answer.
    expect(await guardrailReads(sandbox)).toBe(1)
  },
)

consentTest('a command that this server blocks counts at once', async ({ sandbox, connect }) => {
  const client = await connect('modern', { settings: { ...settings, QUALYS_CONFIRM: 'execute' } })
  const args = { ...script, content: 'Stop-Computer', scriptApprovalUserConsent: true }
  expect((await client.call('car_create_script', args)).preview).not.toContain('guardrail')
  await client.call('car_add_blocked_commands', { languageId: '201', commands: ['Stop-Computer'] })
  expect((await client.call('car_create_script', args)).preview).toContain('! Line 1 holds "Stop-Computer"')
  // One of them for the new state.
  expect(await guardrailReads(sandbox)).toBe(3)
})

consentTest(
  'an update is compared with the guardrails of the language of the script',
  async ({ connect }) => {
    const client = await connect('modern', { settings })
    const { preview = '' } = await client.call('car_update_script', {
      ...update,
      content: 'Get-Service\ncurl x\n',
    })
    expectWellFormed(preview)
    expect(preview.match(/! Line .*/g)).toEqual([
      '! Line 1 holds "Get-Service", which a guardrail blocks: Qualys may refuse the script.',
    ])
  },
)

consentTest.for([403, 404, 500])(
  'guardrails that are refused with %i change nothing but a clause',
  async (status, { sandbox, connect }) => {
    await sandbox.control.faults([
      { route: searchBlockedCommands.route, kind: 'reply', status, body: { message: 'no' } },
    ])
    const client = await connect('modern', { settings: { ...settings, QUALYS_MAX_WAIT_SECONDS: '0' } })
    const { preview = '' } = await client.call('car_create_script', { ...script, content: 'Get-Service' })
    expectWellFormed(preview)
    const why = status === 403 ? 'this account may not read them' : 'they could not be read'
    expect(preview).toContain(`\nblocked commands: not compared, for ${why}\n`)
    expect(preview).not.toContain('guardrail')
  },
)

consentTest('guardrails that a setting withholds are not read', async ({ sandbox, connect }) => {
  const client = await connect('modern', { settings: { ...settings, QUALYS_TOOLSETS: 'car.scripts' } })
  const { preview = '' } = await client.call('car_create_script', { ...script, content: 'Get-Service' })
  expect(preview).toContain(
    '\nblocked commands: not compared, for QUALYS_TOOLSETS withholds car_search_blocked_commands\n',
  )
  expect(await guardrailReads(sandbox)).toBe(0)
})

const licence = Array.from({ length: 30 }, (_, at) => `# Licence, line ${at}`)
const code = Array.from({ length: 175 }, (_, at) => `Get-Item C:\\${at}`)
const signed = (lines: readonly string[]): string =>
  [...licence, ...lines, ...signatureLines(190), ''].join('\r\n')

consentTest.for(eras)(
  'real-signature-tail, %s: of a signed script the code is shown',
  async (era, { connect }) => {
    const client = await connect(era, { settings })
    await client.callAndAnswer(
      'car_create_script',
      { ...script, content: signed(code) },
      { action: 'decline' },
    )
    const preview = String(client.questions[0]?.['message'])
    expectWellFormed(preview)
    expect(preview).toMatch(/\n {2}comment, 30 lines, sha256 \w{64}: "Licence, line 0 /)
    expect(preview).toMatch(/\n {2}signature block, 190 lines, sha256 \w{64}\n/)
    expect(preview.match(/\n {2}"Get-Item /g)).toHaveLength(38)
    expect(preview).not.toContain('! ')
  },
)

consentTest('real-signature-tail: base64 at the end is one line', async ({ connect }) => {
  const client = await connect('modern', { settings })
  const content = `$data = '${base64Of(200_000)}'\nWrite-Output $data\n`
  const { preview = '' } = await client.call('car_create_script', { ...script, content })
  expectWellFormed(preview)
  expect(preview).toMatch(
    /\n {2}"\$data = '"\n {4}base64, 200,000 characters, sha256 \w{64}\n {4}"'"\n {2}"Write-Output \$data"\n/,
  )
})

consentTest(
  'real-signature-tail: an old signature below new content is a warning',
  async ({ sandbox, connect }) => {
    const platform = await storing(sandbox, signed(code))
    const warning = 'The signature block is that of the stored content: it does not verify any more.'
    const args = { ...update, content: signed([...code, 'Get-Date']) }
    const asked = await (await connect('modern', { settings }, platform)).call('car_update_script', args)
    expectWellFormed(asked.preview ?? '')
    expect(asked.preview?.split('\n')[1]).toBe(`! ${warning}`)
    expect(asked.preview).toContain('\n  + 206 "Get-Date"\n')
    const free = { ...settings, QUALYS_MODE: 'unattended' }
    const { text } = await (await connect('modern', { settings: free }, platform)).call(
      'car_update_script',
      args,
    )
    expect(text).toContain(warning)
  },
)

consentTest(
  'real-masked-read-back: a line that differs under a mask is said to differ',
  async ({ sandbox, connect }) => {
    const content = (word: string): string => `#!/bin/sh\ncurl https://svc:${word}@repo.example/x\nexit 0\n`
    const client = await connect('modern', { settings }, await storing(sandbox, content('Secret12345')))
    const { preview = '' } = await client.call('car_update_script', {
      ...update,
      content: content('Secret54321'),
    })
    expectWellFormed(preview)
    expect(preview).toContain('\n    1 "#!/bin/sh"\n  line 2 differs under a mask\n    3 "exit 0"\n')
    expect(preview).not.toMatch(/Secret\d/)
  },
)

consentTest(
  'a mask that may hide a command is a warning before the yes, not after it',
  async ({ connect }) => {
    const args = { scriptId: '19218', params: [{ key: 'Path', value: 'https://x:$(reboot)@host' }] }
    const warning = 'The text of params.0.value may hold more than a secret where the preview masks one'
    const { preview = '' } = await (await connect('modern', { settings })).call('car_update_script', args)
    expectWellFormed(preview)
    expect(preview.split('\n')[1]).toContain(`! ${warning}`)
    const free = { ...settings, QUALYS_MODE: 'unattended' }
    const { text } = await (await connect('modern', { settings: free })).call('car_update_script', args)
    expect(text).toMatch(/script 19218 "[^"]*" updated/)
    expect(text).not.toContain(warning)
  },
)

consentTest('a secret that is longer than a line of the preview is masked', async ({ connect }) => {
  const client = await connect('modern', { settings })
  const secret = `https://svc:${'Secret-12345-'.repeat(12)}@repo.example/x`
  const { preview = '' } = await client.call('car_create_script', {
    ...script,
    description: secret,
    content: `curl ${secret}`,
  })
  expectWellFormed(preview)
  expect(preview.match(/\[masked-by-qualys-mcp\]/g)).toHaveLength(2)
  expect(preview).not.toContain('12345')
})

consentTest(
  'real-script-readback: what is written away without a line of its own is said',
  async ({ sandbox, connect }) => {
    const stored = '\uFEFF# Prüfung 👩\u200d💻\r\n$esc = "\u001b[31m"\r\nexit 0\r\n'
    const client = await connect('modern', { settings }, await storing(sandbox, stored))
    const { preview = '' } = await client.call('car_update_script', {
      ...update,
      content: '# Prüfung 👩💻\n$esc = "[31m"\nexit 0\nGet-Date\n',
    })
    expectWellFormed(preview)
    const [, shown = ''] = preview.split(/\n(?=byte order mark)/)
    expect(shown.split('\n').slice(0, -1)).toEqual([
      'byte order mark: removed',
      'line ends: CR LF -> LF',
      'difference to the stored content: 2 lines removed, 3 lines added',
      '  - 1 "\\u{feff}# Prüfung 👩\\u{200d}💻"',
      String.raw`  - 2 "$esc = \"\u{1b}[31m\""`,
      '  + 1 "# Prüfung 👩💻"',
      String.raw`  + 2 "$esc = \"[31m\""`,
      '    3 "exit 0"',
      '  + 4 "Get-Date"',
      'all of the new content:',
      '  1 "# Prüfung 👩💻"',
      String.raw`  2 "$esc = \"[31m\""`,
      '  3 "exit 0"',
      '  4 "Get-Date"',
    ])
  },
)

consentTest('a script that cannot be read: its new content is shown', async ({ sandbox, connect }) => {
  await sandbox.control.faults([
    { route: 'GET /sm/v1/scripts/{scriptId}', kind: 'reply', status: 403, body: {} },
  ])
  const client = await connect('modern', { settings })
  const { preview = '' } = await client.call('car_update_script', {
    ...update,
    content: 'Get-Date\nGet-Service',
  })
  expectWellFormed(preview)
  expect(preview).toMatch(
    /\ncontent: 2 lines, 20 characters, sha256 \w{64}\n {2}1 "Get-Date"\n {2}2 "Get-Service"\n/,
  )
})
