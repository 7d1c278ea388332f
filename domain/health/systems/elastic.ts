import { latest } from '../../clock';
import { type Rule, type Shaped, conditionOf, deletion, inWords, reading, unobserved } from '../object-reading';

type Elasticsearch = Shaped<
  { nodeSets: readonly { readonly count?: number }[] },
  { phase: string; health: string; availableNodes: number }
>;
type Kibana = Shaped<
  { count: number },
  { health: string; availableNodes: number; elasticsearchAssociationStatus: string }
>;

/** Conditions whose change tells since when an Elasticsearch is as it is. */
const CONDITIONS = ['ElasticsearchIsReachable', 'ReconciliationComplete', 'RunningDesiredVersion'];

/**
 * An Elasticsearch of ECK: the operator's phase, then the traffic light of the cluster itself. Yellow is not healthy,
 * for it means replicas that no node took; it may pass while nodes join. `Invalid` stays until somebody changes the spec.
 * Source: elastic/cloud-on-k8s, pkg/apis/elasticsearch/v1/status.go.
 */
export const judgeElasticsearch: Rule = (object) => {
  const unsettled = deletion(object) ?? unobserved(object);
  if (unsettled) return unsettled;
  const { spec = {}, status = {} } = object as Elasticsearch;
  const { phase = 'absent', health = 'unknown', availableNodes: available = 0 } = status;
  const incomplete = conditionOf(object, 'ReconciliationComplete');
  const because = incomplete?.status === 'False' ? `; ${inWords(incomplete)}` : '';
  if (phase === 'Invalid') return reading(object, 'failed', `status.phase is Invalid${because}`);
  if (phase === 'Stalled') return reading(object, 'degraded', `status.phase is Stalled${because}`);
  const wanted = (spec.nodeSets ?? []).reduce((sum, { count = 0 }) => sum + count, 0);
  if (available < wanted) {
    return reading(object, 'progressing', `status.availableNodes is ${available} of ${wanted}, ${lights(status)}`);
  }
  if (phase !== 'Ready') return reading(object, 'progressing', `${lights(status)}${because}`);
  if (health === 'red') return reading(object, 'degraded', 'status.health is red: primary shards have no node');
  if (health === 'yellow') return reading(object, 'degraded', 'status.health is yellow: replica shards have no node');
  if (health !== 'green') return reading(object, 'progressing', lights(status));
  const since = latest(CONDITIONS.map((type) => conditionOf(object, type)?.lastTransitionTime));
  return reading(object, 'healthy', lights(status), since);
};

function lights({ phase, health }: NonNullable<Elasticsearch['status']>): string {
  return `status.phase is ${phase ?? 'absent'}, status.health is ${health ?? 'unknown'}`;
}

/**
 * A Kibana of ECK. It is red until its pods are available, so red is work; an association that failed is not.
 * Source: elastic/cloud-on-k8s, pkg/apis/kibana/v1/kibana_types.go, pkg/apis/common/v1/common.go.
 */
export const judgeKibana: Rule = (object) => {
  const unsettled = deletion(object) ?? unobserved(object);
  if (unsettled) return unsettled;
  const { spec = {}, status = {} } = object as Kibana;
  const { health = 'absent', availableNodes: available = 0, elasticsearchAssociationStatus: association } = status;
  if (association === 'Failed') {
    return reading(object, 'degraded', 'status.elasticsearchAssociationStatus is Failed: it has no Elasticsearch');
  }
  if (association === 'Pending') {
    return reading(object, 'progressing', 'status.elasticsearchAssociationStatus is Pending');
  }
  const wanted = spec.count ?? 1;
  const said = `status.health is ${health}, status.availableNodes is ${available} of ${wanted}`;
  return reading(object, health === 'green' && available >= wanted ? 'healthy' : 'progressing', said);
};
