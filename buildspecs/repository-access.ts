import type { Secrets } from '../domain/ports/secrets';
import type { Settings } from '../domain/settings';

/** How git reaches a repository: the URL, and settings that go by the environment, so that no command line shows them. */
export interface RepositoryAccess {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The way to a target's repository. A token from Secrets Manager is sent as an HTTP header to the repository's own host
 * only (a redirect elsewhere does not get it). A CodeConnections connection is its git proxy, to which the AWS CLI of
 * the build image signs in.
 */
export async function repositoryAccess(
  { repository, access }: Pick<Settings, 'repository' | 'access'>,
  secrets: Pick<Secrets, 'value'>,
): Promise<RepositoryAccess> {
  if (access === undefined) return { url: repository, env: gitEnvironment({}) };
  if ('tokenSecret' in access) {
    const token = (await secrets.value(access.tokenSecret)).trim();
    const { origin } = new URL(repository);
    const credentials = Buffer.from(`${TOKEN_USER}:${token}`).toString('base64');
    return {
      url: repository,
      env: gitEnvironment({ [`http.${origin}/.extraHeader`]: `Authorization: Basic ${credentials}` }),
    };
  }
  return {
    url: connectionUrl(access.connection, repository),
    env: gitEnvironment({
      'credential.helper': '!aws codecommit credential-helper $@',
      'credential.useHttpPath': 'true',
    }),
  };
}

/** User name beside a token: GitHub wants this one, GitLab and Gitea take any. */
export const TOKEN_USER = 'x-access-token';

/**
 * The git proxy of a connection: `https://<service>.<region>.amazonaws.com/git-http/<account>/<region>/<id>/<owner>/<name>.git`
 * (EKS user guide, "CodeConnections"; the older service name is in older ARNs).
 */
function connectionUrl(connectionArn: string, repository: string): string {
  const [, , service, region, account, resource] = connectionArn.split(':');
  const path = new URL(repository).pathname.replace(/^\/|(\.git)?\/*$/g, '');
  return `https://${service}.${region}.amazonaws.com/git-http/${account}/${region}/${resource?.split('/')[1]}/${path}.git`;
}

/** Git configuration by environment (git 2.31 and later), and no question ever asked. */
function gitEnvironment(configuration: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(configuration);
  return {
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: String(entries.length),
    ...Object.fromEntries(
      entries.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}
