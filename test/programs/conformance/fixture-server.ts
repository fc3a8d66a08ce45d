import { runCommand } from '../../../src/cli/program.ts'
import { offerFixtures } from '../../support/conformance/fixtures/offers.ts'

// The program as it is, from its source, whose servers offer the fixtures of the conformance suites besides:
// `fixture-server.ts http --sandbox --port 0`. Never published.

offerFixtures()
await runCommand(process)
