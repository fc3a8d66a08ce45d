import { describe, expect, test } from 'vitest'
import { digest, digestText } from '../../support/workflows/digest.ts'
import type { Host } from '../../support/workflows/runs.ts'

// Which outputs of two hosts count as the same: names, addresses, times and long numbers may differ.

/** The number of kinds of output of two hosts. */
async function kinds(one: Host, other: Host): Promise<number> {
  const { structured } = await digest([
    { name: 'ws-one', ...one },
    { name: 'ws-other', ...other },
  ])
  return structured.returned
}

describe('hosts with the same result are one group', () => {
  const same: readonly (readonly [what: string, one: Host, other: Host])[] = [
    ['equal outputs', digestText('ok'), digestText('ok')],
    ['spaces around', digestText('ok\r\n'), digestText('\n  ok')],
    ['nothing printed', digestText(''), digestText(' \n')],
    ['the own name', digestText('hello ws-one!'), digestText('hello ws-other!')],
    ['the own name in capitals', digestText('WS-ONE'), digestText('Ws-Other')],
    [
      'the own name in paths and words',
      digestText('\\\\WS-ONE$ /var/ws-one.log ws-one_1 ws-one.corp.example.com'),
      digestText('\\\\WS-OTHER$ /var/ws-other.log ws-other_1 ws-other.corp.example.com'),
    ],
    [
      'a long name printed in short',
      { name: 'web01.corp.example.com', output: 'web01: up' },
      { name: 'web02.corp.example.com', output: 'web02: up' },
    ],
    ['a name with signs', { name: 'a+b(c', output: 'on a+b(c' }, { name: 'a.b[c', output: 'on a.b[c' }],
    [
      'IPv4',
      digestText('at 10.1.2.3:8080, gw 10.1.2.1.'),
      digestText('at 192.168.100.14:8080, gw 10.9.9.9.'),
    ],
    [
      'IPv6',
      digestText('fe80::1%eth0 [2001:db8::a:1]:443'),
      digestText('fe80::ff:fe00:1%eth0 [2001:db8:1:2:3:4:5:6]:443'),
    ],
    ['IPv6 behind a colon', digestText('addr:fe80::1: up'), digestText('addr:fe80::2: up')],
    ['IPv6 with IPv4 inside', digestText('::ffff:10.0.0.1'), digestText('::ffff:10.0.0.2')],
    ['MAC', digestText('MAC:00:1a:2b:3c:4d:5e'), digestText('MAC:10:11:12:13:14:15')],
    ['MAC with hyphens', digestText('00-1A-2B-3C-4D-5E'), digestText('AA-1A-2B-3C-4D-5E')],
    ['MAC in three', digestText('001a.2b3c.4d5e'), digestText('aa1a.2b3c.4d5f')],
    ['ISO times', digestText('2026-11-22T10:11:12Z'), digestText('2026-01-02T03:04:05.678+01:00')],
    ['dates with times', digestText('2026-11-22 10:11:12,123 done'), digestText('2026-11-23 09:08:07 done')],
    ['dates', digestText('22.11.2026 11/22/2026 2026/11/22'), digestText('23.11.2026 12/1/2026 2026/1/2')],
    [
      'dates with months',
      digestText('Sun Nov 22 10:11:12 UTC 2026'),
      digestText('Mon Nov  2 01:01:01 UTC 2026'),
    ],
    [
      'long dates',
      digestText('Sunday, November 22, 2026 9:05 PM'),
      digestText('Friday, May 1, 2026 11:15 AM'),
    ],
    [
      'mail dates',
      digestText('Sun, 22 Nov 2026 10:11:12 +0000'),
      digestText('Fri, 01 May 2026 01:02:03 +0000'),
    ],
    [
      'times',
      digestText('at 10:11, 9:10:11 PM, 23:59:59.123'),
      digestText('at 22:33, 8:07:06 AM, 00:00:00.5'),
    ],
    [
      'GUIDs',
      digestText('{81761e17-470b-40ab-89db-ef02607e00ab}'),
      digestText('{81761E17-0000-40AB-89DB-EF02607E00AC}'),
    ],
    ['long numbers', digestText('pid 12345, 1234567.89 bytes'), digestText('pid 999999, 99999 bytes')],
    [
      'texts of Qualys that name the host',
      { text: 'no answer from ws-one in 12345 ms' },
      { text: 'no answer from ws-other in 54321 ms' },
    ],
    ['colours', digestText('\u001b[32mok\u001b[0m'), digestText('ok')],
  ]
  test.each(same)('%s', async (_what, one, other) => expect(await kinds(one, other)).toBe(1))
})

describe('hosts with different results stay apart', () => {
  const apart: readonly (readonly [what: string, one: Host, other: Host])[] = [
    ['exit 1 and exit 2', { code: 1, text: 'FAILED', output: 'x' }, { code: 2, text: 'FAILED', output: 'x' }],
    ['0 failed and 12 failed', digestText('0 failed'), digestText('12 failed')],
    ['0 failed and 1200 failed', digestText('0 failed'), digestText('1200 failed')],
    ['texts of Qualys', { text: 'SUCCESS', output: 'x' }, { text: 'DONE', output: 'x' }],
    ['nothing printed and nothing held', digestText(''), {}],
    ['one line more', digestText('a'), digestText('a\nb')],
    ['line breaks and spaces', digestText('a\nb'), digestText('a b')],
    ['capitals', digestText('On'), digestText('ON')],
    ['numbers of four digits', digestText('1234'), digestText('1235')],
    ['scores', digestText('passed:failed 3:10'), digestText('passed:failed 4:20')],
    ['versions', digestText('Version: 4.8.0.1'), digestText('Version: 4.1.0.7')],
    ['versions in JSON', digestText('{"version": "4.8.0.1"}'), digestText('{"version": "4.1.0.7"}')],
    ['versions with v', digestText('agent v4.8.0.1'), digestText('agent v4.1.0.7')],
    ['names of others', digestText('controller dc-1'), digestText('controller dc-2')],
    [
      'hashes',
      digestText('md5 d41d8cd98f00b204e9800998ecf8427e'),
      digestText('md5 0cc175b9c0f1b6a831c399e269772661'),
    ],
    ['hosts named like words', { name: '12', output: '12 failed' }, { name: '0', output: '0 failed' }],
    [
      'hosts named like numbers',
      { name: '120', output: '120 failed' },
      { name: '121', output: '121 failed' },
    ],
    ['hosts named by a letter', { name: 'a', output: 'part a' }, { name: 'b', output: 'part b' }],
    ['a name that ends a word', { name: 'one', output: 'phone' }, { name: 'ase', output: 'phase' }],
    ['a name that begins a word', { name: 'abc', output: 'abcs' }, { name: 'xyz', output: 'xyzs' }],
    ['a name that begins a longer one', { name: 'ws-1', output: 'ws-10' }, { name: 'ws-2', output: 'ws-20' }],
    ['a name that ends a longer one', { name: '1ab', output: '91ab' }, { name: '2cd', output: '92cd' }],
    ['a stand-in and what it stands for', digestText('\u0005'), digestText('12345')],
    ['code and text change places', { code: 1, text: '2' }, { code: 2, text: '1' }],
  ]
  test.each(apart)('%s', async (_what, one, other) => expect(await kinds(one, other)).toBe(2))
})
