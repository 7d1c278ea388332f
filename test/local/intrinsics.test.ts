import { intrinsicResolver } from '../../local/intrinsics';

const place = { account: '000000000000', region: 'eu-central-1' };
const { resolve } = intrinsicResolver(
  {
    Reports: {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: { 'Fn::Join': ['-', ['reports', { Ref: 'AWS::Region' }]] } },
    },
    Reader: { Type: 'AWS::Lambda::Function', Properties: {} },
    Story: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'story' } },
  },
  place,
);

test.each([
  ['a name is that of the resource', { Ref: 'Reports' }, 'reports-eu-central-1'],
  ['a resource without a name is called as its logical id', { Ref: 'Reader' }, 'Reader'],
  [
    'Ref of a state machine is its ARN',
    { Ref: 'Story' },
    'arn:aws:states:eu-central-1:000000000000:stateMachine:story',
  ],
  [
    'an ARN has account and region',
    { 'Fn::GetAtt': ['Reader', 'Arn'] },
    'arn:aws:lambda:eu-central-1:000000000000:function:Reader',
  ],
  ['a bucket ARN has neither', { 'Fn::GetAtt': ['Reports', 'Arn'] }, 'arn:aws:s3:::reports-eu-central-1'],
  [
    'Fn::Sub knows references and attributes',
    { 'Fn::Sub': '${AWS::Partition}/${Reports}/${Story.Name}' },
    'aws/reports-eu-central-1/story',
  ],
  ['Fn::Select takes from Fn::Split', { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Story' }] }] }, 'story'],
])('%s', (_title, value, expected) => {
  expect(resolve(value)).toBe(expected);
});

test('values inside lists and objects are resolved where they stand', () => {
  expect(resolve({ list: [{ Ref: 'AWS::AccountId' }, 1, null] })).toEqual({ list: ['000000000000', 1, null] });
});

test('an intrinsic that is not known is refused by name', () => {
  expect(() => resolve({ 'Fn::Cidr': ['10.0.0.0/16'] })).toThrow('Fn::Cidr');
});
