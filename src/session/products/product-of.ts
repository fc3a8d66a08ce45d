import type { Operation } from '../../operations/operation.ts'
import { car } from './car.ts'
import type { Product } from './product.ts'
import { saq } from './saq.ts'

/** The product of an operation. */
export function productOf({ name }: Operation): Product {
  return name.startsWith('saq_') ? saq : car
}
