import { test } from 'vitest'
import { expectWithin } from '../../support/scripts/code-memory.ts'

// The memory of a search in hostile code.

test('a script of 40 MiB in one line', () =>
  expectWithin(250, 'line', 'scripts: 1 match in 1 of 1 scanned', 1))

test('a script with three million hidden characters', () =>
  expectWithin(250, 'hidden', 'scripts: 1 match in 1 of 1 scanned', 1))

test('a script of a million lines', () =>
  expectWithin(200, 'lines', 'scripts: 1 match in 1 of 1 scanned', 1_000_001))
