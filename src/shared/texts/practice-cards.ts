import { defineTexts } from './define.ts'

/** Practice cards as files. */
export const practiceCards = defineTexts({
  en: {
    'fault.virtual-card.unreadable.what': 'This is no saved practice card.',
    'fault.virtual-card.unreadable.do': 'Choose the file of a practice card, or a new name for a fresh one.',
  },
  ru: {
    'fault.virtual-card.unreadable.what': 'Это не сохранённая учебная карта.',
    'fault.virtual-card.unreadable.do': 'Выберите файл учебной карты или укажите новое имя, чтобы создать чистую.',
  },
})
