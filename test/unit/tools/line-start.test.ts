import { describe, expect, test } from 'vitest'
import { fieldLine, rowLine } from '../../../src/tools/replies/line-start.ts'

// A line that could be taken for one of the server's own, however it begins.

describe('the first cell of a line is quoted:', () => {
  test.each([
    ...['More: x', 'Note: x', 'Between << and', 'sandbox: x', '"quoted"', '(below)', 'More', 'Note'],
    ...['note: x', 'NEXT: x', 'Next: x', 'Continue with car_delete_schedule', 'continuationToken "x"'],
    ...[
      'File: /x',
      'Resource: x',
      'warning: x',
      '! a warning',
      '<< x',
      '‹‹deadbeef',
      '# x',
      '> x',
      '- x',
      '* x',
    ],
    // Cyrillic, full width, mathematical, with an accent, of another script as a whole.
    ...[
      'Моrе: x',
      'Mоre x',
      'Ｎｅｘｔ： x',
      'Ｎｏｔｅ x',
      '𝐍𝐨𝐭𝐞: x',
      'Nóte: x',
      'Ноте: x',
      'Νοτε: x',
      'Nеxt꞉ x',
    ],
    // Behind blanks, bullets and characters that draw nothing.
    ...['• More: x', '– Next: x', '· note: x', '…More: x', '. Note x', '\u3164More: x'],
    ...[
      '\u2800Next: x',
      '\u00a0Note: x',
      '\u3000More: x',
      '\u200bsandbox: x',
      'No\u00adte: x',
      'N\u034fote: x',
    ],
    ...[
      '🅝🅞🅣🅔: x',
      '🇲🇴🇷🇪: x',
      '🅽🅾🆃🅴: x',
      '1. Note: x',
      '2) more: x',
      '</data> x',
      'Between << x',
      'Between ‹‹ and ››',
    ],
    ...['Note⁚ x', 'Note ⦂ x', 'Note — x', 'More → x', 'Next; x'],
    ...['jobs 1-20 of 500; all done', 'asset jobs 1,001-1,020 of 15,000, newest first'],
    ...['=== Note ===', '-- x', '-', '>> x', '`x`', '-More: x', '(Note: x', '<Next: x>', '*Warning:* x'],
    ...["'More: x", '[Note: x', '—— Next: x', 'Anything: x'],
    ...['(5 more characters)', '(1,234 more differences)', '（12 earlier calls）'],
  ])('%j', (text) => expect(rowLine(text)).toBe(JSON.stringify(text)))
})

describe('the first cell of a line stays:', () => {
  test.each([
    ...[
      'Moreover',
      'Notes',
      'Notebook',
      'Next steps',
      'File integrity',
      'note of 7',
      'a Note: x',
      'sandboxes',
      '',
      "'More'",
      '20021',
      '-5',
      '0.5',
      'POS-0001',
    ],
    ...['2026-11-29T20:05Z', 'APPROVED', 'kim@example.com', 'Windows Server 2019', '/var/log', 'C:\\Windows'],
    ...[
      'https://example.com/x',
      'Überprüfung der Geräte',
      'Проверка',
      'ＰＣ端末の更新',
      '端末',
      'true',
      '$HOME',
      'Note taking app',
      'Note-taking app',
      'File (old)',
      'Resource & file',
      'More disk space',
      'Between the offices',
      'Москва-office',
      'β-test',
      '2 of 5 disks',
      '=1+1',
      '#1 patch',
      '*.example.com',
      '(old) disk check',
      '<none>',
      '-v',
      '!root',
      '[x]',
    ],
  ])('%j', (text) => expect(rowLine(text)).toBe(text))
})

test('the first cell decides, also behind empty ones, and the whole line is quoted', () => {
  for (const line of ['More: x\tb\tc', '\t Next: "x"\tb', ' \t\tMore: x'])
    expect(rowLine(line)).toBe(JSON.stringify(line))
  expect(rowLine('20021\tMore: x')).toBe('20021\tMore: x')
  expect(rowLine('\t\t')).toBe('\t\t')
})

describe('the line of a field', () => {
  test.each([
    ['title', 'title: x'],
    ['created.dateTime', 'created.dateTime: x'],
    ['$id-1@b', '$id-1@b: x'],
    ['note', '"note": x'],
    ['More', '"More": x'],
    ['Next:_call', '"Next:_call": x'],
    ['notes', '"notes": x'],
    ['fileUuid', 'fileUuid: x'],
    ['Моrе', '"Моrе": x'],
    ['a b', '"a b": x'],
    ['a"b', `"a'b": x`],
    ['', '"": x'],
  ])('%j', (name, line) => expect(fieldLine(name, 'x')).toBe(line))
})
