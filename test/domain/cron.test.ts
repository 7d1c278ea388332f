import { cronMistake } from '../../domain/cron';

test.each([
  '0 6 ? 1,4,7,10 MON#1 *',
  '15 10 ? * 6L 2026-2030',
  '0/15 8-17 ? * MON-FRI *',
  '0 0 LW * ? *',
  '30 9 15W jan,JUL ? *',
  '*/5 * * * ? *',
])('%s can be a schedule', (cron) => expect(cronMistake(cron)).toBeUndefined());

test.each([
  ['60 6 ? 1 MON *', 'its minute is "60"'],
  ['0 6 32 1 ? *', 'its day of the month is "32"'],
  ['0 6 ? JANUARY MON *', 'its month is "JANUARY"'],
  ['0 6 ? 1 MON#6 *', 'its day of the week is "MON#6"'],
  ['0 6/ ? 1 MON *', 'its hour is "6/"'],
  ['0 6 * 1 MON *', 'write ? for either the day of the month or the day of the week'],
  ['0 6 ? 1 ? *', 'write ? for either the day of the month or the day of the week'],
])('%s cannot', (cron, mistake) => expect(cronMistake(cron)).toContain(mistake));
