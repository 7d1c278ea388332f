/** An instant (milliseconds since the epoch) as Kubernetes writes it: whole seconds, UTC. */
export function timestamp(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A Go duration (`10m`, `1h30m`, `90s`) in milliseconds; `fallback` when it is none. */
export function goDuration(text: unknown, fallback: number): number {
  if (typeof text !== 'string') return fallback;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.length === 0) return fallback;
  return parts.reduce((total, [, value, unit]) => total + Number(value) * (UNITS[unit ?? ''] ?? 0), 0);
}

/** Milliseconds in Go's words, such as `10m0s` or `5.2s`. */
export function inGoWords(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 1) return `${milliseconds}ms`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${Number((seconds % 60).toFixed(3))}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
