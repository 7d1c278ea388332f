import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** So many folders are taken away at once: starting the program that does it costs as much as fifty of them. */
const BATCH = 2000;

/** Empty folders for the builds, in memory where the machine has a file system of it. */
export class WorkFolders {
  private readonly root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'cluster-drill-builds-'));
  private made = 0;

  next(): string {
    const folder = join(this.root, String(this.made));
    this.made += 1;
    mkdirSync(folder);
    return folder;
  }

  /** Takes all folders away when there are many; nobody may use one any more. */
  tidy(): void {
    if (this.made < BATCH) return;
    this.close();
    mkdirSync(this.root);
    this.made = 0;
  }

  close(): void {
    spawnSync('rm', ['-rf', this.root]);
  }
}
