import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema, loadConfig } from '../../domain/config';

const root = join(__dirname, '..', '..');
const shipped = readFileSync(join(root, 'drill.yaml'), 'utf8');

/** The shipped file with one edit. */
const edited = (from: string | RegExp, to: string): string => {
  const text = shipped.replace(from, to);
  expect(text).not.toBe(shipped);
  return text;
};
const refusal = (text: string): string => {
  try {
    loadConfig(text, 'drill.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('the shipped drill.yaml', () => {
  test('is accepted, and its first target is complete', () => {
    const [target] = loadConfig(shipped, 'drill.yaml').targets;
    expect(target!.settings).toMatchObject({
      name: 'example',
      objectiveSeconds: 7_200,
      deadlineSeconds: 10_800,
      manualStepDeadlineSeconds: 7_200,
    });
    expect(target!.settings.layers.platform.components.map(({ name }) => name)).toEqual([
      'kube-prometheus-stack',
      'loki',
      'external-secrets',
      'kyverno',
    ]);
    expect(target!.schedule).toEqual({ cron: '0 6 ? 1,4,7,10 MON#1 *', timeZone: 'Europe/Amsterdam', enabled: true });
  });

  test('a component that the catalogue has is of that system without saying so', () => {
    const [target] = loadConfig(shipped, 'drill.yaml').targets;
    expect(target!.settings.layers.foundation.components[0]).toEqual({
      name: 'traefik',
      system: 'traefik',
      application: 'traefik',
    });
  });

  test('says nothing of limits that differs from their defaults', () => {
    const limits = { concurrentDrills: 2, monthlyDollars: 50, dollarsPerClusterHour: 0.42 };
    expect(loadConfig(shipped, 'drill.yaml').limits).toEqual(limits);
    expect(loadConfig(`${shipped}\nlimits: { concurrentDrills: 3 }\n`, 'drill.yaml').limits).toEqual({
      ...limits,
      concurrentDrills: 3,
    });
  });

  test('a managed Argo CD needs no version', () => {
    const text = edited('engine: argocd', 'managed: true\n      engine: argocd').replace(/ +version: 10\.1\.1.*\n/, '');
    expect(loadConfig(text, 'drill.yaml').targets[0]!.settings.gitops).toEqual({
      engine: 'argocd',
      managed: true,
      path: 'gitops/argocd',
    });
  });

  test('a component says what is different about its system', () => {
    const text = edited('- traefik', '- {name: traefik, namespace: edge, probesOff: [class]}');
    expect(loadConfig(text, 'drill.yaml').targets[0]!.settings.layers.foundation.components[0]).toEqual({
      name: 'traefik',
      system: 'traefik',
      application: 'traefik',
      namespace: 'edge',
      probesOff: ['class'],
    });
  });

  test('drill.schema.json is the schema it is checked by', () => {
    expect(JSON.parse(readFileSync(join(root, 'drill.schema.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(configJsonSchema())),
    );
  });
});

/** The line of the shipped file where a text stands. */
const line = (needle: string): number => shipped.slice(0, shipped.indexOf(needle)).split('\n').length;

describe('a mistake is refused with file, line, path, value and mend', () => {
  test.each([
    [
      'a wrong duration',
      edited('objective: 2h', 'objective: two hours'),
      () =>
        `drill.yaml:${line('objective: 2h')}: targets[0].objective is "two hours"; write a duration such as 2h, 25m or 1h30m.`,
    ],
    [
      'an account that YAML read as a number',
      edited("account: '000000000000'", 'account: 123456789012'),
      () =>
        `drill.yaml:${line('account: ')}: targets[0].account is 123456789012; write the twelve digits of the AWS account in quotes.`,
    ],
    [
      'an engine that does not exist',
      edited('engine: argocd', 'engine: argo'),
      () => `drill.yaml:${line('engine: argocd')}: targets[0].gitops.engine is "argo"; write argocd or flux.`,
    ],
    [
      'a key that is not known',
      edited('region: eu-central-1', 'regoin: eu-central-1'),
      () => 'targets[0].regoin is not known here; did you mean "region"?',
    ],
    [
      'a missing key',
      edited(/ {4}region: .*\n/, ''),
      () => 'targets[0].region is missing; write an AWS region such as eu-central-1.',
    ],
    [
      'a time zone that does not exist',
      edited('Europe/Amsterdam', 'Europe/Amstrdam'),
      () => 'targets[0].schedule.timeZone is "Europe/Amstrdam"; write an IANA time zone such as Europe/Amsterdam.',
    ],
    [
      'a floating Terraform version',
      edited('version: 1.11.4', 'version: "1.11"'),
      () => 'targets[0].terraform.version is "1.11"; pin an exact version such as 1.11.4.',
    ],
    [
      'a GitOps engine without a version',
      edited(/ +version: 10\.1\.1.*\n/, ''),
      () => 'targets[0].gitops.version is missing; pin an exact version of the Helm chart (argo-cd or flux2).',
    ],
    [
      'a managed Argo CD with a version',
      edited('engine: argocd', 'managed: true\n      engine: argocd'),
      () =>
        'targets[0].gitops.version is "10.1.1", but EKS chooses the version of the Argo CD that it manages; take it out.',
    ],
    [
      'a managed Flux',
      edited('engine: argocd', 'managed: true\n      engine: flux'),
      () => 'targets[0].gitops.managed is true, but EKS manages Argo CD only; write engine: argocd, or take it out.',
    ],
    [
      'a probe that its system does not have',
      edited('- traefik', '- {name: traefik, probesOff: [clas]}'),
      () =>
        'targets[0].layers.foundation.components[0].probesOff[0] is "clas", which is no probe of traefik; did you mean "class"?',
    ],
    [
      'a probe switched off of what is no system',
      edited('- name: web', '- name: web\n            probesOff: [server]'),
      () =>
        'targets[0].layers.applications.components[0].probesOff changes an entry of the catalogue, and this is none; say which by system.',
    ],
    [
      'a workload of a kind whose API is not known',
      edited('kind: Deployment\n', 'kind: Rollout\n'),
      () =>
        'targets[0].layers.applications.components[0].workloads[0].kind is "Rollout", whose API is not known here; add its apiVersion.',
    ],
    [
      'a misspelt key of a workload',
      edited('kind: Deployment\n', 'kind: Deployment\n                label: {}\n'),
      () => 'targets[0].layers.applications.components[0].workloads[0].label is not known here',
    ],
    [
      'a recipient that is no address',
      edited('- sre@example.com', '- sre'),
      () => 'targets[0].report.to[1] is "sre"; write an e-mail address such as platform@example.com.',
    ],
    [
      'a folder outside of the repository',
      edited('path: gitops/argocd', 'path: ../secret'),
      () => 'targets[0].gitops.path is "../secret"; write a folder of the repository, such as gitops/argocd.',
    ],
    [
      'a ref that git would take for an option',
      edited('ref: main', 'ref: --upload-pack=evil'),
      () => 'targets[0].ref is "--upload-pack=evil"; write a branch, a tag or a full commit SHA.',
    ],
    [
      'a deadline beyond what an execution can take',
      edited('deadline: 3h', 'deadline: 21h'),
      () =>
        'targets[0].deadline is 21h; give the drill at most 20h, or Step Functions ends it for the length of its history.',
    ],
    [
      'a schedule that says both days or none',
      edited('cron: 0 6 ? 1,4,7,10 MON#1 *', 'cron: 0 6 * 1,4,7,10 MON#1 *'),
      () =>
        'targets[0].schedule.cron is "0 6 * 1,4,7,10 MON#1 *"; write ? for either the day of the month or the day of the week, as EventBridge Scheduler wants it.',
    ],
    [
      'a deadline within the objective',
      edited('deadline: 3h', 'deadline: 1h'),
      () =>
        'targets[0].deadline is 1h, not more than the objective of 2h; give the drill longer than its objective, or it can never be missed.',
    ],
    [
      'a misspelt system',
      edited('- traefik', '- {name: edge, system: traefk}'),
      () =>
        'targets[0].layers.foundation.components[0].system is "traefk", which the catalogue does not have; did you mean "traefik"?',
    ],
    [
      'a schedule at an hour that does not exist',
      edited('0 6 ? 1,4', '0 25 ? 1,4'),
      () => 'targets[0].schedule.cron is "0 25 ? 1,4,7,10 MON#1 *"; its hour is "25"; write a number from 0 to 23',
    ],
    [
      'a component of two layers',
      edited('- loki', '- traefik'),
      () => 'targets[0].layers.platform.components[1] is "traefik", which the foundation layer has already;',
    ],
    [
      'a version that YAML reads as a number',
      edited("'1.35'", '1.30'),
      () => 'targets[0].terraform.variables.kubernetes_version is 1.30, which YAML reads as 1.3; write it in quotes.',
    ],
    [
      'a token in the address of the repository',
      edited('https://git.example.com', 'https://x:token@git.example.com'),
      () => 'take the credentials out: records and reports show it',
    ],
    [
      'a second document',
      `${shipped}---\ntargets: []\n`,
      () => 'a second document begins; keep one, and take the line --- out.',
    ],
    [
      'an alias without its anchor',
      edited('ref: main', 'ref: *trunk'),
      () => `drill.yaml:${line('ref: main')}: this is not YAML: Unresolved alias`,
    ],
    [
      'a component without a name',
      edited('- name: web', '- title: web'),
      () => 'targets[0].layers.applications.components[0].name is missing',
    ],
  ])('%s', (_, text, sentence) => {
    expect(refusal(text)).toContain(sentence());
  });

  test('every mistake gets its own line', () => {
    const text = edited('objective: 2h', 'objective: long').replace('engine: argocd', 'engine: none');
    expect(refusal(text).split('\n')).toHaveLength(2);
  });

  test('two targets of one name', () => {
    const second = shipped.slice(shipped.indexOf('  - name: example'));
    expect(refusal(`${shipped}\n${second}`)).toContain('targets[1].name is "example", which an earlier target has too');
  });

  test('a target takes over what it shares with another one by anchor and merge key', () => {
    const second = '  - <<: *first\n    name: second\n\n# What all';
    const text = edited('  - name: example', '  - &first\n    name: example').replace('# What all', second);
    const names = loadConfig(text, 'drill.yaml').targets.map(({ settings }) => settings.name);
    expect(names).toEqual(['example', 'second']);
  });

  test('what is not YAML names the line', () => {
    expect(refusal('targets:\n  - name: "x\n')).toMatch(/^drill\.yaml:\d+: this is not YAML: /);
  });

  test('an empty file', () => {
    expect(refusal('')).toBe('drill.yaml:1: the file is empty; write a mapping with the key targets.');
  });
});
