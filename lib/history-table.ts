import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2, type GlobalSecondaryIndexPropsV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { HISTORY_INDEX, HISTORY_KEY, leaseKeyOf, SLOTS, TTL_ATTRIBUTE } from '../domain/history-keys';
import { TABLE_NAME } from '../domain/names';

/**
 * The history of all drills in one table. It outlives the stack: the past of a platform's drills cannot be rebuilt.
 * Its three indexes are read by `Query` only; `docs/history.md` has the access patterns.
 */
export class HistoryTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      tableName: TABLE_NAME,
      partitionKey: { name: HISTORY_KEY.partition, type: AttributeType.STRING },
      sortKey: { name: HISTORY_KEY.sort, type: AttributeType.STRING },
      globalSecondaryIndexes: Object.values(HISTORY_INDEX).map(indexOf),
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      timeToLiveAttribute: TTL_ATTRIBUTE,
    });
  }

  /** Allows GetItem, and Query on the table and its indexes; nobody may Scan. */
  grantRead(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:GetItem', 'dynamodb:Query'], this.indexArns());
  }

  /** Allows reading, and writing items; deleting one needs `grantLease`. */
  grantReadWrite(grantee: IGrantable): void {
    this.grantRead(grantee);
    this.grant(grantee, ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem']);
  }

  /** Allows giving leases and slots back: the only items that are ever deleted. */
  grantLease(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:DeleteItem'],
      resourceArns: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [leaseKeyOf('*').PK, SLOTS] } },
    });
  }

  private grant(grantee: IGrantable, actions: string[], furtherArns: readonly string[] = []): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn, ...furtherArns] });
  }

  /** Index by index, not `index/*`. */
  private indexArns(): string[] {
    return Object.values(HISTORY_INDEX).map(({ name }) => `${this.table.tableArn}/index/${name}`);
  }
}

function indexOf(index: (typeof HISTORY_INDEX)[keyof typeof HISTORY_INDEX]): GlobalSecondaryIndexPropsV2 {
  return {
    indexName: index.name,
    partitionKey: { name: index.partition, type: AttributeType.STRING },
    sortKey: { name: index.sort, type: AttributeType.STRING },
  };
}
