interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Names that may stand for the numbers. */
  readonly names?: readonly string[];
  /** What else may stand there. */
  readonly also?: RegExp;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly Field[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of the month', from: 1, to: 31, also: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', from: 1, to: 12, names: MONTHS },
  {
    name: 'day of the week',
    from: 1,
    to: 7,
    names: WEEKDAYS,
    also: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/i,
  },
  { name: 'year', from: 1970, to: 2199 },
];

/**
 * What is wrong with the six fields of a cron expression of EventBridge Scheduler, as a mend; undefined when nothing is.
 * Otherwise only the deployment would say so.
 */
export function cronMistake(cron: string): string | undefined {
  const words = cron.split(' ');
  for (const [index, field] of FIELDS.entries()) {
    const word = words[index] ?? '';
    if (!word.split(',').every((part) => fits(part, field)))
      return `its ${field.name} is "${word}"; write a number from ${field.from} to ${field.to}, a range, a list, or *`;
  }
  if ((words[2] === '?') === (words[4] === '?'))
    return 'write ? for either the day of the month or the day of the week, as EventBridge Scheduler wants it';
  return undefined;
}

/** `*`, a value, a range of them, each of these with a step, or what the field knows besides. */
function fits(part: string, { from, to, names = [], also }: Field): boolean {
  if (also?.test(part)) return true;
  const [range = '', step, ...more] = part.split('/');
  const ends = range === '*' ? [] : range.split('-');
  const isValue = (word: string): boolean =>
    names.includes(word.toUpperCase()) || (/^\d+$/.test(word) && Number(word) >= from && Number(word) <= to);
  return (
    more.length === 0 && (step === undefined || /^[1-9]\d*$/.test(step)) && ends.length <= 2 && ends.every(isValue)
  );
}
