import { sha256 } from '../../shared/crypto.ts'
import type { Product } from '../products/product.ts'
import { type Account, loginOf } from './account.ts'
import { claimsOf, type TokenKeeper } from './token.ts'

/** Who acts on a product, and on which host. A token made for one identity is not valid for another. */
export async function identityOf(account: Account, product: Product, tokens: TokenKeeper): Promise<string> {
  const { credentials, sandbox } = account
  const login = loginOf(account)
  // The embedded sandbox has another port at each start, with the same rows.
  const host = sandbox ? 'sandbox' : product.host(account)
  if (product.takesPassword && login) return `${host} ${login.username}`
  switch (credentials.kind) {
    case 'password':
      return `${host} ${credentials.username}`
    case 'client':
      return `${host} ${credentials.clientId}`
    case 'tokenFile': {
      const token = await tokens.get()
      return `${host} ${claimsOf(token).sub ?? sha256(token)}`
    }
  }
}
