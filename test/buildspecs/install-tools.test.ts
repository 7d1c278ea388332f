import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUILDSPECS = join(__dirname, '../../buildspecs');
const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'amd64';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-tools-'));
  for (const part of ['bin', 'tools', 'site']) mkdirSync(join(folder, part));
  copyFileSync(join(BUILDSPECS, 'install-tools.sh'), join(folder, 'install-tools.sh'));
  writeFileSync(join(folder, 'tool-checksums.txt'), '# none\n');
  // Downloads come from a folder: the last path segment of the URL is the file.
  program(
    'curl',
    `while [ $# -gt 0 ]; do case "$1" in --output) out="$2"; shift ;; https://*) url="$1" ;; esac; shift; done
     cp "${folder}/site/\${url##*/}" "$out"`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Puts a program before all others on PATH. */
function program(name: string, script: string, where = 'bin'): void {
  writeFileSync(join(folder, where, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, where, name), 0o755);
}

/** A Helm archive that "downloads" of this version get. @returns its SHA-256. */
function helmArchive(version: string): string {
  mkdirSync(join(folder, `linux-${ARCHITECTURE}`));
  program('helm', `echo v${version}+g0123456`, `linux-${ARCHITECTURE}`);
  const archive = join(folder, 'site', `helm-v${version}-linux-${ARCHITECTURE}.tar.gz`);
  execFileSync('tar', ['-czf', archive, '-C', folder, `linux-${ARCHITECTURE}/helm`]);
  return createHash('sha256').update(readFileSync(archive)).digest('hex');
}

function checksum(sha256: string, archive: string): void {
  writeFileSync(join(folder, 'tool-checksums.txt'), `# comment\n${sha256}  ${archive}\n`);
}

function install(tools: string[], variables: Record<string, string> = {}) {
  const env = {
    PATH: `${join(folder, 'tools')}:${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    TOOLS_DIRECTORY: join(folder, 'tools'),
    ...variables,
  };
  const { status, stdout, stderr } = spawnSync('bash', [join(folder, 'install-tools.sh'), ...tools], {
    env,
    encoding: 'utf8',
  });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}

describe('install-tools.sh', () => {
  it('leaves a tool alone that is on PATH at the pinned version', () => {
    program('terraform', 'echo "Terraform v1.11.4"; echo "on linux_amd64"');
    program('helm', 'echo v9.9.9+g0123456');
    expect(install(['terraform', 'helm'], { TERRAFORM_VERSION: '1.11.4', HELM_VERSION: '9.9.9' })).toEqual({
      status: 0,
      stdout: 'Terraform 1.11.4 is installed.\nHelm 9.9.9 is installed.',
      stderr: '',
    });
  });

  it('installs an archive whose checksum is right, once', () => {
    checksum(helmArchive('9.9.9'), `helm-v9.9.9-linux-${ARCHITECTURE}.tar.gz`);
    program('helm', 'echo v9.9.90');
    expect(install(['helm'], { HELM_VERSION: '9.9.9' })).toMatchObject({
      status: 0,
      stdout: 'Helm 9.9.9 was installed.',
    });
    expect(install(['helm'], { HELM_VERSION: 'v9.9.9' })).toMatchObject({ stdout: 'Helm 9.9.9 is installed.' });
  });

  it('refuses an archive that is not what its maker released', () => {
    const found = helmArchive('9.9.9');
    checksum('0'.repeat(64), `helm-v9.9.9-linux-${ARCHITECTURE}.tar.gz`);
    expect(install(['helm'], { HELM_VERSION: '9.9.9' })).toMatchObject({
      status: 1,
      stderr: `helm-v9.9.9-linux-${ARCHITECTURE}.tar.gz has the SHA-256 ${found} instead of ${'0'.repeat(64)}; it is not what its maker released.`,
    });
  });

  it('refuses a version that has no checksum before it downloads anything', () => {
    program('terraform', 'exit 1');
    program('curl', 'echo "must not be called" >&2; exit 1');
    const { status, stderr } = install(['terraform'], { TERRAFORM_VERSION: '9.9.9' });
    expect(status).toBe(1);
    expect(stderr).toBe(
      `There is no checksum of terraform_9.9.9_linux_${ARCHITECTURE}.zip, so it cannot be trusted; add it to buildspecs/tool-checksums.txt or pin a version that is listed there.`,
    );
  });

  it('refuses a tool that it does not know', () => {
    expect(install(['jq'])).toMatchObject({ status: 1, stderr: expect.stringContaining('does not know the tool jq') });
  });
});

describe('tool-checksums.txt', () => {
  const lines = readFileSync(join(BUILDSPECS, 'tool-checksums.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  it('has the form of sha256sum, and both architectures of every version', () => {
    for (const line of lines)
      expect(line).toMatch(
        /^[0-9a-f]{64} {2}(terraform_|helm-v)\d+\.\d+\.\d+[_-]linux[_-](amd64|arm64)\.(zip|tar\.gz)$/,
      );
    const archives = new Set(lines.map((line) => line.split('  ')[1]!));
    for (const archive of archives)
      expect(archives).toContain(archive.replace(/amd64|arm64/, (a) => (a === 'amd64' ? 'arm64' : 'amd64')));
    expect(archives.size).toBe(lines.length);
  });

  it('lists the Helm that install-tools.sh installs', () => {
    const script = readFileSync(join(BUILDSPECS, 'install-tools.sh'), 'utf8');
    const version = /HELM_VERSION:-([\d.]+)\}/.exec(script)?.[1];
    expect(lines.join('\n')).toContain(`helm-v${version}-linux-amd64.tar.gz`);
  });
});
