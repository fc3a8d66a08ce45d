import { describe, expect, test } from 'vitest'
import { secondsTold, secondsUntilNextCall } from '../../../src/session/http/wait-hint.ts'

// How long a refusal asks to wait, where no header says so.

const told = (text: string, headers: Record<string, string> = {}) => secondsTold({ headers, text })
const item = (value: string): string =>
  `<ITEM_LIST><ITEM><KEY>SECONDS_TO_WAIT</KEY><VALUE>${value}</VALUE></ITEM></ITEM_LIST>`

describe('an item', () => {
  test.each<readonly [string, number]>([
    [item('45'), 45],
    [item(' 45\n'), 45],
    [item('<![CDATA[45]]>'), 45],
    [item('44.5'), 44.5],
    [`<TEXT>again for another 30 seconds</TEXT>${item('45')}`, 45],
    ['{"KEY":"SECONDS_TO_WAIT","VALUE":"45"}', 45],
    ['{"SECONDS_TO_WAIT":45}', 45],
    [item('3,600'), 3_600],
    ['<ITEM><VALUE>45</VALUE><KEY>SECONDS_TO_WAIT</KEY></ITEM>', 45],
    [`<ITEM><KEY>CALLS_LEFT</KEY><VALUE>2</VALUE></ITEM>${item('45')}`, 45],
    ['{"secondsToWait":45}', 45],
    ['{"message":"Too many requests","retryAfter":45}', 45],
    ['{"error":{"retry_after_seconds":"45"}}', 45],
    ['Too many requests. Retry-After: 45', 45],
  ])('%s', (text, seconds) => {
    expect(secondsUntilNextCall(text)).toBe(seconds)
  })

  test.each(['0', '-5', '1000000000', '999999999999', '', 'soon', '1e3', '45s'])(
    'of %j counts as none, and the words beside it count',
    (value) => {
      expect(told(item(value))).toBeUndefined()
      expect(told(`<TEXT>again for another 30 seconds</TEXT>${item(value)}`)).toBe(30)
    },
  )
})

describe('words', () => {
  test.each<readonly [string, number]>([
    ['This API cannot be run again for another 45 seconds.', 45],
    ['This API cannot be run again for another 1 second.', 1],
    ['Too many requests. Try again in 45 seconds.', 45],
    ['Rate limit exceeded, retry after 45s', 45],
    ['Please wait 2 minutes before the next call', 120],
    ['Please wait for 1 minute and 30 seconds.', 90],
    ['Try again in 1 hour, 5 minutes', 3_900],
    ['The limit resets in an hour.', 3_600],
    ['available again in one minute', 60],
    ['try again in 1,800 seconds', 1_800],
    ['TRY AGAIN IN 90 SECS', 90],
    ['{"message":"API limit of 300 calls in 3600 seconds exceeded: try again in 12.5 seconds"}', 12.5],
    ['The next 2 hrs', 7_200],
    ['You are blocked for 45 seconds', 45],
    ['Try again in 1h30m', 5_400],
    ['again for another <b>45</b> seconds', 45],
    ['again for another 45&nbsp;seconds', 45],
    ['Limit reached; calls are possible in about 45 seconds', 45],
  ])('%s', (text, seconds) => {
    expect(told(text)).toBe(seconds)
  })

  test.each([
    '',
    'This API cannot be run again until 1 currently running instance has finished.',
    'Please wait until your previous scans have completed',
    'Rate limit exceeded: 300 requests in 3600 seconds',
    'At most 300 calls in 1 hour',
    'try again in 0 seconds',
    'try again in -5 seconds',
    'try again in 1000000000 seconds',
    'try again in 99999999999 seconds',
    'try again in 45 sections',
    'try again in half an hour',
    '{"retryAfterMs":500}',
    '<KEY>CALLS_LEFT</KEY><VALUE>2</VALUE><KEY>SECONDS_TO_WAIT</KEY><VALUE>0</VALUE>',
    `${' '.repeat(4_000)}try again in 45 seconds`,
  ])('%j names no wait', (text) => {
    expect(told(text)).toBeUndefined()
  })

  test('of a conflict count only where they speak of the next call', () => {
    expect(secondsUntilNextCall('The schedule starts in 5 minutes')).toBeUndefined()
    expect(secondsUntilNextCall('Try again in 5 minutes')).toBe(300)
  })

  test('of any length are read at once', () => {
    expect(told(`again ${'in '.repeat(100_000)}`)).toBeUndefined()
    expect(told(`SECONDS_TO_WAIT${' KEY'.repeat(100_000)}`)).toBeUndefined()
  })
})

test.each<readonly [Record<string, string>, number]>([
  [{ 'x-ratelimit-towait-sec': '7' }, 7],
  [{ 'retry-after': '8' }, 8],
  // This also comes with answers that are not limited.
  [{ 'x-ratelimit-towait-sec': '0' }, 45],
  [{ 'x-ratelimit-towait-sec': 'soon' }, 45],
])('%j beside 45 seconds in the text: %i', (headers, seconds) => {
  expect(told('again for another 45 seconds', headers)).toBe(seconds)
})
