import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSettings } from '../../src/config/settings.ts'
import { addCaller } from '../../src/service/callers/callers-changes.ts'
import { startService } from '../../src/service/service.ts'
import { sha256 } from '../../src/shared/crypto.ts'
import { silentLog } from '../../src/shared/log.ts'
import { safeguardsOf } from '../../src/tools/effects/safeguards.ts'
import { SentRuns } from '../../src/tools/sent-runs.ts'
import { catalogueOf } from '../../src/tools/server/catalogue.ts'
import { localCaller, type Tool } from '../../src/tools/tool.ts'

// The service with every tool in its lists, every check and its callers, whose tools answer at once: what is measured is
// the way of a call to a tool and back.

const callers = 200
const folder = mkdtempSync(join(tmpdir(), 'qualys-bench-http-'))
const file = join(folder, 'callers.json')
const tokens = Array.from(
  { length: callers },
  (_, at) => `bench-token-of-a-caller-${String(at).padStart(10, '0')}`,
)
for (const [at, token] of tokens.entries())
  addCaller(file, { name: `caller-${at}`, sha256: sha256(token), role: ['operator'] })

const configuration = readSettings(
  {},
  {
    QUALYS_GATEWAY_URL: 'http://127.0.0.1:9',
    QUALYS_API_URL: 'http://127.0.0.1:9',
    QUALYS_USERNAME: 'bench',
    QUALYS_PASSWORD: 'not used at all',
    QUALYS_UNVERIFIED: 'all',
    QUALYS_STATE_DIR: join(folder, 'state'),
    QUALYS_CALLERS_FILE: file,
    QUALYS_CALLS_PER_MINUTE: '1000000',
  },
)
const { settings } = configuration
const redact = (text: string): string => text
const catalogue = catalogueOf(settings)
const tools = new Map(
  catalogue.manifests.map(({ name, title, description, effect }): [string, Tool] => [
    name,
    {
      name,
      title,
      description,
      effect,
      input: {},
      run: async () => ({ summary: 'one row', body: 'id\n1', rows: [{ id: '1' }] }),
    },
  ]),
)
const session = { forCall: () => session, redact }
const service = await startService({
  base: {
    ...catalogue,
    loadTools: async () => tools,
    redact,
    openSession: async () => session as never,
    safeguards: safeguardsOf(settings, redact),
    hostCounts: new Map(),
    sentRuns: new SentRuns(),
    caller: localCaller,
    configuration,
    log: silentLog,
  },
  watch: {},
  host: '127.0.0.1',
  port: 0,
  environment: {},
  pid: 1,
  isAlive: () => false,
})
console.log(JSON.stringify({ port: service.port, tokens }))
