import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles, type SourceFile } from './source-files';

const ROOT = join(__dirname, '..', '..');

/** The Markdown files that people read: those at the root, of `docs/` and of the example. */
export function documents(): SourceFile[] {
  const atRoot = readdirSync(ROOT)
    .filter((name) => name.endsWith('.md'))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
  return [...atRoot, ...sourceFiles(['docs', 'examples'], '.md')];
}

/** One of them. */
export function document(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
