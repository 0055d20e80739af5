/**
 * Asks the operator for the transport password of a delivery of blanks, and hands it over to the ScApps of every card. A ScApp
 * sends it where its card wants it: sealed for a channel, or with `card.inClear`. It is never shown, logged or kept. docs/scapps/transport-password.md
 */

export const expects = {
  parameters: {
    /** How many characters it has, both ends included: `8` or `6-12`. */
    length: { type: 'string' },
  },
}

export function questions({ length = '1-64' }) {
  const [least, most = least] = length.split('-')
  return [
    {
      name: 'transport-password',
      label: { en: 'Transport password of the blanks', ru: 'Транспортный пароль заготовок' },
      secret: true,
      pattern: `.{${least},${most}}`,
    },
  ]
}

export function prepare({ answers }) {
  return { handed: { 'transport-password': answers['transport-password'] } }
}
