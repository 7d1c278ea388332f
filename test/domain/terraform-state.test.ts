import { dependenciesInState } from '../../domain/terraform-state';

test('a state says what each block was made after, whatever the keys of its instances', () => {
  const state = {
    version: 4,
    resources: [
      { mode: 'data', type: 'aws_ami', name: 'one', instances: [{}] },
      { mode: 'managed', type: 'aws_vpc', name: 'this', instances: [{ attributes: {} }] },
      {
        module: 'module.network["a"]',
        mode: 'managed',
        type: 'aws_subnet',
        name: 'private',
        instances: [
          { index_key: 0, dependencies: ['aws_vpc.this'] },
          { index_key: 1, dependencies: ['aws_vpc.this', 'data.aws_ami.one'] },
        ],
      },
    ],
  };
  expect(dependenciesInState(JSON.stringify(state))).toEqual({
    'aws_vpc.this': [],
    'module.network.aws_subnet.private': ['aws_vpc.this', 'data.aws_ami.one'],
  });
});

test('an empty state says nothing', () => {
  expect(dependenciesInState('{"version":4}')).toEqual({});
});

function managed(name: string, dependencies: string[]) {
  return { mode: 'managed', type: 'aws', name, instances: [{ dependencies }] };
}

test('what a need had to wait for anyway is left out', () => {
  const resources = [
    managed('vpc', []),
    managed('subnet', ['aws.vpc']),
    managed('cluster', ['aws.subnet', 'aws.vpc', 'data.aws.zones']),
  ];
  expect(dependenciesInState(JSON.stringify({ resources }))).toEqual({
    'aws.vpc': [],
    'aws.subnet': ['aws.vpc'],
    'aws.cluster': ['aws.subnet', 'data.aws.zones'],
  });
});
