import type { JsonValue } from '../../../contract/index.js';
import { isRecord, type KubernetesObject } from '../../../kubernetes/index.js';
import { at } from '../model.js';
import { recordsOf, stringsOf, textOf } from '../world.js';

type Fields = { [key: string]: JsonValue };

/**
 * True for a new network policy that lets everybody through. Network policies add up: a rule for everybody lets
 * everybody through, whatever the others say. What is everybody but for a few (half of all addresses, every namespace
 * that lacks a label) counts as everybody.
 */
export function letsThrough(kind: string, object: KubernetesObject | undefined): boolean {
  // Cilium takes one rule (`spec`) or several (`specs`).
  const specs = [at(object, 'spec'), ...recordsOf(at(object, 'specs'))].filter(isRecord);
  const rules = (way: string): Fields[] => specs.flatMap((spec) => recordsOf(spec[way]));
  switch (kind) {
    case 'networking.k8s.io/NetworkPolicy':
      return (['ingress', 'egress'] as const).some((way) =>
        rules(way).some((rule) => {
          const peers = rule[way === 'ingress' ? 'from' : 'to'];
          return !Array.isArray(peers) || peers.length === 0 || recordsOf(peers).some(isEverybody);
        }),
      );
    case 'cilium.io/CiliumNetworkPolicy':
    case 'cilium.io/CiliumClusterwideNetworkPolicy':
      return [...rules('ingress'), ...rules('egress')].some((rule) => ciliumLets(kind, rule));
    case 'security.istio.io/AuthorizationPolicy':
      return (
        (at(object, 'spec', 'action') ?? 'ALLOW') === 'ALLOW' &&
        rules('rules').some(
          (rule) =>
            Object.keys(rule).length === 0 ||
            recordsOf(rule.from).some(({ source }) => isRecord(source) && isAnySource(source)),
        )
      );
    default:
      // Of these an allowing rule goes before every NetworkPolicy.
      return (
        /^(?:policy\.networking\.k8s\.io|(?:crd\.)?projectcalico\.org)\//.test(kind) &&
        [...rules('ingress'), ...rules('egress')].some(
          ({ action }) => action === 'Allow' || action === 'Pass',
        )
      );
  }
}

function ciliumLets(kind: string, rule: Fields): boolean {
  const entities = [...stringsOf(rule.fromEntities), ...stringsOf(rule.toEntities)];
  const cidrs = [...stringsOf(rule.fromCIDR), ...stringsOf(rule.toCIDR)];
  const sets = [...recordsOf(rule.fromCIDRSet), ...recordsOf(rule.toCIDRSet)];
  const endpoints = [...recordsOf(rule.fromEndpoints), ...recordsOf(rule.toEndpoints)];
  return (
    entities.some((name) => /^(?:all|world(?:-ipv[46])?|cluster)$/.test(name)) ||
    cidrs.some(isWide) ||
    sets.some(({ cidr, except }) => isWide(textOf(cidr)) && !stringsOf(except).some(isBroad)) ||
    // In a namespaced policy no selector reaches beyond the namespace.
    (kind.endsWith('/CiliumClusterwideNetworkPolicy') && endpoints.some(selectsNearlyAll))
  );
}

function isEverybody({ ipBlock, namespaceSelector, podSelector }: Fields): boolean {
  if (isRecord(ipBlock)) return isWide(textOf(ipBlock.cidr)) && !stringsOf(ipBlock.except).some(isBroad);
  return (
    isRecord(namespaceSelector) &&
    selectsNearlyAll(namespaceSelector) &&
    (podSelector === undefined || (isRecord(podSelector) && selectsNearlyAll(podSelector)))
  );
}

/** Sources of Istio that are everybody who has a name, or any address. */
function isAnySource(source: Fields): boolean {
  const names = ['principals', 'requestPrincipals', 'namespaces'].flatMap((field) =>
    stringsOf(source[field]),
  );
  const addresses = ['ipBlocks', 'remoteIpBlocks'].flatMap((field) => stringsOf(source[field]));
  return names.includes('*') || addresses.some(isWide);
}

/** The length of a network's prefix; null where it is none. */
function prefixOf(cidr: string): number | null {
  const length = /\/(\d{1,3})$/.exec(cidr)?.[1];
  return length === undefined ? null : Number(length);
}

/** A network of a 128th of all addresses or more: two halves are as much as the whole. */
function isWide(cidr: string): boolean {
  const prefix = prefixOf(cidr);
  return prefix !== null && prefix <= 7;
}

/** An exception that takes out more than a few: a private network, say. */
function isBroad(cidr: string): boolean {
  const prefix = prefixOf(cidr);
  return prefix !== null && prefix <= (cidr.includes(':') ? 48 : 16);
}

/** A selector that asks for nothing, or only for the absence of something, or for what everything has. */
function selectsNearlyAll(selector: Fields): boolean {
  if (isRecord(selector.matchLabels) && Object.keys(selector.matchLabels).length > 0) return false;
  return recordsOf(selector.matchExpressions).every(
    ({ key, operator }) =>
      operator === 'NotIn' ||
      operator === 'DoesNotExist' ||
      (operator === 'Exists' && key === 'kubernetes.io/metadata.name'),
  );
}
