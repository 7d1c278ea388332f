import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from '../domain/ports/command-runner';
import { BuildFailure } from './build-account';
import type { StepHost } from './build-step';
import type { RepositoryAccess } from './repository-access';

type GitHost = Pick<StepHost, 'commands' | 'directory' | 'signal'>;

/** The refs of a repository as `git ls-remote` lists them. @throws BuildFailure when the repository cannot be read. */
export async function listRefs(host: GitHost, access: RepositoryAccess): Promise<string> {
  const listed = await git(host, access, host.directory, ['ls-remote', '--', access.url]);
  if (listed.exitCode !== 0) throw unreadable(access, listed);
  return listed.stdout;
}

/**
 * Fetches one commit into an empty folder below the step's directory and proves that this commit is checked out.
 * A server may refuse a commit that is no tip; then everything is fetched.
 * @returns the folder.
 * @throws BuildFailure (cause `repository`) when the repository or the commit cannot be had.
 */
export async function checkout(host: GitHost, access: RepositoryAccess, commit: string): Promise<string> {
  const folder = join(host.directory, 'repository');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const run = (...args: string[]): Promise<CommandResult> => git(host, access, folder, args);

  await expectSuccess(run('init', '--quiet'), access);
  const shallow = await run('fetch', '--quiet', '--no-tags', '--depth', '1', '--', access.url, commit);
  if (shallow.exitCode !== 0) {
    await expectSuccess(
      run('fetch', '--quiet', '--', access.url, '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'),
      access,
    );
  }
  const checkedOut = await run('checkout', '--quiet', '--detach', commit);
  if (checkedOut.exitCode !== 0) {
    throw new BuildFailure(
      'repository',
      `The commit ${commit} does not exist in ${access.url}; push it, or drill another ref`,
    );
  }
  const head = (await run('rev-parse', 'HEAD')).stdout.trim();
  if (head !== commit) {
    throw new BuildFailure('repository', `Checked out ${head} instead of the drill's commit ${commit}`);
  }
  return folder;
}

async function expectSuccess(running: Promise<CommandResult>, access: RepositoryAccess): Promise<void> {
  const result = await running;
  if (result.exitCode !== 0) throw unreadable(access, result);
}

/** Git's own last words say why: no such host, no such repository, authentication failed. */
function unreadable(access: RepositoryAccess, { stderr, exitCode }: CommandResult): BuildFailure {
  const said = stderr
    .split('\n')
    .map((line) => line.trim())
    .find((line) => /^(fatal|error|remote):/.test(line));
  return new BuildFailure(
    'repository',
    `The repository ${access.url} cannot be read: ${said ?? `git ended with ${exitCode}`}`,
  );
}

function git(host: GitHost, access: RepositoryAccess, cwd: string, args: string[]): Promise<CommandResult> {
  return host.commands.run('git', args, { cwd, env: access.env, signal: host.signal });
}
