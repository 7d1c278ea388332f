const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** Seconds of a duration such as `2h`, `25m`, `1h30m` or `90s`; undefined when the text is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text.trim());
  if (!match || text.trim() === '') return undefined;
  return Object.values(UNITS).reduce((sum, unit, index) => sum + unit * Number(match[index + 1] ?? 0), 0);
}

/** A duration for people, in its two largest units: `1h 52m`, `12m 04s`, `48s`. Negative ones carry a minus sign. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const sign = seconds < 0 && whole > 0 ? '-' : '';
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60), whole % 60];
  if (hours > 0) return `${sign}${hours}h ${two(minutes)}m`;
  return minutes > 0 ? `${sign}${minutes}m ${two(rest)}s` : `${sign}${rest}s`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
