import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Program } from '../program';
import type { BootstrapFiles } from './bootstrap-files';

/** Git of one build, as far as the builds use it, over repositories with one commit each. */
export function gitProgram(repository: (url: string) => BootstrapFiles): Program {
  let { files, commit }: BootstrapFiles = { files: {}, commit: '' };
  return async ({ args, cwd, stdout }) => {
    const url = args.find((arg) => arg.startsWith('https://'));
    if (url !== undefined) ({ files, commit } = repository(url));
    switch (args[0]) {
      case '--version':
        stdout('git version 2.47.0\n');
        break;
      case 'ls-remote':
        stdout(`${commit}\tHEAD\n${commit}\trefs/heads/main\n`);
        break;
      case 'checkout':
        for (const folder of new Set(Object.keys(files).map(dirname)))
          mkdirSync(join(cwd, folder), { recursive: true });
        for (const [path, text] of Object.entries(files)) writeFileSync(join(cwd, path), text);
        break;
      case 'rev-parse':
        stdout(`${commit}\n`);
        break;
      default: // init and fetch leave nothing that anybody here looks at
    }
    return 0;
  };
}
