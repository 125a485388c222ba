import { count } from '@caudal/authoring'
import { metric } from '../types/caudal-types.ts'

// @ts-expect-error nothing is wrong here: the compiler has to say so
export const deals = metric({ from: 'marts.deals', time: 'closed_at', value: count() })
