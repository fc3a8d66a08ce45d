import { test } from 'vitest'
import { expectWithin } from '../../support/scripts/code-memory.ts'

// The memory of a search in code. Larger scripts: test/nightly/scripts.

// 80 MiB in base64, 17 in a batch.
test('120 scripts of half a megabyte', () =>
  expectWithin(100, 'many', 'scripts: 120 matches in 120 of 120 scanned', 2))
