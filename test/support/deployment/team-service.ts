import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { openOpenIdProvider } from '../callers/openid-provider.ts'
import { audience } from '../callers/tokens.ts'
import { processEnvironment } from '../command-line/program.ts'
import { environmentFor } from '../environment.ts'
import { issueCertificate } from '../session/certificate.ts'
import { program } from '../stdio/peers.ts'
import { readEnvironmentFile } from './environment-file.ts'
import { startNginx } from './nginx.ts'
import { fileOf, replaced } from './page.ts'
import { afterTest, type OnEnd, type RunningService, startedService } from './running-service.ts'

/** A folder that is removed at the end. */
export function temporaryFolder(onEnd: OnEnd = afterTest): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-deployment-'))
  onEnd(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The account of a sandbox, in place of the one that a page names. */
function accountOf(sandbox: Sandbox): Record<string, string> {
  const { QUALYS_STATE_DIR: _, ...account } = environmentFor(sandbox)
  return processEnvironment(account)
}

/** Starts the built program with these variables and no others. */
export function startService(
  env: Readonly<Record<string, string>>,
  onEnd: OnEnd = afterTest,
): Promise<RunningService> {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
  return startedService(spawn(process.execPath, [program, 'http'], { env, stdio }), onEnd)
}

/** The set-up for a team: an issuer, the service with the settings of the page, and nginx with the file of packaging. */
export async function startTeamService(sandbox: Sandbox, onEnd: OnEnd = afterTest) {
  const folder = temporaryFolder(onEnd)
  const issuer = await openOpenIdProvider()
  onEnd(() => issuer.close())
  const authority = issueCertificate({ subject: 'A private CA' })
  const settings = replaced(fileOf('nginx', 'settings.env'), {
    'QUALYS_OIDC_ISSUER=https://login.example.com': `QUALYS_OIDC_ISSUER=${issuer.issuer}`,
    'https://qualys-mcp.example.com/mcp': audience,
    'https://qualys-mcp.example.com': 'https://localhost',
    '/var/log/qualys-mcp': folder,
    '=9464': '=0',
  })
  const { QUALYS_PLATFORM: _, QUALYS_USERNAME: __, ...fromPage } = readEnvironmentFile(settings)
  const service = await startService(
    {
      ...fromPage,
      ...accountOf(sandbox),
      QUALYS_HTTP_PORT: '0',
      QUALYS_STATE_DIR: join(folder, 'state'),
      QUALYS_LOG_LEVEL: 'debug',
    },
    onEnd,
  )
  const certificate = issueCertificate({ names: ['localhost'], by: authority })
  const nginx = await startNginx(
    readFileSync('packaging/nginx.conf', 'utf8'),
    service.port,
    certificate,
    onEnd,
  )
  return {
    service,
    nginx,
    issuer,
    /** How clients reach it. */
    way: { url: `https://localhost:${nginx.port}/mcp`, ca: authority.cert },
    auditFile: join(folder, 'audit.jsonl'),
  }
}
