import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, relative } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { ownCallOf, type Start } from '../../../src/shared/command/own-call.ts'
import { ownCommand, setOwnCommand } from '../../../src/shared/command/own-command.ts'

// How a reply names the commands of this program: as it was started.

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'qualys-call-')))
  onTestFinished(() => rmSync(root, { recursive: true }))
})

/** A file with its folders. */
function file(path: string, text = ''): string {
  const whole = join(root, path)
  mkdirSync(join(whole, '..'), { recursive: true })
  writeFileSync(whole, text)
  return whole
}

function link(path: string, target: string): string {
  const whole = join(root, path)
  mkdirSync(join(whole, '..'), { recursive: true })
  symlinkSync(target, whole)
  return whole
}

const call = (start: Partial<Start>): string =>
  ownCallOf({ script: '', node: join(root, 'bin/node'), environment: {}, isWindows: false, ...start })
const onPath = (...folders: string[]) => ({
  environment: { PATH: folders.map((folder) => join(root, folder)).join(delimiter) },
})

describe.skipIf(process.platform === 'win32')('a script of node', () => {
  test('is named by its path, and node by its name', () => {
    file('bin/node')
    const script = file('app/dist/main.js')
    expect(call({ script })).toBe(`node ${script}`)
    expect(call({ script, ...onPath('empty', 'bin') })).toBe(`node ${script}`)
  })

  test('in a folder with blanks and quotes is quoted', () => {
    const script = file("my app's/main.js")
    expect(call({ script })).toBe(`node '${root}/my app'\\''s/main.js'`)
  })

  test('of a node that no shell finds under this name is run by its path', () => {
    file('bin/node')
    file('older/node')
    const script = file('app/main.js')
    expect(call({ script, ...onPath('older', 'bin') })).toBe(`${root}/bin/node ${script}`)
    expect(call({ script, ...onPath('empty') })).toBe(`${root}/bin/node ${script}`)
  })

  test('of an application that brings its own node is run by node', () => {
    const script = file('app/main.js')
    expect(call({ script, node: '/Applications/Host', ...onPath('empty') })).toBe(`node ${script}`)
  })

  test('that is a TypeScript source is run by tsx', () => {
    expect(call({ script: '/app/src/main.ts' })).toBe('npx tsx /app/src/main.ts')
  })
})

describe.skipIf(process.platform === 'win32')('an installed command', () => {
  test('is named alone', () => {
    const script = link('bin/qualys-mcp', file('lib/node_modules/qualys-car-saq-mcp/dist/main.js'))
    expect(call({ script, ...onPath('empty', 'bin') })).toBe('qualys-mcp')
  })

  test('that a shell does not find, or finds as another program, is run by node', () => {
    const script = link('bin/qualys-mcp', file('lib/dist/main.js'))
    file('other/qualys-mcp')
    expect(call({ script })).toBe(`node ${script}`)
    expect(call({ script, ...onPath('other', 'bin') })).toMatch(/node \S+\/bin\/qualys-mcp$/)
  })

  test('of a project is run by node: npm adds its folder to PATH only for a while', () => {
    const main = file('project/node_modules/qualys-car-saq-mcp/dist/main.js')
    const script = link('project/node_modules/.bin/qualys-mcp', main)
    const environment = { PATH: [join(root, 'project/node_modules/.bin'), join(root, 'bin')].join(delimiter) }
    file('bin/node')
    expect(call({ script, environment })).toBe(`node ${main}`)
  })
})

describe.skipIf(process.platform === 'win32')('a call of npx', () => {
  const started = (packages: unknown) => {
    file('cache/_npx/0123/package.json', JSON.stringify({ _npx: { packages } }))
    const main = file('cache/_npx/0123/node_modules/qualys-car-saq-mcp/dist/main.js')
    const script = link('cache/_npx/0123/node_modules/.bin/qualys-mcp', main)
    return { main, text: call({ script, ...onPath('cache/_npx/0123/node_modules/.bin') }) }
  }

  test.each([
    ['qualys-car-saq-mcp', 'qualys-car-saq-mcp'],
    ['qualys-car-saq-mcp@0.1.0', 'qualys-car-saq-mcp@0.1.0'],
    ['qualys-car-saq-mcp@^0.1.0', `'qualys-car-saq-mcp@^0.1.0'`],
    ['github:acme/qualys-mcp', 'github:acme/qualys-mcp'],
    ['/srv/qualys.tgz', 'file:/srv/qualys.tgz'],
    ['file:///srv/qualys.tgz', 'file:/srv/qualys.tgz'],
    ['/some where/qualys.tgz', `'file:/some where/qualys.tgz'`],
  ])('names the package as npx takes it from any folder: %s', (named, word) => {
    expect(started([named]).text).toBe(`npx -y ${word}`)
  })

  test.each(['', 'file:'])('names a file by its whole path: %s', (scheme) => {
    const archive = join(root, 'qualys.tgz')
    const named = `${scheme}${relative(process.cwd(), archive)}`
    expect(started([named]).text).toBe(`npx -y file:${archive}`)
  })

  test.each([[[]], [['one', 'two']], ['one'], [undefined]])(
    'that says nothing of one package is run by node: %j',
    (packages) => {
      file('cache/_npx/0123/node_modules/.bin/node')
      const { text, main } = started(packages)
      expect(text).toMatch(new RegExp(`node ${main}$`))
    },
  )
})

describe('on Windows', () => {
  test('a path with a blank is quoted', () => {
    const script = 'C:\\Program Files\\qualys\\dist\\main.js'
    expect(call({ script, isWindows: true })).toBe(`node "${script}"`)
    expect(call({ script: 'C:\\qualys\\main.js', isWindows: true })).toBe('node C:\\qualys\\main.js')
  })

  test.skipIf(process.platform === 'win32')('an installed command is a file beside node_modules', () => {
    file('qualys-mcp.cmd')
    const script = file('node_modules/qualys-car-saq-mcp/dist/main.js')
    const environment = { PATH: `C:\\Windows;${root}` }
    expect(call({ script, environment, isWindows: true })).toBe('qualys-mcp')
    const other = file('elsewhere/main.js')
    expect(call({ script: other, environment, isWindows: true })).toMatch(/elsewhere/)
  })
})

test('a command begins with the call that was set', () => {
  expect(ownCommand('approve', 'K7Q2-M9XD')).toBe('qualys-mcp approve K7Q2-M9XD')
  setOwnCommand(() => 'node /app/main.js')
  onTestFinished(() => setOwnCommand(() => 'qualys-mcp'))
  expect(ownCommand('doctor')).toBe('node /app/main.js doctor')
  expect(ownCommand()).toBe('node /app/main.js')
})
