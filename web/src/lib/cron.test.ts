import { sayCron } from './cron';

test.each([
  ['30 2 * * *', '每天 02:30', 'daily at 02:30'], ['5 * * * *', '每小时第 5 分', 'hourly at :05'], ['0 9 * * 1', '每周一 09:00', 'Mondays at 09:00'], ['0 9 1 * *', '每月 1 日 09:00', 'monthly, day 1 at 09:00'],
  ['*/5 * * * *', undefined, undefined], ['0 9 1 1 *', undefined, undefined], ['0 9 * * 1-5', undefined, undefined], ['', undefined, undefined],
])('%j is said', (cron, zh, en) => expect([sayCron(cron, 'zh'), sayCron(cron, 'en')]).toEqual([zh, en]));
