import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Environment, readSettings, type Settings } from '../../src/config/settings.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'

/** Pending calls are stored here, not in the home folder of the user who runs the tests. */
const stateDir = join(tmpdir(), `qualys-mcp-test-${process.pid}`)

/** The environment that points the program at a sandbox by its addresses, as an operator would. */
export function environmentFor(sandbox: Sandbox, extra: Environment = {}): Environment {
  return {
    QUALYS_GATEWAY_URL: sandbox.gatewayUrl,
    QUALYS_API_URL: sandbox.apiUrl,
    QUALYS_USERNAME: sandbox.username,
    QUALYS_PASSWORD: sandbox.password,
    QUALYS_MAX_WAIT_SECONDS: '5',
    QUALYS_STATE_DIR: stateDir,
    ...extra,
  }
}

/** Settings as the program itself reads them. */
export function settingsFrom(environment: Environment): Settings {
  return readSettings({}, environment).settings
}
