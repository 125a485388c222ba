import { decimal, defineSource, integer, text } from 'caudal'

export const crm = defineSource({
  streams: {
    deals: {
      columns: { id: integer(), name: text(), amount: decimal(18, 2) },
      primaryKey: ['id'],
      read: async function* () {
        yield [{ id: 1, name: 'the only deal', amount: '250.00' }]
      },
    },
  },
})
