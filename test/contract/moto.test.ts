import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { awsClients } from '../../adapters/aws-clients';
import { AwsInventory } from '../../adapters/aws-inventory';
import { S3ObjectStore } from '../../adapters/s3-object-store';
import { motoObstacle, startMoto, type Moto } from '../support/moto';
import { makeBystanders } from '../support/moto-bystanders';
import { makeLeftovers } from '../support/moto-leftovers';
import { describeInventoryContract } from './inventory';
import { describeObjectStoreContract } from './object-store';

/** The adapters against moto, where it is installed: somebody else's reading of the same APIs. */
const obstacle = motoObstacle();

const suite = obstacle === undefined ? describe : describe.skip;

suite(`the adapters against moto${obstacle === undefined ? '' : ` (skipped: ${obstacle})`}`, () => {
  let moto: Moto;

  beforeAll(async () => {
    moto = await startMoto();
    process.env['AWS_ENDPOINT_URL'] = moto.url;
  }, 60_000);

  beforeEach(() => moto.reset());

  afterAll(() => moto.stop());

  describeObjectStoreContract('moto', async () => {
    const { s3 } = awsClients();
    const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const;
    await s3.send(new CreateBucketCommand({ Bucket: 'evidence', CreateBucketConfiguration }));
    return new S3ObjectStore(s3, 'evidence');
  });

  describeInventoryContract('moto', async () => {
    const clients = awsClients();
    const made = await makeLeftovers(clients);
    const missingBystanders = await makeBystanders(clients);
    return {
      ...made,
      inventory: new AwsInventory(clients),
      settle: async () => undefined,
      missingBystanders,
    };
  });
});
