import type { RefusalCategory } from '../failures/refusal.ts'
import { limitCodes } from '../http/rate-limits.ts'

/**
 * Codes of the oldest API (appendix_d.htm): parameters, limits with two related codes that one client has
 * seen, and a registration that must be completed first. Newer APIs share some of them
 * (pcrs_error_codes.htm).
 */
export const legacyCodes: Readonly<Record<string, RefusalCategory>> = {
  1901: 'input',
  1903: 'input',
  1904: 'input',
  1905: 'input',
  1907: 'input',
  1908: 'input',
  ...Object.fromEntries(limitCodes.map((code) => [code, 'busy' as const])),
  2003: 'login',
}
