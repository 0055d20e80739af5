/**
 * What a card says in its two status bytes: ISO/IEC 7816-4, 5.6, and what GlobalPlatform 2.3 (11.1.3 and the commands' own tables) and
 * EMV 4.3 Book 3 (6.3.5) make of them for one instruction.
 */

export interface Words {
  en: string
  ru: string
}

const own = (en: string, ru: string): Words => ({ en, ru })

const general: Readonly<Record<string, Words>> = {
  9000: own('Done', 'Выполнено'),
  6200: own('Warning, nothing changed', 'Предупреждение, ничего не изменено'),
  6281: own('Part of the data may be wrong', 'Часть данных может быть искажена'),
  6282: own('End of the file or record before the length asked for', 'Файл или запись кончились раньше запрошенной длины'),
  6283: own('The file or application is blocked', 'Файл или приложение заблокированы'),
  6284: own('The file control information is not formed as it should be', 'Управляющая информация файла составлена неверно'),
  6285: own('The file is in its end state', 'Файл в завершающем состоянии'),
  6286: own('No input from a sensor of the card', 'Датчик карты не дал данных'),
  6300: own('Warning, the card’s memory has changed', 'Предупреждение, память карты изменена'),
  6310: own('More data is there', 'Есть ещё данные'),
  6381: own('The file is full', 'Файл заполнен'),
  6400: own('Failed, nothing changed', 'Не выполнено, ничего не изменено'),
  6401: own('The card needs an answer at once', 'Карте немедленно нужен ответ'),
  6500: own('Failed, the card’s memory has changed', 'Не выполнено, память карты изменена'),
  6581: own('The card’s memory failed', 'Сбой памяти карты'),
  6600: own('Refused for security', 'Отклонено ради безопасности'),
  6700: own('Wrong length', 'Неверная длина'),
  6800: own('Function of the class byte not supported', 'Функция байта класса не поддерживается'),
  6881: own('Logical channel not supported', 'Логический канал не поддерживается'),
  6882: own('Secure messaging not supported', 'Защищённый обмен не поддерживается'),
  6883: own('Last command of the chain expected', 'Ожидается последняя команда цепочки'),
  6884: own('Command chaining not supported', 'Цепочки команд не поддерживаются'),
  6900: own('Command not allowed', 'Команда не разрешена'),
  6981: own('The file has another structure', 'У файла другая структура'),
  6982: own('Security status not satisfied', 'Условия безопасности не выполнены'),
  6983: own('Authentication blocked', 'Проверка подлинности заблокирована'),
  6984: own('Reference data not usable', 'Эталонные данные непригодны'),
  6985: own('Conditions of use not satisfied', 'Условия использования не выполнены'),
  6986: own('Command not allowed: no file selected', 'Команда не разрешена: файл не выбран'),
  6987: own('Secure messaging data object missing', 'Нет объекта данных защищённого обмена'),
  6988: own('Secure messaging data object wrong', 'Неверен объект данных защищённого обмена'),
  '6A00': own('Wrong parameters', 'Неверные параметры'),
  '6A80': own('Wrong data', 'Неверные данные'),
  '6A81': own('Function not supported', 'Функция не поддерживается'),
  '6A82': own('File or application not found', 'Файл или приложение не найдены'),
  '6A83': own('Record not found', 'Запись не найдена'),
  '6A84': own('Not enough memory', 'Не хватает памяти'),
  '6A85': own('Length does not agree with the structure of the data', 'Длина не согласуется со структурой данных'),
  '6A86': own('Wrong P1 or P2', 'Неверные P1 или P2'),
  '6A87': own('Length does not agree with P1 and P2', 'Длина не согласуется с P1 и P2'),
  '6A88': own('Referenced data not found', 'Указанные данные не найдены'),
  '6A89': own('The file is there already', 'Файл уже существует'),
  '6A8A': own('The name is taken', 'Имя уже занято'),
  '6B00': own('Wrong P1 or P2: outside of the file', 'Неверные P1 или P2: вне файла'),
  '6D00': own('Instruction not supported', 'Инструкция не поддерживается'),
  '6E00': own('Class not supported', 'Класс не поддерживается'),
  '6F00': own('The card gives no diagnosis', 'Карта не называет причину'),
  // purses of EN 1546 (docs/native-card.md)
  9302: own('Code (MAC) wrong', 'Неверный код (MAC)'),
  9401: own('The balance is too low', 'Недостаточно средств'),
  9402: own('The balance would be too high', 'Превышен предел остатка'),
  9406: own('The counter is at its end', 'Счётчик исчерпан'),
  9484: own('Algorithm not supported', 'Алгоритм не поддерживается'),
  9485: own('Key check value wrong', 'Неверно контрольное значение ключа'),
  // MULTOS (docs/multos-card.md)
  '9D05': own('Certificate of another kind', 'Сертификат другого вида'),
  '9D07': own('Session data of another size', 'Другой размер данных сеанса'),
  '9D08': own('Directory record of another size', 'Другой размер записи каталога'),
  '9D09': own('FCI record of another size', 'Другой размер записи FCI'),
  '9D0A': own('Code of another size', 'Другой размер кода'),
  '9D11': own('Wrong application identifier', 'Неверный идентификатор приложения'),
  '9D13': own('This application was loaded before', 'Это приложение уже загружено'),
  '9D15': own('No application was opened for loading', 'Загрузка приложения не начата'),
  '9D17': own('Wrong offset', 'Неверное смещение'),
  '9D19': own('Wrong certificate', 'Неверный сертификат'),
  '9D1A': own('Wrong application signature', 'Неверная подпись приложения'),
  '9D1B': own('Wrong key transformation unit', 'Неверный блок ключей (KTU)'),
  '9D1D': own('The card is not enabled for an issuer', 'Карта не закреплена за эмитентом'),
  '9D1E': own('There is no application signature', 'Нет подписи приложения'),
  '9D20': own('No such application is loaded', 'Такое приложение не загружено'),
  '9D21': own('The opening command has a wrong length', 'Неверная длина команды открытия'),
  '9D41': own('The card was enabled before', 'Карта уже закреплена за эмитентом'),
  '9D44': own('More controls data than there may be', 'Лишние данные управления'),
  '9D45': own('Controls data not authentic', 'Данные управления не подлинны'),
  '9D50': own('For another product', 'Для другого продукта'),
  '9D51': own('For another issuer', 'Для другого эмитента'),
  '9D52': own('For another date of enabling', 'Для другой даты закрепления'),
  '9D53': own('For another card', 'Для другой карты'),
}

/** By instruction byte, where the general words would mislead. */
const special: Readonly<Record<number, Readonly<Record<string, Words>>>> = {
  // EXTERNAL AUTHENTICATE (GlobalPlatform, tables E-8 and D 7.1.2; EMV Book 3, 6.5.4)
  0x82: {
    6300: own('Authentication of the other side failed', 'Подлинность другой стороны не подтверждена'),
    6985: own('Already answered in this transaction, or no challenge before', 'В этой операции уже был ответ, или запроса не было'),
  },
  // INITIALIZE UPDATE
  0x50: { '6A88': own('No key of this version', 'Нет ключа этой версии') },
  // GET PROCESSING OPTIONS (EMV Book 3, 6.5.8)
  0xa8: { 6985: own('The application refuses this transaction: take the next one', 'Приложение отказывает в операции: следует взять другое') },
  // VERIFY, CHANGE REFERENCE DATA (EMV Book 3, 6.5.12)
  0x20: { 6983: own('PIN blocked', 'ПИН заблокирован'), 6984: own('PIN blocked', 'ПИН заблокирован') },
  0x24: { 6983: own('PIN blocked', 'ПИН заблокирован') },
  // SELECT (EMV Book 1, 11.3.5)
  0xa4: {
    6283: own('Selected, but the file or application is blocked or the card locked', 'Выбрано, но файл или приложение заблокированы либо карта закрыта'),
    '6A81': own('The card is blocked, or SELECT is not supported', 'Карта заблокирована, или SELECT не поддерживается'),
  },
  // GET STATUS
  0xf2: { '6A88': own('Nothing of this kind is on the card', 'Ничего такого на карте нет') },
  // STORE DATA (GlobalPlatform, 11.11.3.2; EMV CPS, 5.4)
  0xe2: { '6A88': own('The card does not know this data grouping', 'Карта не знает такую группу данных') },
}

/** Status word in words. `ins`: instruction byte of the command, where it is known. */
export function statusWords(status: number, ins?: number): Words {
  const digits = status.toString(16).toUpperCase().padStart(4, '0')
  const known = (ins === undefined ? undefined : special[ins]?.[digits]) ?? general[digits]
  if (known) return known
  const low = status & 0xff
  switch (status >> 8) {
    case 0x61:
      return low === 0 ? own('256 bytes or more of response wait', 'Ждут 256 байт ответа или больше') : own(`${low} bytes of response wait`, `Ждут байты ответа: ${low}`)
    case 0x6c:
      return own(`Wrong Le: ${low === 0 ? 256 : low} bytes are there`, `Неверное Le: есть байты: ${low === 0 ? 256 : low}`)
    case 0x63:
      if (low >> 4 === 0xc) return own(`Not right, tries left: ${low & 0x0f}`, `Неверно, осталось попыток: ${low & 0x0f}`)
      break
    case 0x91:
      return own('Done; the card has a command of its own', 'Выполнено; у карты есть своя команда')
  }
  return groups[status >> 8] ?? own('Not a status word of the standards', 'Такого слова состояния в стандартах нет')
}

/** First byte alone (7816-4, table 5). */
const groups: Readonly<Record<number, Words>> = {
  0x62: own('Warning, nothing changed', 'Предупреждение, ничего не изменено'),
  0x63: own('Warning, the card’s memory has changed', 'Предупреждение, память карты изменена'),
  0x64: own('Failed, nothing changed', 'Не выполнено, ничего не изменено'),
  0x65: own('Failed, the card’s memory has changed', 'Не выполнено, память карты изменена'),
  0x66: own('Refused for security', 'Отклонено ради безопасности'),
  0x67: own('Wrong length', 'Неверная длина'),
  0x68: own('Function of the class byte not supported', 'Функция байта класса не поддерживается'),
  0x69: own('Command not allowed', 'Команда не разрешена'),
  0x6a: own('Wrong parameters', 'Неверные параметры'),
  0x90: own('Done, the application says more', 'Выполнено, приложение сообщает подробности'),
  0x92: own('The application says more', 'Приложение сообщает подробности'),
  0x93: own('The application says more', 'Приложение сообщает подробности'),
  0x94: own('The application says more', 'Приложение сообщает подробности'),
  0x9f: own('The application says more', 'Приложение сообщает подробности'),
}

/** 9000, and what only says that more is to come or was there: 61xx and warnings without change are not among it. */
export const isDone = (status: number): boolean => status === 0x9000 || status >> 8 === 0x61
