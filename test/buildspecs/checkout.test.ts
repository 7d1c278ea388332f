import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, listRefs } from '../../buildspecs/checkout';
import { readRepository } from '../../buildspecs/read-repository';
import { repositoryAccess } from '../../buildspecs/repository-access';
import { openRecord } from '../support/open-record';
import { GitRepository } from '../support/repositories';
import { stepHost, type TestStepHost } from '../support/step-host';

let repository: GitRepository;
let host: TestStepHost;
const access = () => ({ url: repository.url, env: { GIT_TERMINAL_PROMPT: '0' } });

beforeEach(async () => {
  repository = new GitRepository();
  host = await stepHost(openRecord());
});
afterEach(() => repository.remove());

describe('checking out a commit', () => {
  it('fetches this commit and nothing else, though the branch has moved on', async () => {
    const commit = repository.commit({ 'a.txt': 'old' });
    repository.commit({ 'a.txt': 'new', 'b.txt': 'b' });
    const folder = await checkout(host, access(), commit);
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('old');
    expect(existsSync(join(folder, 'b.txt'))).toBe(false);
  });

  it('begins anew when it is run twice', async () => {
    const commit = repository.commit({ 'a.txt': 'a' });
    await checkout(host, access(), commit);
    expect(readRepository(await checkout(host, access(), commit)).paths).toEqual(['a.txt']);
  });

  it('fetches everything when the server gives out no single commits', async () => {
    const commit = repository.commit({ 'a.txt': 'old' });
    repository.commit({ 'a.txt': 'new' });
    const shallowFails: TestStepHost['commands'] = {
      run: async (command, args, options) =>
        args.includes('--depth')
          ? { exitCode: 128, stdout: '', stderr: 'fatal: Server does not allow request for unadvertised object' }
          : host.commands.run(command, args, options),
    };
    const folder = await checkout({ ...host, commands: shallowFails }, access(), commit);
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('old');
  });

  it('says that a commit does not exist', async () => {
    repository.commit({ 'a.txt': 'a' });
    const commit = '0123456789abcdef0123456789abcdef01234567';
    await expect(checkout(host, access(), commit)).rejects.toThrow(
      `The commit ${commit} does not exist in ${repository.url}; push it, or drill another ref`,
    );
  });

  it('says why a repository cannot be read, in the words of git', async () => {
    const gone = { url: `${repository.url}/gone`, env: {} };
    await expect(listRefs(host, gone)).rejects.toThrow(/^The repository .*\/gone cannot be read: fatal: .*gone/);
    await expect(checkout(host, gone, 'a'.repeat(40))).rejects.toMatchObject({ failureCause: 'repository' });
  });
});

describe('the way to a private repository', () => {
  const value = jest.fn(async () => 'token-1\n');
  const url = 'https://git.example.com/platform/bootstrap.git';

  it('carries the token in the environment, for the host of the repository only', async () => {
    const { url: used, env } = await repositoryAccess({ repository: url, access: { tokenSecret: 'git' } }, { value });
    expect(used).toBe(url);
    expect(env).toEqual({
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'http.https://git.example.com/.extraHeader',
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from('x-access-token:token-1').toString('base64')}`,
    });
  });

  it('puts no token on a command line', async () => {
    const used: string[] = [];
    const commands: TestStepHost['commands'] = {
      run: async (_command, args) => {
        used.push(...args);
        return { exitCode: 1, stdout: '', stderr: '' };
      },
    };
    const way = await repositoryAccess({ repository: url, access: { tokenSecret: 'git' } }, { value });
    await expect(listRefs({ ...host, commands }, way)).rejects.toThrow('git ended with 1');
    expect(used.join(' ')).not.toContain('token-1');
    expect(used).toEqual(['ls-remote', '--', url]);
  });

  it('goes through the git proxy of a connection', async () => {
    const connection = 'arn:aws:codeconnections:eu-central-1:000000000000:connection/0f0f';
    const { url: used, env } = await repositoryAccess({ repository: url, access: { connection } }, { value });
    expect(used).toBe(
      'https://codeconnections.eu-central-1.amazonaws.com/git-http/000000000000/eu-central-1/0f0f/platform/bootstrap.git',
    );
    expect(env['GIT_CONFIG_VALUE_0']).toBe('!aws codecommit credential-helper $@');
  });
});
