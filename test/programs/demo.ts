import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { environmentFor } from '../support/environment.ts'
import { openSandbox } from '../support/sandbox.ts'
import { openRolloutSandbox, rollOut, rolloutSettings } from './demo-rollout.ts'
import { countTokens } from './token-counter.ts'

// Shows on the terminal what an assistant would see: the built server on its sandbox, asked by a real MCP client.
// --documented: on a sandbox that serves only what Qualys documents. --act 1: only that act. --source: not built first.

const flag = { type: 'boolean', default: false } as const
const { values: options } = parseArgs({
  options: { documented: flag, source: flag, act: { type: 'string', multiple: true } },
})
const fileOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const program = options.source ? ['--import', 'tsx', fileOf('src/main.ts')] : [fileOf('dist/main.js')]
const started = performance.now()
const colour = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined
const bold = (text: string): string => (colour ? `\u001b[1m${text}\u001b[0m` : text)

function plainEnvironment(sandbox: Awaited<ReturnType<typeof openSandbox>>): Record<string, string> {
  const entries = Object.entries(environmentFor(sandbox)).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(entries)
}

interface Result {
  readonly isError?: boolean
  readonly text: string
  readonly structured: {
    readonly rows: readonly Record<string, unknown>[]
    readonly continuationToken?: string
  }
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the demo expected ${what}`)
}

/** The exports of this demo. */
const exports = mkdtempSync(join(tmpdir(), 'qualys-demo-'))
/** Its calls that wait for a terminal, since a person said no. */
const waiting = mkdtempSync(join(tmpdir(), 'qualys-demo-'))

const documented = options.documented ? await openSandbox({ evidence: 'documented' }) : undefined

/** The person's answer to the next question. */
let approves = true

/** A client of the built program, with a person who answers. */
async function connect(flags: readonly string[], environment: Record<string, string>): Promise<Client> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...program, ...flags, '--export-dir', exports, '--state-dir', waiting],
    env: { QUALYS_LOG_LEVEL: 'warn', ...environment },
    stderr: 'inherit',
  })
  const client = new Client(
    { name: 'demo', version: '1.0.0' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: 'auto' } },
  )
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    console.log(`\n${bold('A person is asked:')}`)
    console.log(params.message.replace(/^/gm, '  | '))
    console.log(`${bold('The person')} ${approves ? 'ticks the box.' : 'says no.'}`)
    return approves ? { action: 'accept', content: { approve: true } } : { action: 'decline' }
  })
  await client.connect(transport)
  return client
}

let client: Client | undefined

function connected(): Client {
  if (!client) throw new Error('the demo has no client yet')
  return client
}

async function ask(
  tool: string,
  args: Record<string, unknown>,
  form: 'text' | 'json' = 'text',
): Promise<Result> {
  let lastPrinted = performance.now()
  const onprogress = ({ progress, total }: { progress: number; total?: number | undefined }): void => {
    if (performance.now() - lastPrinted < 500) return
    lastPrinted = performance.now()
    console.log(`  … ${progress} of ${total ?? 'unknown'}`)
  }
  const result = await connected().callTool(
    { name: tool, arguments: args, _meta: { 'qualys-mcp/reply': form } },
    { onprogress },
  )
  const parts = result.content as readonly { readonly text?: string }[]
  return {
    isError: result.isError === true,
    text: parts.map(({ text = '' }) => text).join('\n'),
    structured: result.structuredContent as Result['structured'],
  }
}

/** Calls a tool and shows question, answer and what the answer costs. */
async function show(title: string, tool: string, args: Record<string, unknown>): Promise<Result> {
  console.log(`\n${bold(`# ${title}`)}\n> ${tool} ${JSON.stringify(args)}`)
  const result = await ask(tool, args)
  console.log(result.text)
  console.log(`(${countTokens(result.text)} tokens)`)
  return result
}

const tokenIn = ({ text }: Result): string => /continuationToken "([^"]+)"/.exec(text)?.[1] ?? ''

async function firstAct(): Promise<void> {
  const { tools } = await connected().listTools()
  const cost = tools.reduce(
    (sum, { name, description, inputSchema }) =>
      sum + countTokens(JSON.stringify({ name, description, inputSchema })),
    0,
  )
  console.log(bold(`# The tools an assistant sees: ${tools.length}, ${cost} tokens in all`))
  for (const { name, description } of tools) console.log(`${name.padEnd(28)} ${description}`)
  expect(tools.length > 10, 'a list of tools')

  const query = { pageSize: 5 }
  let page = await show('The newest runs', 'car_search_jobs', query)
  expect(/^(sandbox: )?jobs 1-5 of 15,000/.test(page.text), 'the first five of 15,000 jobs')
  for (const rows of ['6-10', '11-15']) {
    page = await show(`On with the token: rows ${rows}`, 'car_search_jobs', {
      ...query,
      continuationToken: tokenIn(page),
    })
    expect(page.text.includes(`jobs ${rows} of 15,000`), `jobs ${rows}`)
  }

  const newest = await ask('car_search_jobs', { pageSize: 1 }, 'json')
  const jobId = newest.structured.rows[0]?.['id']
  const failed = await show(
    'On which hosts did the newest run fail, and what did they print?',
    'car_search_asset_jobs',
    {
      jobId,
      outcome: 'failed',
      includeOutput: true,
      pageSize: 3,
    },
  )
  expect(/failed/.test(failed.text) && /scriptResult of/.test(failed.text), 'failed hosts with their outputs')

  const refused = await show('A filter that is none', 'car_search_jobs', { filter: 'script.name:(Backup' })
  expect(refused.isError === true && /filter/i.test(refused.text), 'an error that names the filter')
}

const content = `#!/bin/sh
# Which hosts still offer telnet?
if ss -ltn | grep -q ':23 '; then echo "telnet is open"; exit 1; fi
echo "telnet is closed"
`

async function secondAct(): Promise<void> {
  const lab = await show('Where can a script be tried?', 'car_search_asset_tags', {
    filter: 'labTag:true',
    pageSize: 3,
  })
  expect(/^7512813\b/m.test(lab.text), 'a lab tag')

  const created = await show('A new script', 'car_create_script', {
    title: 'Find open telnet',
    typeId: 1,
    subType: 'Detection',
    languageId: 508,
    platform: 'LINUX',
    severity: 3,
    content,
  })
  const scriptId = /script (\d+) "[^"]*" created/.exec(created.text)?.[1]
  expect(scriptId !== undefined, 'the id of the new script')

  const soon = await show('It is not approved, so it runs nowhere yet', 'car_execute_script', {
    scriptId,
    assetIds: ['21789601'],
  })
  expect(soon.isError === true, 'a refusal of a script that is not approved')

  const run = await show('But it may be tried on lab hosts', 'car_execute_script', {
    scriptId,
    testMode: true,
    testTags: ['7512813'],
  })
  const correlationUuid = /correlationUuid ([\w-]+)/.exec(run.text)?.[1]
  expect(correlationUuid !== undefined, 'the correlationUuid of the run')
  const followed = await show('How does it go?', 'car_follow_run', {
    correlationUuid,
    scriptId,
    waitSeconds: 15,
  })
  expect(/hosts/.test(followed.text) && followed.isError !== true, 'a digest of the run')

  approves = false
  const declined = await show('And a person may say no', 'car_clone_script', { scriptId })
  expect(declined.isError === true && /said no/.test(declined.text), 'a call that was declined')
  approves = true
  // Whether a script changes between waves shows in its content, whose path is not public.
  if (!documented) await rollOutInWaves()
}

/** On a sandbox of its own, whose runs fail as the act needs it. */
async function rollOutInWaves(): Promise<void> {
  const sandbox = await openRolloutSandbox()
  const main = client
  client = await connect([], { ...plainEnvironment(sandbox), ...rolloutSettings })
  try {
    await rollOut(sandbox, { show, expect })
  } finally {
    await client.close()
    client = main
    await sandbox.close()
  }
}

const idIn = ({ text }: Result, pattern: RegExp): string => pattern.exec(text)?.[1] ?? ''

async function thirdAct(): Promise<void> {
  approves = true
  const active = await show(
    'Which questionnaires are going around, and until when?',
    'saq_search_campaigns',
    {
      status: ['ACTIVE'],
      nameContains: 'Vendor risk',
    },
  )
  const campaignId = idIn(active, /^(\d+)\t/m)
  expect(campaignId !== '', 'an active campaign')

  const status = await show('That one is late: who has not answered?', 'saq_campaign_status', {
    campaignId,
    late: 5,
  })
  expect(/[1-9]\d* of them overdue/.test(status.text) && /@/.test(status.text), 'late people with an address')

  const created = await show('A shorter questionnaire', 'saq_create_template', {
    name: 'Remote access in five minutes',
    category: 'Vendor Risk',
    scoring: [
      { label: 'Good', value: 10 },
      { label: 'Poor', value: 0 },
    ],
    sections: [
      {
        name: 'Remote access',
        questions: [
          {
            text: 'Is multi-factor authentication enforced for all remote access?',
            kind: 'yesNo',
            criticality: 'CRITICAL',
            yesScore: 'Good',
            noScore: 'Poor',
            requireAttachment: true,
          },
          { text: 'Who approves exceptions?', kind: 'text' },
        ],
      },
    ],
  })
  const templateId = idIn(created, /template (\d+) created/)
  expect(/counts all 2 questions/.test(created.text), 'both questions in the new template')
  const published = await show('Ready for use', 'saq_publish_template', { templateId })
  expect(published.isError !== true, 'a published template')

  const campaign = await show('For everyone at one vendor', 'saq_create_campaign', {
    name: 'Remote access, Contoso Payroll',
    templateId,
    workflowType: 'REVIEWABLE',
    reviewerId: 71077391,
    dueDate: '2096-03-31',
    recipientCompany: 'Contoso Payroll',
  })
  const prepared = idIn(campaign, /campaign (\d+) created/)
  expect(/\d+ recipients, due 2096-03-31/.test(campaign.text), 'a campaign with recipients')

  approves = false
  const launch = await show('Launching mails them all: a person looks first', 'saq_launch_campaign', {
    campaignId: prepared,
  })
  expect(launch.isError === true && /said no/.test(launch.text), 'a launch that was declined')
}

async function fourthAct(): Promise<void> {
  const counted = await show('How did results per host go, month by month?', 'car_count_asset_jobs', {
    groupBy: ['outcome', 'created.dateTime:month'],
    startAt: '2026-09-01',
  })
  expect(/asset jobs counted, all of them/.test(counted.text), 'all results counted')

  const exported = await show('All failed results as a file', 'qualys_export', {
    tool: 'car_search_asset_jobs',
    arguments: { outcome: 'failed' },
    format: 'csv',
  })
  const file = /^File: (.+)$/m.exec(exported.text)?.[1] ?? ''
  expect(readFileSync(file, 'utf8').startsWith('id,'), 'a CSV file')

  const { resources } = await connected().listResources()
  console.log(`\n${bold('# What can be read when it is needed')}`)
  for (const { uri, title } of resources) console.log(`${uri}  ${title}`)
  const guide = await connected().readResource({ uri: 'qualys://guides/qql' })
  const text = guide.contents.map((content) => ('text' in content ? content.text : '')).join('')
  console.log(`(the guide to QQL: ${countTokens(text)} tokens)`)
  expect(/job\.id/.test(text), 'a guide to QQL')
}

try {
  client = await connect(documented ? [] : ['--sandbox'], documented ? plainEnvironment(documented) : {})
  for (const [index, act] of [firstAct, secondAct, thirdAct, fourthAct].entries())
    if (options.act?.includes(String(index + 1)) ?? true) await act()
  console.log(`\n${bold('Done')} in ${((performance.now() - started) / 1000).toFixed(1)} s.`)
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  await client?.close()
  await documented?.close()
  for (const folder of [exports, waiting]) rmSync(folder, { recursive: true })
}
