import { resolve } from 'node:path';

/** A call of the program, read. */
export interface CommandLine {
  /** Such as `apply`, or `state list`. */
  readonly command: string;
  /** Where the configuration is: the working directory, or `-chdir`. */
  readonly directory: string;
  readonly positional: readonly string[];
  /** Values of an option in order; a flag is `['true']`. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

/** Options whose value may follow as an argument of its own. */
const WITH_VALUE = new Set([
  'var',
  'var-file',
  'backend-config',
  'target',
  'lock-timeout',
  'parallelism',
  'state',
  'out',
]);
const SUBCOMMANDS: Readonly<Record<string, true>> = { state: true, providers: true, workspace: true };

/** Reads arguments as Terraform does: one or two dashes, `-name=value`, `-name value`, `-flag`. */
export function readCommandLine(args: readonly string[], cwd: string): CommandLine {
  const options: Record<string, string[]> = {};
  const words: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index]!;
    const [, name, value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (name === undefined) words.push(argument);
    else if (value !== undefined) (options[name] ??= []).push(value);
    else if (WITH_VALUE.has(name)) (options[name] ??= []).push(args[++index] ?? '');
    else (options[name] ??= []).push('true');
  }
  const [first = '', second = '', ...rest] = words;
  const hasSubcommand = SUBCOMMANDS[first] === true;
  return {
    command: hasSubcommand ? `${first} ${second}`.trim() : first,
    directory: resolve(cwd, options['chdir']?.[0] ?? '.'),
    positional: hasSubcommand ? rest : words.slice(1),
    options,
  };
}

/** Whether a flag is set (`-json`, `-json=true`). */
export function hasFlag({ options }: CommandLine, name: string): boolean {
  const value = options[name]?.at(-1);
  return value !== undefined && value !== 'false';
}

/** A Go duration such as `60s` or `1m30s`, in seconds; 0 without one. */
export function secondsOption({ options }: CommandLine, name: string): number {
  const text = options[name]?.at(-1) ?? '';
  const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };
  return [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ''] ?? 0),
    0,
  );
}
