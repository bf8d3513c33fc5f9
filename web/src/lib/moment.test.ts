import { momentForm } from './moment';

test.each([
  ['2026-03-01', 'YYYY-MM-DD'], ['2026-03-01 09:00', 'YYYY-MM-DD HH:mm'], ['2026-03-01 09:00:30', 'YYYY-MM-DD HH:mm:ss'], ['2026-03-01T09:00', 'YYYY-MM-DD[T]HH:mm'],
  ['2026-03-01 09:00:30.5', undefined], ['2026-03', undefined], ['', undefined],
])('%s is written %s', (text, form) => expect(momentForm(text)).toBe(form));
