import { testOn, unattendedSettings } from '../support/fixtures.ts'
import { minimalArgumentsOn } from '../support/operations/minimal-arguments.ts'
import type { SandboxRequest, TestSandbox } from '../support/sandbox.ts'

/** A sandbox that accepts only documented fields, and the arguments of the tools with an effect. */
export const test = testOn({ jobs: 200 }, unattendedSettings)
  .extend<{ sandbox: TestSandbox }>({
    sandbox: async ({ sandbox }, use) => {
      await sandbox.control.knobs({ strictBody: true, strictContentType: true })
      await use(sandbox)
    },
  })
  .extend<{ least: Readonly<Record<string, object>> }>({
    least: async ({ sandbox }, use) => use(await minimalArgumentsOn(sandbox.control)),
  })

/** The requests the sandbox received, without logins. */
export async function vendorRequests({ control }: TestSandbox): Promise<SandboxRequest[]> {
  return (await control.requests()).filter(({ path }) => path !== '/auth')
}

export const isSaq = (name: string): boolean => name.startsWith('saq_')
