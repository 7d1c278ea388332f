import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Program } from '../program';
import type { BootstrapFiles } from './bootstrap-files';

/** Git, as far as the builds use it, over one repository with one commit. */
export function gitProgram({ files, commit }: BootstrapFiles): Program {
  return async ({ args, cwd, stdout }) => {
    switch (args[0]) {
      case '--version':
        stdout('git version 2.47.0\n');
        break;
      case 'ls-remote':
        stdout(`${commit}\tHEAD\n${commit}\trefs/heads/main\n`);
        break;
      case 'checkout':
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(cwd, path)), { recursive: true });
          writeFileSync(join(cwd, path), text);
        }
        break;
      case 'rev-parse':
        stdout(`${commit}\n`);
        break;
      default: // init and fetch leave nothing that anybody here looks at
    }
    return 0;
  };
}
