import { defineTexts } from './define.ts'

/** Practice cards as files. */
export const practiceCards = defineTexts({
  en: {
    'fault.virtual-card.no-vpcd.what': 'No reader waits for a practice card at {place}.',
    'fault.virtual-card.no-vpcd.do': 'Check that pcscd runs with vsmartcard-vpcd, and the port in its reader configuration.',
    'fault.virtual-card.other-type.what': 'The file {path} holds a card of the type {type}.',
    'fault.virtual-card.other-type.do': 'Name that type, or another file.',
    'fault.virtual-card.unreadable.what': 'This is no saved practice card.',
    'fault.virtual-card.unreadable.do': 'Choose the file of a practice card, or a new name for a fresh one.',
  },
  ru: {
    'fault.virtual-card.no-vpcd.what': 'На {place} считыватель учебной карты не ждёт.',
    'fault.virtual-card.no-vpcd.do': 'Проверьте, что pcscd работает с vsmartcard-vpcd, и порт в описании его считывателя.',
    'fault.virtual-card.other-type.what': 'В файле {path} карта вида {type}.',
    'fault.virtual-card.other-type.do': 'Укажите этот вид или другой файл.',
    'fault.virtual-card.unreadable.what': 'Это не сохранённая учебная карта.',
    'fault.virtual-card.unreadable.do': 'Выберите файл учебной карты или укажите новое имя, чтобы создать чистую.',
  },
})
