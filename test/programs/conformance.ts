import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { oneLine } from '../../src/shared/safe-text.ts'
import {
  compare,
  type Failure,
  readExpectedFailures,
  type ServerName,
} from '../support/conformance/comparison.ts'
import { type TestedServer, testedServers, withServer } from '../support/conformance/servers.ts'
import { runSuite, type Suite, suites } from '../support/conformance/suites.ts'

// The conformance suites of MCP against the built service, and against the same service with the fixtures of the
// suites: npm run conformance [-- --server fixtures --all]. What may fail, and why: conformance/expected-failures.json.
// Both an unexpected failure and an expected one that passes fail the run. --all prints the expected ones, too.

const { values } = parseArgs({
  options: { server: { type: 'string' }, all: { type: 'boolean', default: false } },
})
const expected = readExpectedFailures(
  JSON.parse(readFileSync(new URL('conformance/expected-failures.json', import.meta.url), 'utf8')),
)
const servers = testedServers.filter(({ name }) => (values.server ?? name) === name)
if (servers.length === 0) throw new Error(`--server is ${testedServers.map(({ name }) => name).join(' or ')}`)

const lineOf = ({ name, message }: Failure): string => `${name}: ${oneLine(message, 300)}`

/** Runs one suite and tells what came out. Resolves with how many checks are not as expected. */
async function testBy(suite: Suite, server: ServerName, url: string): Promise<number> {
  const { passed, failures } = await runSuite(suite, url)
  const { asExpected, unexpected, outdated } = compare(failures, expected, { server, suite: suite.name })
  console.log(
    `${server.padEnd(10)}  ${suite.name.padEnd(14)}  ${passed} passed, ${asExpected} failed as expected`,
  )
  for (const failure of values.all ? failures : unexpected)
    console.log(`  ${unexpected.includes(failure) ? 'FAIL' : 'as expected:'} ${lineOf(failure)}`)
  for (const name of outdated) console.log(`  FAIL ${name} is expected to fail, but did not`)
  return unexpected.length + outdated.length
}

/** The suites of one server run one after the other: some look at what comes within a second. */
const test = (server: TestedServer): Promise<number> =>
  withServer(server, async (url) => {
    let wrong = 0
    for (const suite of suites) wrong += await testBy(suite, server.name, url)
    return wrong
  })

const began = performance.now()
const wrong = (await Promise.all(servers.map(test))).reduce((sum, count) => sum + count, 0)
const seconds = ((performance.now() - began) / 1000).toFixed(1)
console.log(wrong === 0 ? `PASS in ${seconds} s` : `FAIL: ${wrong} not as expected, in ${seconds} s`)
process.exitCode = wrong === 0 ? 0 : 1
