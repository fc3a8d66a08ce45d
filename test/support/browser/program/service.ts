import { createServer } from 'node:http'
import type { Page } from 'playwright-core'
import type { Environment } from '../../../../src/config/settings.ts'
import type { TestSandbox } from '../../sandbox.ts'
import { type Entry, tokenOf } from '../../service/callers.ts'
import { type ServiceProcess, spawnService } from '../../service/process.ts'
import { listening } from '../../session/gateway.ts'
import { press } from '../person.ts'

/** A service of the built program, and where its page is. */
export interface PageService extends ServiceProcess {
  readonly origin: string
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const { port, close } = await listening(createServer())
  await close()
  return port
}

/** Starts a service whose people approve on its page, on this machine. It is killed after the test. */
export async function openPageService(
  sandbox: TestSandbox,
  callers: Readonly<Record<string, Entry>>,
  settings: Environment = {},
): Promise<PageService> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const service = await spawnService(sandbox, {
    callers,
    settings: {
      QUALYS_MODE: 'confirm',
      QUALYS_HTTP_PORT: String(port),
      QUALYS_PUBLIC_URL: origin,
      QUALYS_MAX_ASSETS_PER_RUN: '100',
      ...settings,
    },
  })
  return { ...service, origin }
}

/** Logs in with the token of a caller, on any page of a service that asks for it. */
export async function logIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Token').fill(tokenOf(name))
  await press(page, 'Log in')
}
