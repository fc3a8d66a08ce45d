import { operations } from '../../../operations/index.ts'

/** "`car_search_assets`: `operatingSystem`, `tags`" for each list in which `match` looks beyond the columns it shows. */
export const alsoMatchedIn = (product: 'car' | 'saq'): string =>
  operations
    .filter(({ name, alsoMatched = [] }) => name.startsWith(`${product}_`) && alsoMatched.length > 0)
    .map(
      ({ name, alsoMatched = [] }) =>
        `\`${name}\`: ${alsoMatched.map((column) => `\`${column}\``).join(', ')}`,
    )
    .join('; ')
