/** What the data groupings of EMV CPS hold (EMV CPS 1.1, annex A; 2.0, chapter 4 and annex A). */
import type { Words } from '../chip/status-words.ts'

const own = (en: string, ru: string): Words => ({ en, ru })

const names: Readonly<Record<string, Words>> = {
  8000: own('DES keys', 'Ключи DES'),
  8010: own('Reference PIN block', 'Эталонный ПИН-блок'),
  8101: own('ICC private key exponent', 'Секретная экспонента ключа карты'),
  8102: own('PIN encipherment private key exponent', 'Секретная экспонента ключа шифрования ПИН'),
  8103: own('ICC key modulus', 'Модуль ключа карты'),
  8104: own('PIN encipherment key modulus', 'Модуль ключа шифрования ПИН'),
  8201: own('ICC private key, q⁻¹ mod p', 'Секретный ключ карты, q⁻¹ mod p'),
  8202: own('ICC private key, d mod (q − 1)', 'Секретный ключ карты, d mod (q − 1)'),
  8203: own('ICC private key, d mod (p − 1)', 'Секретный ключ карты, d mod (p − 1)'),
  8204: own('ICC private key, prime q', 'Секретный ключ карты, простое q'),
  8205: own('ICC private key, prime p', 'Секретный ключ карты, простое p'),
  8301: own('PIN encipherment private key, q⁻¹ mod p', 'Секретный ключ шифрования ПИН, q⁻¹ mod p'),
  8302: own('PIN encipherment private key, d mod (q − 1)', 'Секретный ключ шифрования ПИН, d mod (q − 1)'),
  8303: own('PIN encipherment private key, d mod (p − 1)', 'Секретный ключ шифрования ПИН, d mod (p − 1)'),
  8304: own('PIN encipherment private key, prime q', 'Секретный ключ шифрования ПИН, простое q'),
  8305: own('PIN encipherment private key, prime p', 'Секретный ключ шифрования ПИН, простое p'),
  9000: own('DES key check values', 'Контрольные значения ключей DES'),
  9010: own('PIN try counter and limit', 'Счётчик и предел попыток ПИН'),
  9102: own('Response to SELECT', 'Ответ на SELECT'),
  9103: own('Response to SELECT, contactless', 'Ответ на SELECT, бесконтактно'),
  9104: own('Response to GET PROCESSING OPTIONS', 'Ответ на GET PROCESSING OPTIONS'),
}

/** A name for the grouping; undefined for one of the application's own. Below 1F00 the identifier says file and record. */
export function groupingName(dgi: string): Words | undefined {
  const known = names[dgi]
  if (known) return known
  const file = Number.parseInt(dgi.slice(0, 2), 16)
  const record = Number.parseInt(dgi.slice(2), 16)
  // CPS 2.0, 4.3: first byte the short file identifier, 1 to 30, second the record.
  if (file >= 1 && file <= 30 && record >= 1) return own(`File ${file}, record ${record}`, `Файл ${file}, запись ${record}`)
  return undefined
}
