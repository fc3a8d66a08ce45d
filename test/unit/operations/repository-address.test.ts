import { describe, expect, test } from 'vitest'
import { parseRepositoryAddress } from '../../../src/operations/car/inputs/repository-address.ts'

// Addresses of repositories: only a public host name in ASCII, written as it is looked up, gets through.

const file = '/corp/tools/blob/main/x.sh'

const problemOf = (text: string): string => {
  const parsed = parseRepositoryAddress(text)
  return 'problem' in parsed ? parsed.problem : `taken, host ${parsed.address.host}`
}

describe('is taken', () => {
  test.each([
    ['https://github.com/a/b/blob/main/x.sh', 'github.com', 'GitHub'],
    ['https://gitlab.com/a/b/-/blob/main/x.sh', 'gitlab.com', 'GitLab'],
    ['https://github.corp-name.com/a/b/blob/main/x.sh', 'github.corp-name.com', 'GitHub'],
    ['https://git.example.org/a/b/-/raw/main/x.sh', 'git.example.org', 'GitLab'],
    ['https://code.example.org/a/x.sh', 'code.example.org', undefined],
    ['https://3com.example.org/a/blob/x', '3com.example.org', 'GitHub'],
    // A name in other letters, in its ASCII form: the limits decide.
    ['https://xn--gthub-n2e.com/a/blob/x', 'xn--gthub-n2e.com', 'GitHub'],
    ['https://github.com/a/b/blob/main/gr%C3%B6%C3%9Fe.sh', 'github.com', 'GitHub'],
  ])('%s', (url, host, kind) => {
    expect(parseRepositoryAddress(url)).toEqual({ address: { url, host, kind } })
  })

  test('with capitals in the host, which is sent in lower case', () => {
    expect(parseRepositoryAddress('HTTPS://GitHub.COM/Corp/Tools/blob/Main/X.sh')).toEqual({
      address: { url: 'https://github.com/Corp/Tools/blob/Main/X.sh', host: 'github.com', kind: 'GitHub' },
    })
  })

  test('as GitLab copies it, without its query', () => {
    const url = 'https://gitlab.com/a/b/-/blob/main/x.sh'
    expect(parseRepositoryAddress(`${url}?ref_type=heads`)).toEqual({
      address: { url, host: 'gitlab.com', kind: 'GitLab' },
    })
  })
})

describe('is refused, since it is no https address of a file', () => {
  test.each([
    `http://github.com${file}`,
    `https:github.com${file}`,
    `https:/github.com${file}`,
    `https:///github.com${file}`,
    `https:\\\\github.com${file}`,
    `https://someone@github.com${file}`,
    `https://someone:pass@github.com${file}`,
    `https://github.com@evil.example${file}`,
    `https://github.com:443${file}`,
    `https://github.com:8443${file}`,
    `https://github.com:${file}`,
    `https://github.com${file}?token=a`,
    `https://github.com${file}#L3`,
    `https://github.com${file}#`,
    `https://github.com${file}?`,
    'https://github.com',
    'https://github.com/',
    `//github.com${file}`,
    `github.com${file}`,
    ` https://github.com${file}`,
    `https://github.com${file}\n`,
    `https://git\thub.com${file}`,
    '',
  ])('%j', (url) => {
    expect(problemOf(url)).toBe(
      'must be the https address of a file at GitHub or GitLab, without user name, password, port or query',
    )
  })
})

describe('is refused, since its host is not written as it is looked up', () => {
  test.each([
    ['https://gіthub.com', 'xn--gthub-n2e.com'],
    ['https://github.com．evil.example', 'github.com.evil.example'],
    ['https://github.com。evil.example', 'github.com.evil.example'],
    ['https://ⓖⓘⓣⓗⓤⓑ.com', 'github.com'],
    ['https://ｇｉｔｈｕｂ.com', 'github.com'],
    ['https://%67ithub.com', 'github.com'],
    ['https://github%2Ecom', 'github.com'],
    ['https://gith\u00adub.com', 'github.com'],
    ['https://gith\u200bub.com', 'github.com'],
    ['https://ﬁles.example.com', 'files.example.com'],
    ['https://git\u212aub.com', 'gitkub.com'],
    ['https://ſecure.com', 'secure.com'],
    ['https://straße.de', 'xn--strae-oqa.de'],
  ])('%j', (origin, host) => {
    expect(problemOf(`${origin}${file}`)).toBe(
      `must spell its host in ASCII letters, digits, hyphens and dots, as it is looked up; it would be read as "${host}"`,
    )
  })
})

describe('is refused, since its host is not public', () => {
  test.each([
    '127.0.0.1',
    '169.254.169.254',
    '10.0.0.1',
    '8.8.8.8',
    'localhost',
    'github.localhost',
    'LOCALHOST',
    'github',
    'github.local',
    'github.internal',
    'metadata.google.internal',
    'github.lan',
    'github.corp',
    'github.intranet',
    'github.home.arpa',
    'github.home',
    'github.private',
    'github.localdomain',
    'github.test',
    'github.invalid',
    '1.0.0.127.in-addr.arpa',
    'github.com.',
    'localhost.',
    '.github.com',
    'github..com',
    '-github.com',
    'github-.com',
    'github.1',
    'github.c',
    'github.127.0.0.1.nip.io',
    '127-0-0-1.sslip.io',
    'localtest.me',
    'vcap.me',
    'files.10-0-0-1.example.org',
    '10.0.0.1.example.org',
    'git_hub.com',
    '[::1]',
    `${'a'.repeat(64)}.com`,
    `${'abcdefg.'.repeat(32)}com`,
  ])('%s', (host) => {
    expect(problemOf(`https://${host}${file}`)).toMatch(
      /^must name a public host, such as github\.com: ".+" is none$/,
    )
  })

  test.each([
    ['2130706433', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['１２７.0.0.1', '127.0.0.1'],
    ['①②⑦.0.0.1', '127.0.0.1'],
    ['0', '0.0.0.0'],
    ['[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
    ['ⓛocalhost', 'localhost'],
  ])('%s, however it is spelled', (host, parsed) => {
    expect(problemOf(`https://${host}${file}`)).toBe(
      `must name a public host, such as github.com: "${parsed}" is none`,
    )
  })
})

test.each([
  'https://github.com/corp/tools/../../evil/x/blob/main/x.sh',
  'https://github.com/corp/./tools/blob/main/x.sh',
  'https://github.com/corp/%2e%2E/evil/blob/main/x.sh',
  'https://github.com/corp/tоols/blob/main/x.sh',
  'https://github.com/corp/tools/blob/main/größe.sh',
  'https://github.com/corp/tools/blob/main/x\u202e.sh',
  'https://github.com/corp/tools/blob/main/"x".sh',
  'https://github.com/corp/tools/blob/main/%0d%0ax.sh',
  'https://github.com/corp/tools/blob/main/..%2f..%2Fx.sh',
  'https://github.com/corp/tools/blob/main/..%5cx.sh',
  'https://github.com/corp/tools/blob/main/%zz.sh',
  'https://github.com/corp/tools/blob/main/x%',
])('is refused, since its path is not written as it is sent: %j', (url) => {
  expect(problemOf(url)).toBe(
    'must be written as browsers send it: other characters percent-encoded, no . or .. in its path',
  )
})
