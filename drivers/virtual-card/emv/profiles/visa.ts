/**
 * Visa Integrated Circuit Card (VIS), and national schemes near to it. Groupings beyond CPS, as personalization systems use them:
 * 0D01 and 0E01 internal data of the risk management, 0E01 with currency and country; 9115 to 9117, 9203, 9207 answers of the
 * contactless interface.
 */
import type { CryptogramVersion } from '../cryptogram.ts'
import type { EmvProfile } from '../profile.ts'

export const visaVersions: Readonly<Record<number, CryptogramVersion>> = {
  10: { sessionKey: 'none', padding: 'zeros', ending: 'verification-results', issuerAuthentication: { method: 1, key: 'master' }, script: 'visa' },
  18: { sessionKey: 'common', padding: 'iso', ending: 'issuer-application-data', issuerAuthentication: { method: 2, key: 'session' }, script: 'visa' },
  22: { sessionKey: 'common', padding: 'iso', ending: 'issuer-application-data', issuerAuthentication: { method: 2, key: 'session' }, script: 'common' },
}

const internal = { kind: 'tags' } as const
const contactless = { kind: 'kept', secret: false } as const

export const visaProfile: EmvProfile = {
  scheme: 'visa',
  groupings: {
    '0D01': internal,
    '0E01': internal,
    '3000': internal,
    '3001': internal,
    '9115': contactless,
    '9116': contactless,
    '9117': contactless,
    '9203': contactless,
    '9207': contactless,
  },
  responseFormat: '80',
  getData: ['9F51', '9F52', '9F53', '9F54', '9F55', '9F56', '9F57', '9F58', '9F59', '9F5C', '9F5D', '9F72', '9F73', '9F75', '9F76', '9F6C', '9F68'],
  putData: ['9F53', '9F54', '9F58', '9F59', '9F5C', '9F72', '9F73', '9F75', '9F52', '9F56', '9F13'],
  dynamicNumber: 8,
}
