import type { Fields } from './kubernetes/manifest';

/** A helm command line, read. */
export interface HelmArguments {
  readonly command: string;
  readonly positional: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean>>;
  /** Files of `--values`, in order. */
  readonly values: readonly string[];
  /** `--set` and `--set-string`, each as the object that it sets. */
  readonly sets: readonly Fields[];
}

const SHORT: Readonly<Record<string, string>> = {
  n: 'namespace',
  f: 'values',
  i: 'install',
  o: 'output',
  A: 'all-namespaces',
};
const SWITCHES = new Set([
  'install',
  'wait',
  'atomic',
  'create-namespace',
  'short',
  'all-namespaces',
  'ignore-not-found',
  'force-update',
  'debug',
  'wait-for-jobs',
  'skip-crds',
  'reset-values',
  'reuse-values',
  'dry-run',
  'cleanup-on-fail',
  'take-ownership',
  'server-side',
  'rollback-on-failure',
]);

/** Reads flags in the forms `--flag value`, `--flag=value` and `-f value`. */
export function helmArguments(args: readonly string[]): HelmArguments {
  const positional: string[] = [];
  const flags: Record<string, string | boolean> = {};
  const values: string[] = [];
  const sets: Fields[] = [];
  for (let index = 0; index < args.length; index++) {
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(args[index] ?? '');
    if (!match) {
      positional.push(args[index] ?? '');
      continue;
    }
    const name = SHORT[match[1] ?? ''] ?? match[1] ?? '';
    const value = match[2] ?? (SWITCHES.has(name) ? true : (args[++index] ?? ''));
    if (name === 'values') values.push(String(value));
    else if (name === 'set' || name === 'set-string') sets.push(...setting(String(value), name === 'set-string'));
    else flags[name] = value;
  }
  return { command: positional[0] ?? '', positional: positional.slice(1), flags, values, sets };
}

/** `a.b\.c=1,d=x` as objects; a dot or comma that belongs to a name is escaped. */
function setting(text: string, asString: boolean): Fields[] {
  return text.split(/(?<!\\),/).map((assignment) => {
    const equals = assignment.indexOf('=');
    const keys = assignment
      .slice(0, equals)
      .split(/(?<!\\)\./)
      .map((key) => key.replaceAll('\\.', '.'));
    const raw = assignment.slice(equals + 1).replaceAll('\\,', ',');
    return keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), asString ? raw : typed(raw)) as Fields;
  });
}

function typed(value: string): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  if (value === 'null') return null;
  return /^-?\d+$/.test(value) ? Number(value) : value;
}
