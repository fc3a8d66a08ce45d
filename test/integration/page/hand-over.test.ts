import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Desktop, openInBrowser } from '../../../src/tools/effects/approval/page/local/browser.ts'
import { findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { localFixture, postForm } from '../../support/page/local.ts'
import { hiddenValue } from '../../support/page/page.ts'

// How the page key comes to the browser of the person. No program is started: test/process/page does that.

interface Started {
  readonly command: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A desktop that notes what it starts. */
function fakeDesktop({
  isStarted = true,
  home = undefined as string | undefined,
  snapFolder = '/nowhere',
} = {}) {
  const started: Started[] = []
  const desktop: Desktop = {
    platform: 'linux',
    environment: {
      PATH: '/usr/bin',
      DISPLAY: ':0',
      HOME: '/home/anna',
      QUALYS_PASSWORD: 'a-secret-password',
      qualys_client_secret: 'another-secret',
    },
    home,
    snapFolder,
    start: async (command, args, environment) => {
      started.push({ command, args, environment })
      return isStarted
    },
  }
  return { desktop, started, opened: (): string => started.at(-1)?.args.at(-1) ?? '' }
}

/** The form of the file, as a browser posts it. */
function formOf(path: string): { readonly action: string; readonly fields: Record<string, string> } {
  const body = readFileSync(path, 'utf8')
  const action = /action="([^"]*)"/.exec(body)?.[1] ?? ''
  const fields = ['key', 'path', 'file'].map((name) => [name, hiddenValue({ body }, name)])
  return { action, fields: Object.fromEntries(fields) }
}

const fromFile = { origin: 'null', 'sec-fetch-site': 'cross-site' }

describe('the hand-over of the page key', () => {
  test('opens the page with the right to decide, by a file that goes with its use', async () => {
    const { desktop, opened, started } = fakeDesktop()
    const { page, stateDir, wait } = localFixture({ desktop })
    const code = wait()
    expect(await page.openInBrowser(code)).toBe(true)
    const path = opened()
    expect(dirname(path)).toBe(stateDir)
    expect(started).toEqual([
      {
        command: 'xdg-open',
        args: [path],
        environment: { PATH: '/usr/bin', DISPLAY: ':0', HOME: '/home/anna' },
      },
    ])
    const { action, fields } = formOf(path)
    expect(fields['path']).toBe(`/approve/${code}`)
    const shown = await postForm(action, fields, fromFile)
    expect(shown.status).toBe(200)
    expect(shown.body).toContain('value="approve"')
    expect(existsSync(path)).toBe(false)
    expect(findCall(stateDir, code)?.state).toBe('pending')
    const form = { key: fields['key'] ?? '', token: hiddenValue(shown, 'token'), decision: 'approve' }
    expect((await postForm(`${new URL(action).origin}/approve/${code}`, form)).status).toBe(200)
    expect(findCall(stateDir, code)?.state).toBe('approved')
  })

  test('is one path of all that takes what comes from a file', async () => {
    const { desktop, opened } = fakeDesktop()
    const { page, stateDir, wait } = localFixture({ desktop })
    const code = wait()
    await page.openInBrowser(code)
    const { action, fields } = formOf(opened())
    const { origin } = new URL(action)
    for (const path of [`/approve/${code}`, '/waiting', '/decisions', '/passkeys'])
      expect((await postForm(`${origin}${path}`, { ...fields, decision: 'approve' }, fromFile)).status).toBe(
        403,
      )
    expect((await postForm(action, { ...fields, key: 'x' }, fromFile)).status).toBe(403)
    expect((await postForm(action, fields, { ...fromFile, origin: 'https://evil.example' })).status).toBe(403)
    expect(findCall(stateDir, code)?.state).toBe('pending')
  })

  test('opens the page of passkeys for a person', async () => {
    const { desktop, opened } = fakeDesktop()
    const { page } = localFixture({ desktop })
    expect(await page.openPasskeys('anna')).toBe(true)
    const { action, fields } = formOf(opened())
    const shown = await postForm(action, { ...fields, person: 'anna' }, fromFile)
    expect(shown.body).toContain('value="anna"')
  })

  test('uses a folder without a dot where a browser is a snap', async () => {
    const home = mkdtempSync(join(tmpdir(), 'qualys-home-'))
    onTestFinished(() => rmSync(home, { recursive: true }))
    const snapFolder = join(home, 'snap-commands')
    mkdirSync(snapFolder)
    writeFileSync(join(snapFolder, 'chromium'), '')
    const { desktop, opened } = fakeDesktop({ home, snapFolder })
    const { page, wait } = localFixture({ desktop })
    expect(await page.openInBrowser(wait())).toBe(true)
    expect(dirname(opened())).toBe(join(home, 'qualys-mcp'))
    await page.close()
    expect(readdirSync(home)).toEqual(['snap-commands'])
  })

  test('is given up where no browser starts', async () => {
    const { page, wait } = localFixture({ desktop: fakeDesktop({ isStarted: false }).desktop })
    expect(await page.openInBrowser(wait())).toBe(false)
  })

  test.each<[string, object]>([
    ['there is no screen', { DISPLAY: undefined }],
    ['the screen has no name', { DISPLAY: '' }],
  ])('starts nothing where %s', async (_, more) => {
    const { desktop, started } = fakeDesktop()
    const environment = { ...desktop.environment, ...more }
    const { page, wait } = localFixture({ desktop: { ...desktop, environment } })
    expect(await page.openInBrowser(wait())).toBe(false)
    expect(started).toEqual([])
  })

  test('starts nothing where the operator wants no browser, not even the page', async () => {
    const { desktop, started } = fakeDesktop()
    const { page, wait } = localFixture({ desktop, settings: { pagePort: 0, openBrowser: 'never' } })
    expect(await page.openInBrowser(wait())).toBe(false)
    expect(await page.openPasskeys()).toBe(false)
    expect(started).toEqual([])
    expect(page.origins()).toEqual([])
  })

  test('leaves no file behind when the page ends', async () => {
    const { desktop, opened } = fakeDesktop()
    const { page, wait } = localFixture({ desktop })
    await page.openInBrowser(wait())
    expect(existsSync(opened())).toBe(true)
    await page.close()
    expect(existsSync(opened())).toBe(false)
  })

  test('takes Wayland for a screen', async () => {
    const { desktop } = fakeDesktop()
    const environment = { ...desktop.environment, DISPLAY: undefined, WAYLAND_DISPLAY: 'wayland-0' }
    const { page, wait } = localFixture({ desktop: { ...desktop, environment } })
    expect(await page.openInBrowser(wait())).toBe(true)
  })

  test.each([
    '--help',
    '-x',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://evil.example/',
    'http://localhost:1/approve/ABCD-EFGH --new-window',
    '/etc/passwd',
    'relative.html',
  ])('opens nothing but its own pages: %s', async (what) => {
    const { desktop, started } = fakeDesktop()
    expect(await openInBrowser(desktop, what)).toBe(false)
    expect(started).toEqual([])
  })

  test.each<[NodeJS.Platform, string, readonly string[]]>([
    ['linux', 'xdg-open', []],
    ['freebsd', 'xdg-open', []],
    ['darwin', '/usr/bin/open', []],
    ['win32', join('D:\\Windows', 'System32', 'rundll32.exe'), ['url.dll,FileProtocolHandler']],
  ])('opens the page of another process by its link on %s', async (platform, command, before) => {
    const { desktop, started } = fakeDesktop()
    const environment = { ...desktop.environment, SystemRoot: 'D:\\Windows' }
    const link = 'http://localhost:40123/approve/ABCD-EFGH'
    expect(await openInBrowser({ ...desktop, environment, platform }, link)).toBe(true)
    expect(started[0]).toMatchObject({ command, args: [...before, link] })
  })
})
