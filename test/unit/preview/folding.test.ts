import { describe, expect, test } from 'vitest'
import { excerpt } from '../../../src/tools/effects/preview/content/excerpt.ts'
import { segmentsOf } from '../../../src/tools/effects/preview/content/segments.ts'
import { quotedPieces } from '../../../src/tools/effects/preview/quoted.ts'
import type { ScriptLanguage } from '../../../src/tools/effects/targets/script-language.ts'
import { base64Lines, base64Of, linesFrom, sha256, signatureLines } from '../../support/preview/scripts.ts'

// What a person cannot read counts as one line with its size and hash. Nothing that an interpreter runs is folded.

/** Without a language, no comment at the head is folded. */
const shown = (content: string, language?: ScriptLanguage): string[] =>
  excerpt(segmentsOf(linesFrom(content), language ?? {}, language ? undefined : []), 40)

/** Lines as they are shown one by one. */
const plain = (lines: readonly string[]): string[] => lines.map((text) => `  ${quotedPieces(text).join()}`)

describe('a signature block', () => {
  test.each([
    ['PowerShell', { name: 'PowerShell' }, '# ', '# SIG # '],
    ['VBScript', { name: 'VBScript' }, "'' SIG '' ", "'' SIG '' "],
    ['a language of Windows that is not known', { platform: 'WINDOWS' }, "'' SIG '' ", "'' SIG '' "],
    ['JScript', { name: 'JScript' }, '// SIG // ', '// SIG // '],
  ])('of %s is one line', (_what, language, start, marker) => {
    const block = [
      `${marker}Begin signature block`,
      ...base64Lines(187, 40).map((text) => start + text),
      `${start}Ab1=`,
      `${marker}End signature block`,
    ]
    for (const lineEnd of ['\n', '\r\n'])
      expect(shown(['code', ...block, ''].join(lineEnd), language)).toEqual([
        '  "code"',
        `  signature block, 190 lines, sha256 ${sha256([...block, ''].join(lineEnd))}`,
      ])
  })

  test.each([
    ['# ', 'Shell'],
    ['#', 'Python'],
    ["' ", 'VBScript'],
    ['// ', 'JScript'],
    ['-- ', 'Lua'],
  ])('of PGP behind %j in %s is one line', (start, name) => {
    const block = [
      '-----BEGIN PGP SIGNATURE-----',
      'Version: GnuPG v2.0.22 (GNU/Linux)',
      '',
      ...base64Lines(7),
      'iQEz',
      '=aB3d',
      '-----END PGP SIGNATURE-----',
    ].map((text) => (text === '' ? start.trimEnd() : start + text))
    expect(shown(['x', ...block].join('\n'), { name })).toEqual([
      '  "x"',
      `  signature block, 13 lines, sha256 ${sha256(block.join('\n'))}`,
    ])
  })

  const [begin = '', ...rest] = signatureLines(6)
  const [one = '', two = '', three = '', four = '', end = ''] = rest
  test.each<readonly [string, string[]]>([
    ['code between', [begin, one, 'Remove-Item C:\\', two, end]],
    ['a comment with more than base64', [begin, one, '# ; Remove-Item C:\\', two, end]],
    ['a line without its comment sign', [begin, one, two.slice(2), three, end]],
    ['a line that ends the comment', [begin, one, '# AAAA #>', two, end]],
    ['a line break of another kind within', [begin, `# AAAA\u2028Remove-Item`, end]],
    ['a blank line between', [begin, one, '', four, end]],
    ['no end', [begin, one, two]],
    ['an end of another kind', [begin, one, "'' SIG '' End signature block"]],
    ['nothing between', [begin, end]],
    ['words between', [begin, '# reboot', '# halt', end]],
    ['a path between', [begin, '# /usr/sbin/poweroff', end]],
    ['lines of different widths', [begin, one, `${two}AAAA`, three, end]],
    ['a marker with code behind it', [`${begin}; Remove-Item C:\\`, one, end]],
    [
      'the markers of PGP without a comment sign',
      ['-----BEGIN PGP SIGNATURE-----', 'reboot', '-----END PGP SIGNATURE-----'],
    ],
  ])('with %s is shown', (_what, lines) => {
    expect(shown(lines.join('\n')).join('\n')).toBe(plain(lines).join('\n'))
  })
})

describe('a signature block in a language that takes its lines for commands', () => {
  const [first = '', second = ''] = base64Lines(2)
  test.each<readonly [string, string, ScriptLanguage]>([
    ["'' SIG '' ", 'SIG', { name: 'Shell' }],
    ["'' SIG '' ", 'SIG', { platform: 'LINUX' }],
    ['// SIG // ', 'SIG', {}],
    ['REM ', 'PGP', { name: 'Shell' }],
    ['REM ', 'PGP', { platform: 'WINDOWS' }],
    ['-- ', 'PGP', { name: 'Shell' }],
    ['// ', 'PGP', { name: 'PowerShell' }],
    ["' ", 'PGP', { name: 'Perl' }],
  ])('is shown: %j, %s, %j', (start, kind, language) => {
    const [begin, end] =
      kind === 'SIG'
        ? [`${start}Begin signature block`, `${start}End signature block`]
        : [`${start}-----BEGIN PGP SIGNATURE-----`, `${start}-----END PGP SIGNATURE-----`]
    const lines = ['code', begin, `${start}${first}`, `${start}${second}`, end]
    expect(shown(lines.join('\n'), language)).toEqual(plain(lines))
  })
})

describe('base64', () => {
  const letters = base64Of(300)

  test('of more than 200 characters is one line', () => {
    const mark = (text: string): string => `base64, ${text.length} characters, sha256 ${sha256(text)}`
    expect(shown(letters)).toEqual([`  ${mark(letters)}`])
    expect(shown(base64Of(201))).toEqual([`  ${mark(base64Of(201))}`])
    expect(shown(base64Of(200))).toEqual([
      `  "${base64Of(200).slice(0, 80)}"`,
      `    "${base64Of(200).slice(80, 160)}"`,
      `    "${base64Of(200).slice(160)}"`,
    ])
  })

  test('of 200,000 characters: what stands around it is shown', () => {
    const text = base64Of(200_000)
    expect(shown(`$data = '${text}=='; iex $data`)).toEqual([
      `  "$data = '"`,
      `    base64, 200,002 characters, sha256 ${sha256(`${text}==`)}`,
      `    "'; iex $data"`,
    ])
  })

  test.each([
    ['alone', '', ''],
    ['in a comment', '# ', ''],
    ['in quotes', '    "', '",'],
    ['in quotes that go on', "  '", "' +"],
  ])('on lines of one width, %s, is one line', (_what, before, behind) => {
    const lines = base64Lines(30, 76).map((text) => `${before}${text}${behind}`)
    expect(shown(['x', ...lines, `${before}AAAA${behind}`, 'y'].join('\n'))).toEqual([
      '  "x"',
      `  base64, 2,280 characters on 30 lines, sha256 ${sha256(`${lines.join('\n')}\n`)}`,
      ...plain([`${before}AAAA${behind}`]),
      '  "y"',
    ])
  })

  const run = base64Lines(4)
  const [first = ''] = run
  test.each<readonly [string, string[]]>([
    ['a command as the last line', [...run, 'reboot']],
    [
      'a path as one of its lines',
      [...run, '/usr/bin/X11/X11/X11/X11/X11/X11/X11/X11/X11/X11/X11/X11/reboot1', ...run],
    ],
    ['a line of one letter', [...run, 'a'.repeat(64)]],
    ['an assignment as the last line', [...run, 'PATH=']],
  ])('with %s: that line is shown', (_what, lines) => {
    const last = lines[4] ?? ''
    expect(last).not.toBe('')
    expect(shown(lines.join('\n'))).toContain(`  "${last}"`)
  })

  test.each<readonly [string, string]>([
    ['a long path', `${'/proc/self/root'.repeat(20)}/sbin/reboot`],
    ['one letter', 'x'.repeat(400)],
    ['words with other signs between', `${first}-${first}-${first}-${first}-${first}`],
    ['a word of two alphabets', `${first}${'е'}`.repeat(5)],
  ])('that is %s is shown', (_what, text) => {
    expect(shown(text).join('\n')).not.toContain('base64')
  })

  test('of three lines is shown', () => {
    expect(shown(base64Lines(3).join('\n'))).toEqual(plain(base64Lines(3)))
  })
})

describe('a comment at the head', () => {
  const words = Array.from({ length: 12 }, (_, at) => `Licence "${at}"`)
  const numberSigns = words.map((text) => `# ${text}`)
  const powershell = { name: 'PowerShell-Command' }
  const mark = (lines: readonly string[]): string => `  comment, ${lines.length} lines, sha256 `

  test.each<readonly [string, ScriptLanguage, string[]]>([
    ['number signs', {}, numberSigns],
    ['number signs and blank lines', { name: 'Shell' }, [...numberSigns, '', ...numberSigns]],
    ['number signs in PowerShell', powershell, numberSigns],
    ['signs around it in PowerShell', powershell, ['<#', ...words, '#>']],
    ['signs around it on Windows', { platform: 'WINDOWS' }, ['<# x', ...words, 'x #>  ']],
    ['quotes around paths in Python', { name: 'Python' }, ['"""', ...words, 'C:\\\\Temp', '"""']],
    ['quotes in Python', { name: 'Python' }, ['"""', ...words, '"""']],
    ['single quotes in Python', { name: 'Python' }, ["'''", ...words, "'''"]],
    ['apostrophes in VBScript', { name: 'VBScript' }, words.map((text) => `' ${text}`)],
    ['REM in VBScript', { name: 'VBScript' }, words.map((text) => `Rem ${text}`)],
    ['REM in a batch file', { name: 'Batch' }, words.map((text) => `REM ${text}`)],
    ['hyphens in Lua', { name: 'Lua' }, words.map((text) => `-- ${text}`)],
    ['slashes in JScript', { name: 'JScript' }, words.map((text) => `// ${text}`)],
    [
      'slashes and stars in JScript',
      { name: 'JScript' },
      ['/*', ...words.map((text) => ` * ${text}`), ' */'],
    ],
  ])('written with %s is one line', (_what, language, lines) => {
    const rows = shown([...lines, 'code'].join('\n'), language)
    expect(rows).toHaveLength(2)
    expect(rows[0]).toBe(`${mark(lines)}${sha256(`${lines.join('\n')}\n`)}: ${rows[0]?.split(': ')[1]}`)
    expect(rows[0]).toMatch(/: "(x )?Licence \\"0\\" Licence \\"1\\" Licence .*"$/)
    expect(rows[1]).toBe('  "code"')
  })

  test('with a byte order mark before it is one line', () => {
    expect(shown(`\uFEFF${numberSigns.join('\r\n')}\r\ncode`, powershell)).toHaveLength(2)
  })

  test('leaves what the interpreter reads', () => {
    const rows = shown(
      ['#!/bin/sh', ...numberSigns, '#Requires -RunAsAdministrator', ...numberSigns, '', 'code'].join('\n'),
      {},
    )
    expect(rows.map((row) => row.replace(/, sha256.*/, ''))).toEqual([
      '  "#!/bin/sh"',
      '  comment, 12 lines',
      '  "#Requires -RunAsAdministrator"',
      '  comment, 12 lines',
      '  ""',
      '  "code"',
    ])
  })

  test.each([
    '#!/bin/sh',
    '#! /bin/bash -eu',
    '#!/usr/bin/env python3',
    '#!/usr/bin/env -S perl -w',
    '#!/bin/bash --noprofile',
  ])('below %s is one line', (first) => {
    expect(shown([first, ...numberSigns, 'code'].join('\n'), {})).toHaveLength(3)
  })

  test.each([3, 4])('of %i lines', (count) => {
    const lines = numberSigns.slice(0, count)
    expect(shown([...lines, 'code'].join('\n'), {})).toHaveLength(count === 3 ? 4 : 2)
  })

  const python = { name: 'Python' }
  const shell = { name: 'Shell' }
  test.each<readonly [string, ScriptLanguage, string[]]>([
    ['code behind its end', powershell, ['<#', ...words, '#> Remove-Item C:\\']],
    ['a second one behind its end', powershell, ['<#', ...words, '#> <# #> reboot']],
    ['no end', powershell, ['<#', ...words, 'reboot']],
    ['the signs of another language', shell, ['<#', ...words, '#>']],
    ['quotes in a shell', shell, ['"""', ...words, '$(reboot)', '"""']],
    ['slashes in a shell', shell, words.map(() => '//bin/reboot')],
    ['REM in a shell', shell, words.map(() => 'REM x; reboot')],
    ['apostrophes in a shell', shell, words.map(() => "'reboot'")],
    ['a second command in a batch file', { name: 'Batch' }, words.map(() => 'REM x & del C:\\')],
    ['a line that goes on in a batch file', { name: 'Batch' }, words.map(() => 'REM x ^')],
    ['a text in brackets in Lua', { name: 'Lua' }, words.map(() => '--[[ ]] os.exit()')],
    ['code behind the quotes', python, ['"""', ...words, '"""; import os']],
    ['a backslash before the quotes', python, ['"""', ...words, '\\"""', '# """; import os', '"""']],
    [
      'an encoding in which a comment holds code',
      python,
      ['# coding: unicode_escape', '# \\x0aimport os', ...numberSigns],
    ],
    [
      'a program that runs some of it',
      shell,
      ['#!/usr/bin/php', '# <?php system("reboot") ?>', ...numberSigns],
    ],
    ['a program of its own', {}, ['#!/usr/bin/env -S sed -n 1,9p', ...numberSigns]],
    ['what JScript compiles', { name: 'JScript' }, ['/*@cc_on', ...words, '@*/']],
    ['what JScript compiles on lines', { name: 'JScript' }, words.map(() => '//@set @x = 1')],
    ['the same on its second line', {}, ['#!/bin/python', '# vim: set fileencoding=utf_7 :', ...numberSigns]],
    ['a carriage return within', shell, words.map(() => '# x\rreboot')],
    ['another line break within', {}, words.map(() => '# x\u2028reboot')],
    ['characters that cannot be seen', {}, words.map(() => '# x\u202ereboot')],
    ['a text that ends within a line', python, ['"""x""" + __import__("os").name', ...numberSigns]],
  ])('with %s is shown', (_what, language, lines) => {
    const rows = shown([...lines, 'code'].join('\n'), language)
    expect(rows.filter((row) => row.startsWith('  comment'))).toEqual([])
    expect(rows.length).toBeGreaterThan(lines.length)
  })

  test('is not one behind the first line of code', () => {
    expect(shown(['code', ...numberSigns].join('\n'))).toEqual(plain(['code', ...numberSigns]))
  })

  test('says nothing of a secret in its first words', () => {
    const lines = ['# https://svc:Secret12345@repo.example/x', ...numberSigns]
    const rows = shown([...lines, 'code'].join('\n'), {})
    expect(rows[0]).toContain('"https://[masked-by-qualys-mcp]@repo.example/x')
    expect(rows[0]).not.toContain('Secret12345')
  })
})
