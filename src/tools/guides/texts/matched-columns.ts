import { operations } from '../../../operations/index.ts'

/**
 * "`car_search_assets`: `operatingSystem`, `tags`": each list in which `match` searches more than the shown
 * columns.
 */
export const alsoMatchedIn = (product: 'car' | 'saq'): string =>
  operations
    .filter(({ name, alsoMatched = [] }) => name.startsWith(`${product}_`) && alsoMatched.length > 0)
    .map(
      ({ name, alsoMatched = [] }) =>
        `\`${name}\`: ${alsoMatched.map((column) => `\`${column}\``).join(', ')}`,
    )
    .join('; ')
